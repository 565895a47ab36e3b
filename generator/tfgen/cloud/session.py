"""The one connection to the cloud: what is asked of Keystone, Neutron and Octavia."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Self

from keystoneauth1 import exceptions as keystone
from keystoneauth1.identity import BaseIdentityPlugin
from openstack import connection
from openstack import exceptions as sdk

from tfgen import config, errors, model
from tfgen.cloud import access, attached, balancers, confirm, failure, records, usage

_NAMES = {"network": "Neutron", "load-balancer": "Octavia", "key-manager": "Barbican"}


def connect(settings: config.Settings, environ: Mapping[str, str]) -> "Cloud":
    """Choose the cloud that the settings, or the OS_* variables, name; nothing is asked yet.

    Credentials are read where they lie, as the engine will read them. Raises CloudError.
    """
    return Cloud(settings, access.connect(settings, environ))


class Cloud:
    """A cloud, one project, one region. Every method may raise CloudError."""

    def __init__(self, settings: config.Settings, connected: connection.Connection) -> None:
        self._settings = settings
        self._connection = connected
        self._region = connected.config
        self._auth_url = str(self._region.config.get("auth", {}).get("auth_url", ""))
        self._logged_in = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._connection.close()
        self._connection.session.session.close()

    def identity(self) -> records.Identity:
        """Log in, and say as which project, where."""
        with self._worded("Keystone", self._auth_url):
            self._log_in()
            project = self._connection.session.get_project_id()
        region = self._region.get_region_name() or ""
        return records.Identity(str(project or ""), self._auth_url, region)

    def check_project(self, settings: config.Settings) -> None:
        """Compare project, address and region with those that `tfgen init` recorded.

        Raises Refused where one differs: a plan in another project would create all anew.
        """
        live = self.identity()
        for name, recorded, found in (
            ("auth_url", settings.openstack.auth_url, live.auth_url),
            ("project_id", settings.openstack.project_id, live.project_id),
            ("region", settings.openstack.region, live.region),
        ):
            if recorded and not config.same(recorded, found):
                raise errors.Refused(
                    f"openstack.{name} of tfgen.yaml is {recorded}, and cloud "
                    f"{self._region.name} has {found or 'none'}",
                    remedy="Take the right cloud (openstack.cloud, OS_CLOUD, OS_*). Only if the "
                    f"load balancers really moved, write the new {name} into tfgen.yaml.",
                )

    def subnets(self) -> tuple[records.Subnet, ...]:
        """List the subnets that the project sees, sorted by name."""
        with self._asking("network"):
            networks = {network.id: network for network in self._connection.network.networks()}
            found = [
                records.Subnet(
                    name=subnet.name,
                    id=subnet.id,
                    cidr=subnet.cidr,
                    network=networks[subnet.network_id].name,
                    network_id=subnet.network_id,
                    external=bool(networks[subnet.network_id].is_router_external),
                    tags=tuple(sorted(subnet.tags or ())),
                )
                for subnet in self._connection.network.subnets()
                if subnet.network_id in networks
            ]
        return tuple(sorted(found))

    def external_networks(self) -> tuple[records.ExternalNetwork, ...]:
        """List the networks that floating IPs may come from, sorted by name."""
        with self._asking("network"):
            found = self._connection.network.networks(is_router_external=True)
            return tuple(sorted(records.ExternalNetwork(each.name, each.id) for each in found))

    def octavia_api_version(self) -> str:
        """Give the newest API version that Octavia offers, as `2.27`."""
        with self._asking("load-balancer"):
            data = self._connection.session.get_all_version_data(
                interface=self._region.get_interface("load-balancer"),
                region_name=self._region.get_region_name("load-balancer"),
                service_type="load-balancer",
            )
        versions = [
            tuple(int(part) for part in str(version["version"]).split("."))
            for interfaces in data.values()
            for services in interfaces.values()
            for kinds in services.values()
            for version in kinds
            if version["version"]
        ]
        return ".".join(str(part) for part in max(versions, default=(2, 0)))

    def providers(self) -> tuple[str, ...]:
        """List the Octavia providers that the project may use, sorted."""
        with self._asking("load-balancer"):
            return tuple(sorted(each.name for each in self._connection.load_balancer.providers()))

    def load_balancers(self, cluster: str, tree: str) -> tuple[records.LoadBalancer, ...]:
        """List the load balancers of one tree, by their tags, in one call a page."""
        return self._load_balancers(",".join(records.owner_tags(cluster, tree)))

    def load_balancers_of(self, cluster: str) -> tuple[records.LoadBalancer, ...]:
        """List the load balancers of one cluster, whatever their tree, in one call a page."""
        return self._load_balancers(records.cluster_tag(cluster))

    def _load_balancers(self, tags: str) -> tuple[records.LoadBalancer, ...]:
        with self._asking("load-balancer"):
            project = self._connection.session.get_project_id()
            listed = self._connection.load_balancer.load_balancers(tags=tags, project_id=project)
            found = [balancers.read(each) for each in listed]
        return tuple(sorted(found))

    def certificates_in_use(self) -> tuple[str, ...]:
        """Give the references that the project's listeners name, whoever made them."""
        with self._asking("load-balancer"):
            project = self._connection.session.get_project_id()
            listeners = self._connection.load_balancer.listeners(project_id=project)
            refs = {
                str(ref)
                for each in listeners
                for ref in (each.default_tls_container_ref, *(each.sni_container_refs or ()))
                if ref
            }
        return tuple(sorted(refs))

    def status_tree(self, load_balancer_id: str) -> Mapping[str, Any]:
        """Give what hangs on one load balancer, as Octavia's status tree (raw JSON)."""
        path = f"/lbaas/loadbalancers/{load_balancer_id}/status"
        with self._asking("load-balancer"):
            answer = self._connection.load_balancer.get(path)
            sdk.raise_from_response(answer)
            document = answer.json()
        return document if isinstance(document, dict) else {}

    def redirects(self) -> dict[str, tuple[str, str]]:
        """Give L7 policies and their first rules, by listener id: no status tree has them."""
        with self._asking("load-balancer"):
            project = self._connection.session.get_project_id()
            found = list(self._connection.load_balancer.l7_policies(project_id=project))
        return {each.listener_id: (each.id, _first(each.rules)) for each in found}

    def floating_ips(
        self, cluster: str, tree: str, *, bound: Collection[str] = ()
    ) -> tuple[records.FloatingIp, ...]:
        """List the floating IPs of one tree, by their tags, in one call a page.

        Of the addresses in `bound` (spec.loadBalancerIP) none need carry our tags: where one does
        not, all of the project are listed.
        """
        found = self._floating_ips(tags=",".join(records.owner_tags(cluster, tree)))
        missing = frozenset(bound) - {each.address for each in found}
        others = self._floating_ips() if missing else ()
        return tuple(sorted({*found, *(each for each in others if each.address in missing)}))

    def floating_ips_at(self, port_id: str) -> tuple[records.FloatingIp, ...]:
        """List the floating IPs that are bound to a port, whatever their tags."""
        return self._floating_ips(port_id=port_id)

    def _floating_ips(self, **query: str) -> tuple[records.FloatingIp, ...]:
        with self._asking("network"):
            project = self._connection.session.get_project_id()
            found = [
                records.FloatingIp(
                    address=each.floating_ip_address,
                    id=each.id,
                    port_id=each.port_id or "",
                    tags=tuple(sorted(each.tags)),
                )
                for each in self._connection.network.ips(project_id=project, **query)
            ]
        return tuple(sorted(found))

    def addresses(self, cluster: str, tree: str) -> tuple[model.Address, ...]:
        """List what the tree's load balancers answer on, sorted by Service; see confirm."""
        return confirm.addresses(
            self.load_balancers(cluster, tree), self.floating_ips(cluster, tree)
        )

    def confirm(self, addresses: Iterable[model.Address]) -> confirm.Confirmation:
        """Read back whether each address is really there, before it is published.

        Its load balancer carries our tags and is not in ERROR; its floating IP is bound to that
        load balancer's VIP port. Two list calls, whatever the number of addresses; a third where
        one of them is a floating IP that tfgen did not make, and three for each load balancer that
        exists without tfgen.
        """
        claimed, owner = tuple(addresses), (self._settings.cluster, self._settings.tree)
        others = self.attached({each.load_balancer_id for each in claimed if each.attached})
        bound = {each.address for each in claimed if each.address != each.vip_address}
        floating_ips = (*self.floating_ips(*owner, bound=bound), *self.floating_ips_of(others))
        balancers = (*self.load_balancers(*owner), *(each.balancer for each in others.values()))
        return confirm.check(
            confirm.asked_anew(claimed, balancers, floating_ips), balancers, floating_ips
        )

    def attached(self, ids: Collection[str]) -> Mapping[str, records.Standing]:
        """Look at load balancers that exist without tfgen, those of the project, two calls each."""
        if not ids:
            return {}
        with self._asking("load-balancer"):
            project = str(self._connection.session.get_project_id())
            found = {key: attached.look(self._connection, key, project) for key in sorted(ids)}
        return {key: each for key, each in found.items() if each}

    def floating_ips_of(
        self, standing: Mapping[str, records.Standing]
    ) -> tuple[records.FloatingIp, ...]:
        """List the floating IPs that lead to such load balancers, one call each."""
        ports = {each.balancer.vip_port_id for each in standing.values()} - {""}
        return tuple(found for port in sorted(ports) for found in self.floating_ips_at(port))

    def quotas(self, cluster: str, tree: str) -> tuple[usage.Quota, ...]:
        """Give the project's quotas with what is used of them, and how much of that is the tree's.

        Octavia has no count: all load balancers and pools of the project are listed.
        """
        owner = records.owner_tags(cluster, tree)
        with self._asking("load-balancer"):
            octavia = self._connection.load_balancer
            project = str(self._connection.session.get_project_id())
            balancers = list(octavia.load_balancers(project_id=project))
            pools = list(octavia.pools(project_id=project))
            counted = usage.of_octavia(octavia.get_quota(project), balancers, pools, owner)
        with self._asking("network"):
            details = self._connection.network.get_quota(project, details=True)
        floating = len(self.floating_ips(cluster, tree))
        return (*counted, *usage.of_neutron(details, floating_ips=floating, ports=counted[0].ours))

    def unsettled(self, cluster: str, tree: str) -> tuple[records.LoadBalancer, ...]:
        """List the load balancers in ERROR or PENDING_*: a plan does not show them."""
        found = self.load_balancers(cluster, tree)
        return tuple(balancer for balancer in found if balancer.failed or balancer.pending)

    @contextlib.contextmanager
    def asking(self, kind: str) -> Iterator[connection.Connection]:
        """Ask one service by the connection itself, its failures in our words."""
        with self._asking(kind):
            yield self._connection

    @contextlib.contextmanager
    def _asking(self, kind: str) -> Iterator[None]:
        """Log in as Keystone's matter, then ask one service as its own."""
        with self._worded("Keystone", self._auth_url):
            self._log_in()
            endpoint = self._endpoint(kind)
        with self._worded(_NAMES[kind], endpoint):
            yield

    def _log_in(self) -> None:
        """Get a token, once.

        Keystone's page is read first: the library's own reading of it takes every failure for an
        old Keystone, and waits for itself for ever where the answer is 401.
        """
        if self._logged_in:
            return
        session = self._connection.session
        if self._auth_url:
            session.get(self._auth_url, authenticated=False, allow_reauth=False)
        session.get_token()
        self._logged_in = True

    def _endpoint(self, kind: str) -> str:
        region = self._region.get_region_name(kind)
        found = self._region.get_endpoint(kind)
        with contextlib.suppress(keystone.EndpointNotFound):
            found = found or self._connection.session.get_endpoint(
                service_type=kind, interface=self._region.get_interface(kind), region_name=region
            )
        if found:
            return found
        raise _no_endpoint(self._region.name, kind, str(region), self._regions(kind))

    def _regions(self, kind: str) -> list[str]:
        auth = self._connection.session.auth
        if not isinstance(auth, BaseIdentityPlugin):
            return []
        catalog = auth.get_access(self._connection.session).service_catalog
        found = catalog.get_endpoints_data(kind).get(kind, [])
        return sorted({str(data.region_name) for data in found})

    def _worded(self, service: str, endpoint: str) -> contextlib.AbstractContextManager[None]:
        return failure.worded(failure.Asked(service, endpoint, self._region.name))


def _no_endpoint(cloud: str, kind: str, region: str, regions: list[str]) -> errors.CloudError:
    has = f"it has one in {', '.join(regions)}" if regions else "it has none in any region"
    return errors.CloudError(
        f"the catalog of cloud {cloud} has no {kind} ({_NAMES[kind]}) endpoint in region "
        f"{region}: {has}",
        remedy="Correct openstack.region in tfgen.yaml, or region_name in clouds.yaml."
        if regions
        else "Ask the cloud's operator: without it there are no load balancers.",
    )


def _first(rules: Any) -> str:  # noqa: ANN401  a list of objects with an id, or None
    return str(rules[0]["id"]) if rules else ""
