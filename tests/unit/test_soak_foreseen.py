"""What the soak foresees of a run: its code, who is held, and what a person has to agree to."""

from dataclasses import replace

from tests.fakes import soaked as web
from tests.soak import consents, expect, wishes
from tests.soak.step import Consent


def test_what_a_person_agrees_to() -> None:
    """All that waits is named; a Service that a problem holds is not opened by the way."""
    now = replace(
        web.WISHES,
        services={
            "web": replace(web.SPEC, group="front"),
            "bad": replace(web.SPEC, bad=True, protect=True),
        },
    )
    there = web.seen(
        entries={
            "web": web.ENTRY,
            "old": replace(web.ENTRY, protect=True),
            "bad": replace(web.ENTRY, protect=True),
        }
    )
    found = consents.everything(now, web.MEMORY, there, overwrite=True)
    assert found.flags(web.SITE, "render") == (
        *("--allow-removals", "99"),
        *("--allow-protected", "soak-1/old"),
        *("--allow-address-change", "soak-1/web"),
        "--overwrite-edited",
    )
    assert "--overwrite-edited" not in found.flags(web.SITE, "apply")


def test_too_much_at_once_may_be_refused() -> None:
    """Where more goes than the limits let, and nobody agreed, code 3 is foreseen."""
    assert 3 not in expect.codes(web.step(), expect.of(web.step()))
    fewer = replace(
        web.WISHES, nodes={"node-1": web.NODES["node-1"], "node-2": web.NODES["node-2"]}
    )
    lost = web.step(now=fewer)
    assert 3 in expect.codes(lost, expect.of(lost))
    agreed = web.step(web.GOOD, web.passed(consent=Consent(removals=True)), now=fewer)
    assert 3 not in expect.codes(agreed, expect.of(agreed))


def test_who_is_held_where_nothing_is_rendered() -> None:
    """A plan holds whom the tree holds; after a refused rendering that is so, too."""
    assert expect.of(web.step(web.GOOD, web.passed("apply"), now=web.BAD)).held == frozenset()
    refused = web.step(web.GOOD, web.passed("render", code=3), web.passed("apply"), now=web.BAD)
    assert expect.of(refused).held == frozenset()
    rendered = web.step(web.GOOD, web.passed("render", code=4), web.passed("apply"), now=web.BAD)
    assert expect.of(rendered).held == {"web"}


def test_a_rival_stops_every_plan() -> None:
    """While another tree of our cluster's name has load balancers, a run is refused."""
    beside = replace(web.WISHES, foreign=frozenset({wishes.RIVAL}))
    assert expect.codes(web.step(now=beside), expect.of(web.step(now=beside))) == {3}
    assert web.told(web.step(now=beside))[0].startswith("code: a run ended with 0, foreseen: [3]")


def test_who_cannot_be_worked_on() -> None:
    """Whose load balancer is in ERROR is kept out, and who has a listener on such a one."""
    failed = web.seen(web.balancer(status="ERROR"))
    assert expect.of(web.step(before=failed)).failed == {"web"}
    group = frozenset({f"tfgen_tree={web.TREE}", f"tfgen_group={web.SITE}_front"})
    left = web.seen(web.balancer(status="ERROR", tags=group))
    assert expect.of(web.step(before=left)).failed == {"web"}


def test_who_has_listeners_elsewhere() -> None:
    """A Service that came back has to agree to the address of where it asks to be."""
    group = frozenset({f"tfgen_tree={web.TREE}", f"tfgen_group={web.SITE}_front"})
    there = web.seen(web.balancer(tags=group), entries={})
    assert consents.astray(web.WISHES, web.MEMORY, there) == {"web"}
    assert consents.astray(web.WISHES, web.MEMORY, web.GOOD) == frozenset()
    assert 3 in expect.codes(web.step(before=there), expect.of(web.step(before=there)))
    assert consents.everything(web.WISHES, web.MEMORY, there, overwrite=True).moved == {"web"}
