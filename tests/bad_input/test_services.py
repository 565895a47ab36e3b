"""A Service that asks for what cannot be: it is held as it stands, and its neighbour goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.bad_input.scene import API, OCCM, RUN, WEB, Scene

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

RANGES = "spec.loadBalancerSourceRanges"
NUMBER = "a whole number from 1 to 10"
INJECTION = 'x"}\n${file("/etc/passwd")}\n%{ if true }'
RETRIES = f"{OCCM}health-monitor-max-retries"
CORRECT = "Correct it, or remove it."


def ranges(*found: str) -> Callable[[Scene], None]:
    """Let shop/web ask for source ranges."""
    return lambda scene: scene.spec(WEB, loadBalancerSourceRanges=[*found])


def port(**fields: Any) -> Callable[[Scene], None]:  # noqa: ANN401  of any type
    """Let shop/web's port have other fields."""
    whole = {"port": 80, "nodePort": 30080, "protocol": "TCP", **fields}
    return lambda scene: scene.spec(WEB, ports=[whole])


def annotation(name: str, value: str) -> Callable[[Scene], None]:
    """Let shop/web have an annotation."""
    return lambda scene: scene.annotate(WEB, {name: value})


def no_node_ports(scene: Scene) -> None:
    """Let shop/web never get node ports."""
    scene.spec(WEB, allocateLoadBalancerNodePorts=False, ports=[{"port": 80, "protocol": "TCP"}])


@dataclass(frozen=True, slots=True)
class Held:
    """What a Service asks for, and the problem that it is; `found` is shown in quotes."""

    name: str
    comes: Callable[[Scene], None]
    field: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return self.name


TABLE = pytest.mark.parametrize(
    "bad",
    [
        Held(
            "a port out of range",
            port(port=70000),
            "spec.ports[0].port",
            "70000",
            "a whole number from 1 to 65535",
            "Correct it.",
        ),
        Held(
            "a bad CIDR",
            ranges("192.0.2.0/24", "10.0.0.0/33"),
            RANGES,
            "192.0.2.0/24, 10.0.0.0/33",
            "CIDRs such as 192.0.2.0/24 or 2001:db8::/32",
            "Correct it.",
        ),
        Held(
            "a source range of the wrong family",
            ranges("2001:db8::/32"),
            RANGES,
            "2001:db8::/32",
            "IPv4 CIDRs, for the address is IPv4",
            "Remove what is IPv6.",
        ),
        Held(
            "an unknown annotation",
            annotation(f"{OCCM}conection-limit", "5"),
            f"annotation {OCCM}conection-limit",
            "5",
            "a known annotation",
            f"Did you mean {OCCM}connection-limit?",
        ),
        Held(
            "an unknown annotation that looks like none",
            annotation("tfgen.io/zzz", "5"),
            "annotation tfgen.io/zzz",
            "5",
            "a known annotation",
            "Remove it, or correct its name.",
        ),
        Held(
            "no node ports, ever",
            no_node_ports,
            "spec.ports[0].nodePort",
            "missing",
            "a node port, and spec.allocateLoadBalancerNodePorts: false means there will never be "
            "one",
            "Set spec.allocateLoadBalancerNodePorts to true, or give the port a nodePort.",
        ),
        Held(
            "a value with quotes",
            annotation(RETRIES, 'say "5"'),
            f"annotation {RETRIES}",
            'say "5"',
            NUMBER,
            CORRECT,
        ),
        Held(
            "a value with newlines",
            annotation(RETRIES, "5\n6"),
            f"annotation {RETRIES}",
            "5?6",
            NUMBER,
            CORRECT,
        ),
        Held(
            "a value with ${...}",
            annotation(RETRIES, '${file("x")}'),
            f"annotation {RETRIES}",
            '${file("x")}',
            NUMBER,
            CORRECT,
        ),
        Held(
            "a value with %{...}",
            annotation(RETRIES, "%{ if true }5%{ endif }"),
            f"annotation {RETRIES}",
            "%{ if true }5%{ endif }",
            NUMBER,
            CORRECT,
        ),
        Held(
            "all of it in a list of CIDRs",
            annotation("service.beta.kubernetes.io/load-balancer-source-ranges", INJECTION),
            "annotation service.beta.kubernetes.io/load-balancer-source-ranges",
            INJECTION.replace("\n", "?"),
            "CIDRs such as 192.0.2.0/24 or 2001:db8::/32",
            CORRECT,
        ),
    ],
    ids=str,
)


@TABLE
def test_it_is_held_and_its_neighbour_goes_on(scene: Scene, bad: Held) -> None:
    """A run ends with 4: the Service keeps load balancer, file and address; others are served.

    The problem is told on standard error, and as a document on standard output.
    """
    scene.asks_for_more()
    bad.comes(scene)
    before = scene.standing()

    said = scene.run(*RUN, "--format", "json")

    assert said.code == 4, said.err
    told = f'{bad.field} is "{bad.found}"; expected {bad.expected}. {bad.remedy}'.strip()
    assert f"held: Service {WEB}: {told}" in said.err
    problem = {"service": str(WEB), "field": bad.field, "found": f'"{bad.found}"'}
    problem |= {"expected": bad.expected, "remedy": bad.remedy}
    assert said.document["render"]["problems"] == [problem]
    after = scene.standing()
    assert after.of(WEB) == before.of(WEB)
    assert len(after.of(API)[0]) == len(before.of(API)[0]) + 4
    assert after.of(API)[2] == before.of(API)[2]


@TABLE
def test_render_alone_keeps_its_file(scene: Scene, bad: Held) -> None:
    """Rendering ends with 4 and writes the neighbour's file; cloud and cluster are not touched."""
    scene.asks_for_more()
    bad.comes(scene)
    before = scene.standing()

    said = scene.run("render")

    assert said.code == 4, said.err
    after = scene.standing()
    assert after.of(WEB) == before.of(WEB)
    assert after.of(API)[1] != before.of(API)[1]
    assert (after.cloud, after.cluster) == (before.cloud, before.cluster)
    assert not scene.place.cluster.writes


def test_what_was_never_served_is_not_begun(scene: Scene) -> None:
    """A new Service with a problem gets no file, no load balancer and no address."""
    scene.place.service("shop/new", annotations={RETRIES: "many"})
    before = scene.standing()

    said = scene.run(*RUN)

    assert said.code == 4
    assert (
        f'Service shop/new: annotation {RETRIES} is "many"; expected {NUMBER}. {CORRECT}'
        in said.err
    )
    after = scene.standing()
    assert after.cloud == before.cloud
    assert not [path for path in after.tree if "new" in path]
    assert [after.of(key)[1:] for key in (WEB, API)] == [before.of(key)[1:] for key in (WEB, API)]


def test_once_corrected_it_goes_on(scene: Scene) -> None:
    """The next run after a correction serves it again, at the same address."""
    scene.annotate(WEB, {RETRIES: "many"})
    before = scene.standing()
    assert scene.run(*RUN).code == 4
    scene.annotate(WEB, {RETRIES: "7"})

    said = scene.run(*RUN)

    assert said.code == 0, said.err
    assert "changes monitor tcp-80" in said.out
    assert scene.standing().of(WEB)[2] == before.of(WEB)[2]
