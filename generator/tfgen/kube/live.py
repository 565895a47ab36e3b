"""A live cluster: its Services, Nodes and identity, as raw JSON and whole."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tfgen import errors, model
from tfgen.kube import access, call

PAGE = 500
ATTEMPTS = 3
"""How often a listing is begun anew when it expires between two pages."""

_IDENTITY = "kube-system"


def prepare() -> None:
    """Load the library, before anything is asked at the same time as something else."""
    access.library()


class Cluster:
    """A connection to one API server. Making it asks nothing.

    Raises ClusterError where kubeconfig, context or credentials cannot be used; so does every
    method where the server cannot be reached or refuses.
    """

    def __init__(self, kubeconfig: Path | None = None, context: str | None = None) -> None:
        self._connection = access.connect(kubeconfig, context)

    @property
    def server(self) -> str:
        """The API server's address."""
        return self._connection.server

    def send(self, request: call.Call) -> dict[str, Any]:
        """Ask one thing. Raises call.ApiError where the server says no."""
        return call.send(self._connection, request)

    def listing(self) -> model.Listing:
        """List Services and Nodes of the whole cluster; complete, or an error."""
        services = self._list("services")
        nodes = self._list("nodes")
        uid = self.identity()
        return model.Listing(services, nodes, uid, source=f"cluster {self.server}")

    def version(self) -> str:
        """Give the API server's version, `v1.35.4`."""
        return str(self.send(call.Call("get", "/version", "/version")).get("gitVersion") or "")

    def identity(self) -> str:
        """Give what tells this cluster from every other: the UID of namespace kube-system."""
        path = f"/api/v1/namespaces/{_IDENTITY}"
        try:
            namespace = self.send(call.Call("get", "namespaces", path))
        except call.ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            raise self._nameless("there is no such namespace") from error
        uid = (namespace.get("metadata") or {}).get("uid")
        if not isinstance(uid, str) or not uid:
            raise self._nameless("it has none")
        return uid

    def service(self, key: model.ServiceKey) -> Mapping[str, Any] | None:
        """Give one Service as it is now, None where it is gone.

        Asked as a list of one, so that the right to list Services is enough.
        """
        path = f"/api/v1/namespaces/{key.namespace}/services"
        query = {"fieldSelector": f"metadata.name={key.name}"}
        items = _items(self.send(call.Call("list", "services", path, query)))
        return items[0] if items else None

    def _list(self, resource: str) -> tuple[Mapping[str, Any], ...]:
        for _ in range(ATTEMPTS):
            try:
                return tuple(self._pages(resource))
            except call.ApiError as error:
                if error.status != HTTPStatus.GONE:
                    raise
        raise errors.ClusterError(
            f"cluster {self.server}: list {resource}: the listing expired between two pages "
            f"{ATTEMPTS} times (410 Gone)",
            remedy="The API server forgets faster than it answers; try again when it is less busy.",
        )

    def _pages(self, resource: str) -> Iterator[Mapping[str, Any]]:
        """Give all items, page after page: there are no more when `continue` is empty."""
        query, more = {"limit": str(PAGE)}, ""
        while True:
            page = self.send(
                call.Call("list", resource, f"/api/v1/{resource}", {**query, **_continue(more)})
            )
            yield from _items(page)
            more = str((page.get("metadata") or {}).get("continue") or "")
            if not more:
                return

    def _nameless(self, why: str) -> errors.ClusterError:
        return errors.ClusterError(
            f"cluster {self.server}: the UID of namespace {_IDENTITY} cannot be read: {why}",
            remedy="It tells clusters apart, so that a wrong context changes nothing. Is this a "
            "Kubernetes API server?",
        )


def _continue(token: str) -> dict[str, str]:
    return {"continue": token} if token else {}


def _items(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = page.get("items")
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        return items
    raise errors.ClusterError(
        f"the API server answered a {page.get('kind', 'document')} where a list was expected",
        remedy="Is this the address of a Kubernetes API server?",
    )
