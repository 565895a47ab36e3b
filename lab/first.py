"""What is done the first time only, each with a mark in the state that it is done."""

from collections.abc import Callable
from pathlib import Path

from lab import choices as lab_choices
from lab import config, topology
from lab.cluster import kube, nodes
from lab.settings import Settings


def rabbitmq_files(settings: Settings) -> str:
    """Write the cookie by which Erlang's nodes know one another."""
    cookie = settings.state / "rabbitmq" / ".erlang.cookie"
    if not cookie.exists():
        cookie.parent.mkdir(parents=True, exist_ok=True)
        cookie.write_text("labcookie")
        cookie.chmod(0o400)
    return ""


def once(marker: Path, work: Callable[[], str]) -> tuple[str, bool]:
    """Do a piece of work the first time only; its result, kept in the marker, and if it was now."""
    is_new = not marker.exists()
    if is_new:
        config.write(marker, work())
    return marker.read_text(), is_new


def identity(settings: Settings) -> str:
    """Users, projects and the catalog, the first time; clouds.yaml."""

    def work() -> str:
        from lab.seed import identity

        return identity.make(settings)

    marker = settings.state / "identity.done"
    credential, is_new = once(marker, work)
    text = config.render(settings, "clouds.yaml", application_credential=credential)
    config.write(settings.etc / "clouds.yaml", text)
    return "users, projects and catalog are there" if is_new else ""


def networks(settings: Settings) -> str:
    """Make the networks, the first time."""

    def work() -> str:
        from lab.seed import networks

        networks.make(settings)
        return "done"

    _, is_new = once(settings.state / "networks.done", work)
    return "networks are there" if is_new else ""


def choices(settings: Settings) -> str:
    """Make what the cloud offers besides, the first time; the marker keeps its ids."""

    def work() -> str:
        from lab.seed import choices

        return choices.make(settings)

    _, is_new = once(lab_choices.file(settings), work)
    return "flavors, zones and further subnets are there" if is_new else ""


def cluster_nodes(settings: Settings) -> str:
    """Make the cluster's nodes, the first time; what a person takes away stays away."""
    client = kube.Client.of(settings)

    def work() -> str:
        for name, address in topology.NODES.items():
            nodes.create(client, name, topology.families(address), {})
        return "done"

    def widen() -> str:
        nodes.widen(client)
        return "done"

    _, is_new = once(settings.state / "cluster-nodes.done", work)
    once(settings.state / "cluster-nodes-ipv6.done", widen)  # of a laboratory made before
    return "the cluster has its nodes" if is_new else ""
