"""Checks of the cloud: who we are, what it offers, what of it is left."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tfgen import config
from tfgen.reconcile.doctor import finding, needed
from tfgen.reconcile.doctor.finding import Finding, Level
from tfgen.reconcile.doctor.patient import Patient

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_ALMOST = 90
"""Percent of a quota from which on it is said."""


def credentials(patient: Patient) -> Iterator[Finding]:
    """Log in, and see that it is the project that the settings recorded."""
    patient.sky.check_project(patient.settings)
    found = patient.sky.identity()
    region = f", region {found.region}" if found.region else ""
    yield finding.ok(f"project {found.project_id} at {found.auth_url}{region}")
    if not patient.settings.openstack.project_id:
        yield finding.warning(
            "the settings do not record the project: another one would go unnoticed",
            f"Set openstack.project_id to {found.project_id} in tfgen.yaml",
        )


def octavia(patient: Patient) -> Iterator[Finding]:
    """Compare Octavia's version and providers with the settings."""
    wanted = patient.settings.octavia
    version, providers = patient.sky.octavia_api_version(), patient.sky.providers()
    if _numbers(version) < _numbers(wanted.api_version):
        yield finding.error(
            f"the cloud offers API {version}, and octavia.api_version is {wanted.api_version}",
            f"Set octavia.api_version to {version} in tfgen.yaml",
        )
    if wanted.provider not in providers:
        yield finding.error(
            f"octavia.provider is {wanted.provider}, and the cloud offers {', '.join(providers)}",
            "Set octavia.provider to one of these in tfgen.yaml",
        )
        return
    yield finding.ok(f"API {version} (settings: {wanted.api_version}), provider {wanted.provider}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def subnets(patient: Patient) -> Iterator[Finding]:
    """Look for the subnets and the network of the settings."""
    network, found = patient.settings.network, patient.sky.subnets()
    names = {each.id: f"{each.name} {each.cidr}" for each in found}
    networks = {each.network_id: each.network for each in found}
    yield from _there("network.subnet_id", network.subnet_id, names, "subnet")
    yield from _there("network.network_id", network.network_id, networks, "network")
    yield from _there("network.member_subnet_id", network.member_subnet_id, names, "subnet")
    six = {each.id: names[each.id] for each in found if ":" in each.cidr}
    for key in ("ipv6_subnet_id", "ipv6_member_subnet_id"):
        yield from _there(f"network.{key}", getattr(network, key), six, "subnet of IPv6")


def _there(key: str, identity: str, known: Mapping[str, str], kind: str) -> Iterator[Finding]:
    if not identity:
        return
    by_id = {one.replace("-", ""): name for one, name in known.items()}
    name = by_id.get(identity.replace("-", "").lower())
    if name is None:
        listed = ", ".join(f"{name} ({one})" for one, name in sorted(known.items())[:5])
        remedy = f"Correct it in tfgen.yaml; there are: {listed or 'none'}"
        yield finding.error(f"{key} is {identity}, which is no {kind} of this project", remedy)
    else:
        yield finding.ok(f"{key}: {name}")


def floating_networks(patient: Patient) -> Iterator[Finding]:
    """Look for the external networks of the settings, by id and by name."""
    known = {each.id: each.name for each in patient.sky.external_networks()}
    listed = ", ".join(f"{name} ({one})" for one, name in sorted(known.items())) or "none"
    wanted = patient.settings.network.floating_networks
    if not wanted:
        yield _none_named(listed)
    for index, one in enumerate(wanted):
        yield _external(f"network.floating_networks[{index}]", one, known, listed)


def _none_named(listed: str) -> Finding:
    return finding.warning(
        "network.floating_networks is empty: only internal load balancers can be made",
        f"Add one to tfgen.yaml; there are: {listed}",
    )


def _external(
    key: str, wanted: config.FloatingNetwork, known: Mapping[str, str], listed: str
) -> Finding:
    if wanted.id and wanted.id not in known:
        what, found = "id", wanted.id
    elif wanted.id and wanted.name != known[wanted.id]:
        found = f"{wanted.name!r}, and the cloud calls {wanted.id} {known[wanted.id]!r}"
        what = "name"
    elif wanted.name not in known.values():
        what, found = "name", repr(wanted.name)
    else:
        return finding.ok(f"{key}: {wanted.name}")
    return finding.error(
        f"{key}.{what} is {found}: no external network that this project sees",
        f"Correct it in tfgen.yaml; there are: {listed}",
    )


def attached(patient: Patient) -> Iterator[Finding]:
    """Look at the load balancers that exist without tfgen, and that Services are attached to."""
    known = patient.snapshot.manifest
    ids = known.attached if known else frozenset()
    standing = patient.sky.attached(ids)
    for identity in sorted(ids):
        found = standing.get(identity)
        if found is None:
            yield finding.error(
                f"{identity} is no load balancer of this project, and Services are attached to it",
                "Right project and region? tfgen plan names the Services.",
            )
        elif found.balancer.failed:
            yield finding.error(
                f"{identity} is in ERROR, and Services are attached to it",
                f"openstack loadbalancer failover {identity}",
            )
        else:
            yield finding.ok(f"{identity}: {found.balancer.name}")


def quotas(patient: Patient) -> Iterator[Finding]:
    """Compare what is left of the quotas with what the tree still needs."""
    settings = patient.settings
    wanted = needed.of(patient.snapshot)
    found = [
        _headroom(quota, max(0, wanted.get(quota.name, 0) - quota.ours))
        for quota in patient.sky.quotas(settings.cluster, settings.tree)
    ]
    limited = [each for each in found if each]
    wrong = [each for each in limited if each.level is not Level.OK]
    yield from wrong
    fine = [each.found for each in limited if each not in wrong]
    if fine or not wrong:
        yield finding.ok(", ".join(fine) or "no limits")


def _headroom(quota: "cloud.Quota", more: int) -> Finding | None:
    """Judge one quota by how many more the tree needs; None where it has no limit."""
    left = quota.left
    if left is None:
        return None
    text = f"{quota.name} {quota.used} of {quota.limit}"
    if more > left:
        return finding.error(
            f"{text}: the tree needs {more} more, and {max(0, left)} can be made",
            "Ask for a higher quota, or remove what is not needed.",
        )
    if quota.used + more >= quota.limit * _ALMOST / 100:
        also = f", and the tree needs {more} more" if more else ""
        return finding.warning(f"{text} in use{also}", "Ask for a higher quota in time.")
    return finding.ok(text)
