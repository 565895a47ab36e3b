import pytest

from lab import Lab, LabError, choices, topology
from lab.cluster import kube, nodes
from lab.settings import Settings

MADE = choices.Choices(
    flavors={"small": "f-1", "large": "f-2"},
    zones=("zone-a", "zone-b"),
    floating_subnets={"public-subnet": "s-1", "partner-subnet": "s-2"},
    ipv6_subnets={"demo-subnet-v6": "s-6"},
)


def test_addresses_of_both_families() -> None:
    """A node's IPv6 address follows from that of IPv4; one outside demo-subnet has none."""
    assert topology.families("10.0.0.11") == ("10.0.0.11", "fd00:10::11")
    assert topology.families("10.0.3.77") == ("10.0.3.77", "fd00:10::3:77")
    assert topology.families("10.1.0.11") == ("10.1.0.11",)


def test_what_was_made_is_read(settings: Settings) -> None:
    """The ids are those that `up` left; before it, that is said, and the environment lacks them."""
    with pytest.raises(LabError, match="bring it up: python -m lab up"):
        choices.Choices.read(settings)
    assert "LAB_FLAVOR" not in Lab(settings).environment()
    settings.state.mkdir(parents=True)
    choices.file(settings).write_text(MADE.text())
    assert choices.Choices.read(settings) == MADE
    assert Lab(settings).choices == MADE


def test_variables(settings: Settings) -> None:
    """A shell gets names and ids: the first flavor and zone, the second floating subnet."""
    settings.state.mkdir(parents=True)
    choices.file(settings).write_text(MADE.text())
    found = Lab(settings).environment()
    assert {name: text for name, text in found.items() if name.startswith("LAB_")} == {
        "LAB_FLAVOR": "small",
        "LAB_FLAVOR_ID": "f-1",
        "LAB_ZONE": "zone-a",
        "LAB_IPV6_SUBNET": "demo-subnet-v6",
        "LAB_IPV6_SUBNET_ID": "s-6",
        "LAB_FLOATING_SUBNET": "partner-subnet",
        "LAB_FLOATING_SUBNET_ID": "s-2",
        "LAB_FLOATING_SUBNET_TAGS": "floating,reach=partner",
    }


def test_nodes_of_an_older_laboratory(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """They get their IPv6 address once; a node that somebody moved or added is left as it is."""
    cluster = {
        "node-1": nodes.addresses("node-1", "10.0.0.11"),
        "node-2": nodes.addresses("node-2", "10.0.0.99"),
        "node-3": nodes.addresses("node-3", "10.0.0.13", "fd00:10::5"),
        "node-4": nodes.addresses("node-4", "10.0.0.14"),
    }
    before = dict(cluster)

    def request(_: kube.Client, method: str, path: str, body: object = None, **__: str) -> object:
        if method == "PATCH":
            assert isinstance(body, dict)
            cluster[path.split("/")[-2]] = body["status"]["addresses"]
        named = [({"name": name}, {"addresses": found}) for name, found in cluster.items()]
        return {"items": [{"metadata": name, "status": status} for name, status in named]}

    monkeypatch.setattr(kube.Client, "request", request)
    nodes.widen(kube.Client.of(settings))
    moved = nodes.addresses("node-1", "10.0.0.11", "fd00:10::11")
    assert cluster == {**before, "node-1": moved}
