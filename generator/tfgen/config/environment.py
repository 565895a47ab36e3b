"""Which of our environment the engine gets: one identity, and nothing that changes its arguments.

The OpenStack provider fills what a clouds.yaml entry leaves out from the OS_* variables, so that
two identities would mix; TF_CLI_ARGS, TF_VAR_*, TF_WORKSPACE and TF_DATA_DIR would run another
thing than what was reviewed; one TF_PLUGIN_CACHE_DIR breaks under several engines at once.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from tfgen.config.settings import UUID, Settings

CLOUD_FILES = ("OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLIENT_VENDOR_FILE")
"""Where clouds.yaml lies: says nothing about who one is."""

_ALWAYS = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
_FILES = (*CLOUD_FILES, "TF_CLI_CONFIG_FILE")
_PASSES = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|TMP|TEMP|LANG|LANGUAGE|LC_\w+|XDG_\w+"
    r"|SSL_CERT_(FILE|DIR)|(HTTPS?|ALL|NO)_PROXY|(https?|all|no)_proxy"
    r"|TF_CLI_CONFIG_FILE|TF_TOKEN_.+|TF_REGISTRY_\w+|TF_HTTP_\w+|TF_ENCRYPTION|NO_COLOR"
    r"|OTEL_\w+|TRACEPARENT"
    r"|(AWS|GOOGLE|CLOUDSDK|ARM|AZURE|VAULT|CONSUL|KUBE|OCI|ALICLOUD|TENCENTCLOUD)_\w+"
    r"|PG[A-Z_]+"
)


def engine_environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of the engine's processes, for the cloud that the settings name.

    With `openstack.cloud` only that entry of clouds.yaml speaks; without it all OS_* pass. Paths
    become absolute, for the engine runs in the folder of a stack.
    """
    kept = {name: text for name, text in environ.items() if _PASSES.fullmatch(name)}
    named = _identity(settings, environ)
    return {**kept, **named, **_absolute({**kept, **named}), **_ALWAYS}


def _identity(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    openstack = settings.openstack
    region = {"OS_REGION_NAME": openstack.region} if openstack.region else {}
    if not openstack.cloud:
        return {**region, **{name: environ[name] for name in environ if name.startswith("OS_")}}
    files = {name: environ[name] for name in CLOUD_FILES if name in environ}
    return {**files, **region, "OS_CLOUD": openstack.cloud}


def _absolute(environ: Mapping[str, str]) -> dict[str, str]:
    paths = {name: environ[name] for name in _FILES if environ.get(name)}
    here = Path("clouds.yaml")
    if "OS_CLOUD" in environ and "OS_CLIENT_CONFIG_FILE" not in paths and here.is_file():
        paths["OS_CLIENT_CONFIG_FILE"] = str(here)  # the engine would not look for it here
    return {name: str(Path(text).expanduser().absolute()) for name, text in paths.items()}


def same(recorded: str, live: str) -> bool:
    """Compare ids without dashes, and Keystone's address with or without its version."""
    return _plain(recorded) == _plain(live)


def _plain(text: str) -> str:
    if UUID.fullmatch(text):
        return text.lower().replace("-", "")
    if "://" in text:
        return text.lower().rstrip("/").removesuffix("/v3").rstrip("/")
    return text
