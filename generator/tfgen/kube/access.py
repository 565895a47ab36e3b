"""Which cluster to talk to, and as whom: a kubeconfig's context, or the pod's own account."""

import difflib
import importlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
import yaml

from tfgen import __version__, errors

_DEFAULT = "~/.kube/config"
# Whatever a broken kubeconfig makes the library raise, beside its own exception.
_BROKEN = (yaml.YAMLError, OSError, LookupError, TypeError, ValueError, AttributeError)
_RETRIES = urllib3.Retry(
    total=3, connect=0, read=1, status=3, backoff_factor=0.2, raise_on_status=False
)


@dataclass(frozen=True, slots=True)
class Connection:
    """A cluster that has a name and credentials; nothing was asked yet."""

    server: str
    origin: str
    """Where its credentials came from, for messages."""
    configuration: Any
    pool: urllib3.PoolManager

    def headers(self) -> dict[str, str]:
        """Give what goes with each request; a token that expired is renewed here."""
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": f"tfgen/{__version__}",
        }
        for scheme in self.configuration.auth_settings().values():
            headers[str(scheme["key"])] = str(scheme["value"])
        return headers


def library() -> tuple[Any, Any, Any]:
    """Load the library: its config, client and client.rest.

    It takes a quarter of a second, which commands that read files do not pay. Who asks cluster and
    cloud at once loads it first: two threads must not load libraries that share parts.
    """
    names = ("kubernetes.config", "kubernetes.client", "kubernetes.client.rest")
    config, client, rest = map(importlib.import_module, names)
    return config, client, rest


def connect(kubeconfig: Path | None, context: str | None) -> Connection:
    """Prepare talking to a cluster. Raises ClusterError where it cannot be told which, or as whom.

    Without `kubeconfig`: the files of KUBECONFIG, ~/.kube/config, the pod's service account.
    """
    config, client, rest = library()
    configuration = client.Configuration()
    configuration.retries = _RETRIES
    paths = _paths(kubeconfig)
    origin = _origin(paths, context)
    with _worded(origin, paths, context, config.ConfigException):
        if paths:
            config.load_kube_config(os.pathsep.join(paths), context, configuration)
        else:
            config.load_incluster_config(configuration)
    server = _server(configuration.host, origin)
    pool = rest.RESTClientObject(configuration).pool_manager
    return Connection(server, origin, configuration, pool)


def _origin(paths: list[str], context: str | None) -> str:
    """Say where the credentials come from. Raises ClusterError where there are none."""
    if paths:
        whole = f"kubeconfig {os.pathsep.join(paths)}"
        return f"context {context} of {whole}" if context else whole
    if "KUBERNETES_SERVICE_HOST" not in os.environ:
        raise errors.ClusterError(
            f"no cluster is configured: neither --kubeconfig nor KUBECONFIG is given, {_DEFAULT} "
            "does not exist, and this is no pod",
            remedy="Name a kubeconfig with --kubeconfig FILE, or read files with --from PATH.",
        )
    if context:
        raise errors.ClusterError(
            f"context {context!r} cannot be chosen: a pod's service account has no contexts",
            remedy="Name a kubeconfig with --kubeconfig FILE, or leave --context out.",
        )
    return "the pod's service account"


def _server(host: str, origin: str) -> str:
    if host.startswith(("https://", "http://")):
        return host.rstrip("/")
    raise errors.ClusterError(
        f"{origin}: the cluster's server is {host!r}; expected https://HOST:PORT",
        remedy="Correct it with: kubectl config set-cluster NAME --server=https://HOST:PORT",
    )


def _paths(kubeconfig: Path | None) -> list[str]:
    """List the kubeconfig files that exist. Raises ClusterError where named ones do not."""
    variable = os.environ.get("KUBECONFIG", "")
    named = [str(kubeconfig)] if kubeconfig else [p for p in variable.split(os.pathsep) if p]
    expanded = [str(Path(path).expanduser()) for path in named or [_DEFAULT]]
    found = [path for path in expanded if Path(path).is_file()]
    if named and not found:
        raise errors.ClusterError(
            f"kubeconfig {', '.join(expanded)} does not exist",
            remedy=f"Correct {'--kubeconfig' if kubeconfig else 'KUBECONFIG'}.",
        )
    return found


@contextmanager
def _worded(
    origin: str, paths: list[str], context: str | None, refusal: type[Exception]
) -> Iterator[None]:
    """Turn what the library says about its configuration into a ClusterError."""
    complaints = _Complaints()
    logging.root.addHandler(complaints)
    try:
        yield
    except (refusal, *_BROKEN) as error:
        _check_context(paths, context)
        raise errors.ClusterError(
            f"{origin} cannot be used: {error}",
            remedy="Check it with: kubectl config view",
        ) from error
    finally:
        logging.root.removeHandler(complaints)
    if complaints.texts:
        raise errors.ClusterError(
            f"{origin} cannot be used: its login plugin failed: {complaints.texts[0]}",
            remedy="Log in again, or check the user's exec section: kubectl config view --minify",
        )


class _Complaints(logging.Handler):
    """Collects what the library logs: of a login plugin that fails it says nothing else.

    It logs to the root logger, as others may at the same time: only this thread's words count.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text of one record."""
        if record.thread == self._thread:
            self.texts.append(record.getMessage())


def _check_context(paths: list[str], context: str | None) -> None:
    """Say so where the context is what is wrong. Raises ClusterError."""
    known = sorted(set(_contexts(paths)))
    names = ", ".join(known)
    if not known:
        return  # No kubeconfig at all: what the library says of it is said.
    if context is None:
        current = [name for path in paths if (name := _section(path).get("current-context"))]
        if not current:
            raise errors.ClusterError(
                f"kubeconfig {os.pathsep.join(paths)} names no current-context",
                remedy=f"Choose one with --context NAME: {names}.",
            )
        context = str(current[0])
    if context not in known:
        near = difflib.get_close_matches(context, known, n=1)
        remedy = f"Did you mean {near[0]!r}? " if near else ""
        raise errors.ClusterError(
            f"context {context!r} is not in kubeconfig {os.pathsep.join(paths)}",
            remedy=f"{remedy}Known contexts: {names}.",
        )


def _contexts(paths: list[str]) -> Iterator[str]:
    for path in paths:
        for entry in _section(path).get("contexts") or ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                yield entry["name"]


def _section(path: str) -> dict[str, Any]:
    """Read a kubeconfig as far as it can be read."""
    try:
        found = yaml.safe_load(Path(path).read_bytes())
    except (OSError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
