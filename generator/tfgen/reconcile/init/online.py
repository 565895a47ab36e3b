"""What the cloud, and where it helps the cluster, settles."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfgen import config, errors, model
from tfgen.reconcile.init import access, finding, method, records

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; --offline does not pay

_AMPHORA = "amphora"
_IDENTITY = ("project_id", "auth_url", "region")
Nodes = Callable[[], Sequence[str]]
"""Gives the nodes' addresses; asked only where they can help."""


def survey(live: "cloud.Cloud") -> records.Survey:
    """Ask the cloud for all that can be chosen of. Raises CloudError."""
    return records.Survey(
        identity=live.identity(),
        subnets=live.subnets(),
        external_networks=live.external_networks(),
        api_version=live.octavia_api_version(),
        providers=live.providers(),
    )


def node_addresses(listing: model.Listing) -> tuple[str, ...]:
    """Give the nodes' first internal IPv4 addresses: the VIPs are likeliest beside them."""
    found = (_internal(node) for node in listing.nodes)
    return tuple(address for address in found if address)


def _internal(node: Mapping[str, Any]) -> str:
    addresses = (node.get("status") or {}).get("addresses") or []
    internal = (each.get("address", "") for each in addresses if each.get("type") == "InternalIP")
    return next((text for text in internal if _is_ipv4(text)), "")


def _is_ipv4(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 4  # noqa: PLR2004  IPv4
    except ValueError:
        return False


def online(
    draft: records.Draft,
    wishes: records.Wishes,
    *,
    found: records.Survey,
    nodes: Nodes,
    choose: records.Choose,
) -> None:
    """Settle with what the cloud said. Raises SettingsError where that cannot be."""
    _identity(draft, found.identity)
    _subnets(draft, wishes, found.subnets, nodes=nodes, choose=choose)
    _floating_networks(draft, wishes, found.external_networks, choose=choose)
    draft.values["octavia", "api_version"] = found.api_version
    draft.values[records.PROVIDER] = _provider(draft, wishes, found.providers, choose=choose)
    provider = draft.values[records.PROVIDER]
    draft.said.append(f"Octavia {found.api_version}, provider {provider}")
    method.settle(draft)
    access.settle(draft, {subnet.id: subnet.cidr for subnet in found.subnets})


def _identity(draft: records.Draft, identity: "cloud.Identity") -> None:
    for name in _IDENTITY:
        given, live = draft.values.get(("openstack", name), ""), getattr(identity, name)
        if given and not config.same(given, live):
            raise errors.SettingsError(
                f"the cloud.conf has {name} {given}, and the cloud that answered has {live}",
                remedy="Name the cloud of that file with --cloud, or leave --from-cloud-conf out.",
            )
        draft.values["openstack", name] = live
    draft.said.append(f"project {identity.project_id} at {identity.auth_url}")


def _subnets(
    draft: records.Draft,
    wishes: records.Wishes,
    subnets: Sequence["cloud.Subnet"],
    *,
    nodes: Nodes,
    choose: records.Choose,
) -> None:
    inner = {subnet.id: subnet for subnet in subnets if not subnet.external}
    names = {subnet.id: subnet.name for subnet in inner.values()}
    if wishes.subnet:
        chosen = finding.find(wishes.subnet, names, what="subnet", flag="--subnet")
        draft.values[records.SUBNET] = chosen
    elif not (draft.values.get(records.SUBNET) or draft.values.get(records.NETWORK)):
        draft.values[records.SUBNET] = _vip_subnet(inner, nodes, choose)
    if wishes.member_subnet:
        flag = "--member-subnet"
        chosen = finding.find(wishes.member_subnet, names, what="subnet", flag=flag)
        draft.values[records.MEMBERS] = chosen
    for key, what in ((records.SUBNET, "VIPs"), (records.MEMBERS, "members")):
        if draft.values.get(key):
            finding.known(draft.values[key], inner, what="subnet")
            draft.said.append(f"{what} in subnet {_label(inner[draft.values[key]])}")


def _vip_subnet(inner: Mapping[str, "cloud.Subnet"], nodes: Nodes, choose: records.Choose) -> str:
    """Choose; the likeliest is the only subnet that all nodes are in.

    One of IPv6 is offered only where there is none of IPv4: beside it, it serves the same network.
    """
    families = [each for each in inner.values() if ":" not in each.cidr] or inner.values()
    options = tuple(records.Option(subnet.id, _label(subnet)) for subnet in families)
    if not options:
        raise errors.SettingsError(
            "the project sees no subnet for the VIPs of load balancers",
            remedy="Create one, or log in to the project that has the cluster's network.",
        )
    addresses = nodes() if len(options) > 1 else ()
    around = [each.id for each in inner.values() if addresses and _holds(each.cidr, addresses)]
    default = around[0] if len(around) == 1 else ""
    what, why = "the subnet of the VIPs", "The nodes are in"
    question = records.Question(what, "--subnet ID", options, default, why)
    return finding.one(question, choose)


def _holds(cidr: str, addresses: Iterable[str]) -> bool:
    network = ipaddress.ip_network(cidr)
    return all(ipaddress.ip_address(address) in network for address in addresses)


def _label(subnet: "cloud.Subnet") -> str:
    return f"{subnet.name} ({subnet.cidr} in network {subnet.network})"


def _floating_networks(
    draft: records.Draft,
    wishes: records.Wishes,
    networks: Sequence["cloud.ExternalNetwork"],
    *,
    choose: records.Choose,
) -> None:
    names = {network.id: network.name for network in networks}
    chosen = _given(wishes, names) or [
        network["id"] for network in draft.values.get(records.FLOATING, [])
    ]
    if not chosen and names and not draft.values.get(records.INTERNAL):
        options = tuple(records.Option(network.id, network.name) for network in networks)
        what, flag = "the network of floating IPs", "--floating-network ID"
        chosen = [finding.one(records.Question(what, flag, options), choose)]
    for each in chosen:
        finding.known(each, names, what="external network")
        finding.unique(names[each], names.values())
    draft.values[records.FLOATING] = [{"id": each, "name": names[each]} for each in chosen]
    _of_classes(draft, names)
    listed = ", ".join(names[each] for each in chosen)
    draft.said.append(f"floating IPs from {listed}" if listed else "no floating IPs")


def _of_classes(draft: records.Draft, names: Mapping[str, str]) -> None:
    """Name the external networks of the classes, too: a cloud.conf knows their ids alone."""
    for key, networks in draft.values.items():
        if key[0] == "classes" and key[-1] == records.FLOATING[-1]:
            for network in networks:
                finding.known(network["id"], names, what="external network")
                network["name"] = names[network["id"]]


def _given(wishes: records.Wishes, names: Mapping[str, str]) -> list[str]:
    flag = "--floating-network"
    ids = (text.partition("=")[0] for text in wishes.floating_networks)
    return [finding.find(text, names, what="external network", flag=flag) for text in ids]


def _provider(
    draft: records.Draft,
    wishes: records.Wishes,
    providers: Sequence[str],
    *,
    choose: records.Choose,
) -> str:
    wanted = wishes.provider or str(draft.values.get(records.PROVIDER, ""))
    if wanted and wanted not in providers:
        raise errors.SettingsError(
            f"Octavia has no provider {wanted!r}; it has {', '.join(providers) or 'none'}",
            remedy="Choose one of these with --provider.",
        )
    if wanted or _AMPHORA in providers or not providers:
        return wanted or _AMPHORA
    options = tuple(records.Option(name) for name in providers)
    question = records.Question("the Octavia provider", "--provider NAME", options)
    return finding.one(question, choose)
