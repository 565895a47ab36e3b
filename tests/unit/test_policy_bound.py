"""Guards and words about a floating IP that is bound, and not ours."""

from dataclasses import replace

from tests.fakes import plans
from tfgen import manifest, model, policy
from tfgen.policy import Guard

BOUND = "openstack_networking_floatingip_associate_v2.lb_shop_web"
PLAIN = plans.entry("shop/web")
WEB = replace(PLAIN, frozen=model.Frozen(floating_address="192.0.2.9"))
VALUES = {"floating_ip": "192.0.2.9", "port_id": "p", "fixed_ip": "10.0.0.5"}
AGREED = policy.Allowed(address_change=frozenset({WEB.service}))


def judge(
    document: plans.Json, *entries: manifest.Entry, agreed: policy.Allowed | None = None
) -> list[str]:
    """Judge a plan; give guard and words of each refusal."""
    verdict = policy.check(
        document,
        manifest=plans.tree(*entries),
        settings=plans.SETTINGS,
        allowed=agreed or policy.Allowed(),
    )
    return [f"{refusal.guard}: {refusal.what}" for refusal in verdict.refusals]


def bound(*actions: str, **sides: object) -> plans.Json:
    """Plan something with the binding."""
    return plans.plan(plans.change(BOUND, *actions, **{"before": VALUES, **sides}))


def test_the_binding_of_a_living_service_stays() -> None:
    """Let go by no flag: its file would bind it again."""
    (told,) = judge(bound("delete"), WEB, agreed=AGREED)
    assert told.startswith(f"{Guard.DELETE}: the binding of the floating IP is destroyed")


def test_another_address_is_a_change_of_address() -> None:
    """Replaced, or moved to another port: told, and let pass by name alone."""
    other = {**VALUES, "port_id": "other"}
    for document in (
        bound("delete", "create", after={**VALUES, "floating_ip": "192.0.2.8"}),
        bound("update", after=other),
    ):
        (told,) = judge(document, WEB)
        assert told.startswith(f"{Guard.ADDRESS}: ")
        assert judge(document, WEB, agreed=AGREED) == []


def test_from_one_kind_to_the_other_is_a_change_of_address() -> None:
    """What was made is given back; what was bound stays in the project."""
    (told,) = judge(plans.plan(plans.floating_ip("shop/web", "delete")), WEB)
    assert told.startswith(f"{Guard.ADDRESS}: becomes 192.0.2.9: floating IP ")
    assert told.endswith(" is given back")
    (told,) = judge(bound("delete"), PLAIN)
    assert (
        told == f"{Guard.ADDRESS}: becomes another address: floating IP 192.0.2.9 is bound no more"
    )


def test_what_goes_with_its_service_is_told_with_its_address() -> None:
    """Nothing holds it back, and the report says which address is free again."""
    assert judge(bound("delete")) == []
    [change] = policy.changes(bound("delete"))
    assert change.effects == ("removes binding of the floating IP 192.0.2.9",)
