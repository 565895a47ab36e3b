"""Who may connect, by the operator's word: what is silent, and what is too wide."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate

OFFICE, WORLD = "192.0.2.0/24", "0.0.0.0/0"
SHOP = {"namespaces": ["shop*"], "cidrs": [OFFICE, "2001:db8::/32"]}
INTERNAL = {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}


def translated(exposure: objects.Json, /, **spec: Any) -> model.Translation:  # noqa: ANN401  any field
    """Translate one Service under these settings of exposure."""
    context = translate.Context(objects.settings(exposure=exposure), {}, live=False)
    listing = objects.listing([objects.service("shop/web", **spec)], objects.nodes())
    return translate.translate(listing, context)


def allowed(found: model.Translation) -> tuple[str, ...]:
    """Give who may connect to the one port of a right Service."""
    assert found.problems == ()
    return found.load_balancers[0].ports[0].allowed_cidrs


def problem(found: model.Translation) -> str:
    """Give the one problem, and see that nothing is opened."""
    assert found.load_balancers == ()
    (only,) = found.problems
    return str(only)


def test_silence_opens_nothing_where_closed() -> None:
    """It is a problem that says how to open it."""
    said = problem(translated({"default": "closed"}))
    assert 'spec.loadBalancerSourceRanges is "empty"' in said
    assert "source ranges: setting exposure.default is closed, so silence opens nothing" in said
    assert "Say who may connect; 0.0.0.0/0 is everyone." in said


def test_silence_opens_the_operators_ranges() -> None:
    """Sorted, in canonical form."""
    ranges = ["203.0.113.9/24", OFFICE]
    found = translated({"default": "closed", "ranges": ranges})
    assert allowed(found) == (OFFICE, "203.0.113.0/24")


def test_a_service_that_says_everyone_is_open() -> None:
    """Closed is about silence; bounds are a setting of their own."""
    found = translated({"default": "closed"}, loadBalancerSourceRanges=[WORLD])
    assert allowed(found) == (WORLD,)


def test_what_is_internal_is_not_exposed() -> None:
    """It is reached from the VIP's network only."""
    assert allowed(translated({"default": "closed"}, annotations=INTERNAL)) == (WORLD,)


@pytest.mark.parametrize("ranges", [["192.0.2.128/25"], [OFFICE]])
def test_within_the_bounds(ranges: list[str]) -> None:
    """A part of what a namespace may open is fine."""
    found = translated({"allow": [SHOP]}, loadBalancerSourceRanges=ranges)
    assert allowed(found) == tuple(ranges)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (["192.0.0.0/16", OFFICE], 'is "192.0.0.0/16"; expected within 192.0.2.0/24'),
        ([], 'is "empty: everyone"; expected within'),
    ],
)
def test_beyond_the_bounds(ranges: list[str], said: str) -> None:
    """The ranges that are too wide are named, and what the namespace may open."""
    found = problem(translated({"allow": [SHOP]}, loadBalancerSourceRanges=ranges))
    assert said in found
    assert "which is all that namespace shop may open (setting exposure.allow)" in found


def test_a_namespace_that_no_opening_names_opens_nothing() -> None:
    """Bounds that are there hold for everyone."""
    other = {"namespaces": ["blog"], "cidrs": [WORLD]}
    assert "expected within nothing" in problem(translated({"allow": [other]}))


def test_a_port_may_open_what_the_service_may() -> None:
    """What one port says for itself is bounded, too."""
    own = {"tfgen.io/port.80.source-ranges": WORLD}
    said = problem(
        translated({"allow": [SHOP]}, annotations=own, loadBalancerSourceRanges=[OFFICE])
    )
    assert "annotation tfgen.io/port.80.source-ranges" in said
