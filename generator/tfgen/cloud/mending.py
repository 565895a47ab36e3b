"""What mends a load balancer in Octavia itself: a failover, or a deletion with all below it."""

import contextlib
from collections.abc import Iterator
from http import HTTPStatus

from openstack import connection
from openstack import exceptions as sdk

from tfgen import errors
from tfgen.cloud import attached, balancers, records, session

_KIND = "load-balancer"
_FOR_OPERATORS = "Its policy keeps that for operators (role admin, or load-balancer_admin)."


class NotAllowedError(errors.CloudError):
    """Octavia's policy keeps this for its operators."""


class Mender:
    """Changes load balancers past the engine. Every method may raise CloudError."""

    def __init__(self, cloud: session.Cloud) -> None:
        self._cloud = cloud

    def look(self, load_balancer_id: str) -> records.LoadBalancer | None:
        """Read one load balancer; None where there is none of this id."""
        with self._cloud.asking(_KIND) as asked:
            try:
                return balancers.read(asked.load_balancer.get_load_balancer(load_balancer_id))
            except sdk.NotFoundException:
                return None

    def fail_over(self, load_balancer_id: str) -> None:
        """Let Octavia replace its amphorae; addresses stay. Raises NotAllowedError."""
        with self._asking("fail over", load_balancer_id) as asked:
            path = f"/lbaas/loadbalancers/{load_balancer_id}/failover"
            sdk.raise_from_response(asked.load_balancer.put(path))

    def delete(self, load_balancer_id: str) -> None:
        """Let Octavia delete it and all that hangs on it; that it is gone already is no failure.

        A floating IP stays, and is bound to nothing then.
        """
        with self._asking("delete", load_balancer_id) as asked:
            path = f"/lbaas/loadbalancers/{load_balancer_id}"
            answer = asked.load_balancer.delete(path, params={"cascade": "true"})
            if answer.status_code != HTTPStatus.NOT_FOUND:
                sdk.raise_from_response(answer)

    def listeners(self, load_balancer_id: str) -> tuple[records.Listener, ...]:
        """List what listens on one load balancer, whoever made it."""
        with self._cloud.asking(_KIND) as asked:
            project = str(asked.session.get_project_id())
            found = attached.look(asked, load_balancer_id, project)
            return found.listeners if found else ()

    def pools(self, load_balancer_id: str) -> tuple[records.Pool, ...]:
        """List the pools of one load balancer, whoever made them."""
        with self._cloud.asking(_KIND) as asked:
            found = asked.load_balancer.pools(loadbalancer_id=load_balancer_id)
            return tuple(
                sorted(
                    records.Pool(each.id, each.name or "", tuple(sorted(each.tags or ())))
                    for each in found
                )
            )

    def delete_below(self, load_balancer_id: str, kind: str, identity: str) -> None:
        """Let Octavia delete a listener or a pool; that it is gone already is no failure.

        `kind`: "listeners", "pools".
        """
        with self._asking("change", load_balancer_id) as asked:
            answer = asked.load_balancer.delete(f"/lbaas/{kind}/{identity}")
            if answer.status_code != HTTPStatus.NOT_FOUND:
                sdk.raise_from_response(answer)

    def has_port(self, port_id: str) -> bool:
        """Whether Neutron has a port of this id."""
        with self._cloud.asking("network") as asked:
            return any(each.id == port_id for each in asked.network.ports(id=port_id))

    @contextlib.contextmanager
    def _asking(self, what: str, load_balancer_id: str) -> Iterator[connection.Connection]:
        """Ask for a change; what Octavia answers is said, for it names the reason."""
        with self._cloud.asking(_KIND) as asked:
            try:
                yield asked
            except sdk.HttpException as error:
                if error.status_code == HTTPStatus.FORBIDDEN:
                    raise NotAllowedError(
                        f"Octavia does not let this user {what} load balancer {load_balancer_id}: "
                        "status 403",
                        remedy=_FOR_OPERATORS,
                    ) from error
                if error.status_code == HTTPStatus.CONFLICT:
                    raise errors.CloudError(
                        f"Octavia does not {what} load balancer {load_balancer_id} now: it is at "
                        "work on it (status 409)",
                        remedy="Run the same command again.",
                    ) from error
                raise
