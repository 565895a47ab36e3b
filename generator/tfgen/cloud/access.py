"""Finding the cloud in clouds.yaml or the OS_* variables, as the engine will find it."""

import difflib
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from keystoneauth1 import exceptions as keystone
from openstack import config as openstack_config
from openstack import connection
from openstack import exceptions as sdk
from openstack.config import loader

from tfgen import __version__, config, errors

TIMEOUT = 60
"""Seconds for one request, where clouds.yaml gives no `api_timeout`: OCCM's own default."""
BY_VARIABLES = "of the OS_* variables"
"""How messages name the cloud that has no name."""

for _library in ("keystoneauth", "openstack"):
    # Their warnings come again as errors, in our words; unheard, Python would print them.
    logging.getLogger(_library).addHandler(logging.NullHandler())

_MALFORMED = (TypeError, AttributeError, ValueError, KeyError)
"""What the library raises for a clouds.yaml of another shape."""
_SELECTORS = {*config.CLOUD_FILES, "OS_CLOUD", "OS_REGION_NAME"}


def connect(settings: config.Settings, environ: Mapping[str, str]) -> connection.Connection:
    """Find the one cloud and region to talk to. Raises CloudError; no request is made."""
    identity = _identity(settings, environ)
    files = _files(identity)
    name = identity.get("OS_CLOUD", "")
    if name:
        _check_name(name, files)
    else:
        name = _from_variables(identity, files)
    try:
        made = connection.Connection(config=_one(files, name, identity.get("OS_REGION_NAME")))
        _ = made.session  # made when it is first asked for, and only then checked
        return made  # noqa: TRY300  nothing but the return is left
    except (keystone.ClientException, sdk.ConfigException, *_MALFORMED) as error:
        raise _unusable(name, type(error).__name__) from error


def names(environ: Mapping[str, str]) -> tuple[str, ...]:
    """List the clouds of clouds.yaml, sorted; none where there is no such file."""
    files = _files({name: environ[name] for name in config.CLOUD_FILES if name in environ})
    return tuple(sorted(files.cloud_config["clouds"])) if files.config_filename else ()


def _identity(settings: config.Settings, environ: Mapping[str, str]) -> dict[str, str]:
    whole = config.engine_environment(settings, environ)
    return {name: text for name, text in whole.items() if name.startswith("OS_") and text}


def _files(identity: Mapping[str, str]) -> openstack_config.OpenStackConfig:
    """Read clouds.yaml, secure.yaml and clouds-public.yaml; a file named must be there."""
    clouds, secure, vendor = (_named(identity, variable) for variable in config.CLOUD_FILES)
    try:
        return openstack_config.OpenStackConfig(
            config_files=clouds,
            secure_files=secure,
            vendor_files=vendor,
            load_envvars=False,
            app_name="tfgen",
            app_version=__version__,
        )
    except (sdk.ConfigException, *_MALFORMED, OSError) as error:
        raise errors.CloudError(
            f"{clouds[0] if clouds else 'clouds.yaml'} is no map of clouds",
            remedy="It is a map with `clouds:`, and under it each cloud by name.",
        ) from error


def _named(identity: Mapping[str, str], variable: str) -> list[str] | None:
    path = identity.get(variable)
    if not path:
        return None
    if not Path(path).is_file():
        raise errors.CloudError(
            f"{variable} names {path}, which does not exist",
            remedy=f"Correct {variable}, or unset it: the usual places are then searched.",
        )
    _check_readable(path)
    return [path]


def _check_readable(path: str) -> None:
    """Read a file before the library does, which would pass over a broken one in silence."""
    try:
        yaml.safe_load(Path(path).read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else path
        raise errors.CloudError(f"{where} is not YAML", remedy="Correct the line.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise errors.CloudError(
            f"{path} cannot be read: {type(error).__name__}",
            remedy="Make it readable for this user, as YAML in UTF-8.",
        ) from error


def _check_name(name: str, files: openstack_config.OpenStackConfig) -> None:
    names = sorted(files.cloud_config["clouds"])
    if name in names:
        return
    if not files.config_filename:
        for path in filter(os.path.exists, loader.CONFIG_FILES):
            _check_readable(path)
        raise errors.CloudError(
            f"cloud {name!r} is not known: there is no clouds.yaml here, in "
            "~/.config/openstack or in /etc/openstack",
            remedy="Put one there, or name it with OS_CLIENT_CONFIG_FILE.",
        )
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise errors.CloudError(
        f"cloud {name!r} is not in {files.config_filename}, which has {', '.join(names)}",
        remedy=f"{hint}Correct openstack.cloud in tfgen.yaml, --cloud or OS_CLOUD.",
    )


def _from_variables(identity: Mapping[str, str], files: openstack_config.OpenStackConfig) -> str:
    """Add the cloud that OS_AUTH_URL and the others describe, as the library would."""
    variables = {name: identity[name] for name in identity if name not in _SELECTORS}
    if not variables:
        known = ", ".join(sorted(files.cloud_config["clouds"])) if files.config_filename else ""
        where = f" ({files.config_filename} has {known})" if known else ""
        raise errors.CloudError(
            "no cloud is named, and there are no OS_* variables",
            remedy=f"Name one: openstack.cloud in tfgen.yaml, --cloud or OS_CLOUD{where}.",
        )
    entry = {name.removeprefix("OS_").lower(): text for name, text in variables.items()}
    files.cloud_config["clouds"][BY_VARIABLES] = entry
    return BY_VARIABLES


def _one(
    files: openstack_config.OpenStackConfig, name: str, region_name: str | None
) -> openstack_config.cloud_region.CloudRegion:
    entry = files.cloud_config["clouds"][name]
    if not isinstance(entry, dict):
        raise _unusable(name, f"it is {type(entry).__name__}, not keys and values")
    chosen: dict[str, Any] = {} if "api_timeout" in entry else {"api_timeout": TIMEOUT}
    if region_name and not entry.get("region_name"):
        chosen["region_name"] = region_name  # an entry's only region is compared, not overruled
    try:
        return files.get_one(name, **chosen)
    except keystone.MissingRequiredOptions as error:
        missing = ", ".join(sorted(option.dest for option in error.options))
        raise errors.CloudError(
            f"the credentials of cloud {name} lack {missing}",
            remedy="Add it to clouds.yaml, or to the OS_* variables.",
        ) from error
    except sdk.ConfigException as error:
        regions = [each["name"] if isinstance(each, dict) else each for each in entry["regions"]]
        raise errors.CloudError(
            f"cloud {name} has no region {region_name!r}; it has {', '.join(regions)}",
            remedy="Correct openstack.region in tfgen.yaml, or OS_REGION_NAME.",
        ) from error


def _unusable(name: str, reason: str) -> errors.CloudError:
    return errors.CloudError(
        f"the entry of cloud {name} cannot be used: {reason}",
        remedy="Correct auth_type and auth of its entry in clouds.yaml.",
    )
