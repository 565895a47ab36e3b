"""Guards and words about the load balancer of a Service's second IP family."""

from dataclasses import replace
from typing import Any

from tests.fakes import plans
from tfgen import config, manifest, model, policy
from tfgen.policy import Guard

LB6, FIP6 = f"{plans.BALANCER}.lb6_shop_web", f"{plans.FLOATING_IP}.lb6_shop_web"
PORT6 = "module.lb6_shop_web_tcp-80"
SINGLE = plans.entry("shop/web")
SECOND = manifest.Second(model.Family.IPV6, "default-ipv6", model.Frozen())
DUAL = replace(SINGLE, second=SECOND)
WEB = SINGLE.service
VALUES = {"id": "lb-6", "vip_address": "fd00:10::5", "vip_port_id": "p6", "tags": plans.TAGS}
AGREED = policy.Allowed(address_change=frozenset({WEB}))


def judge(
    document: plans.Json,
    *entries: manifest.Entry,
    agreed: policy.Allowed | None = None,
    settings: config.Settings = plans.SETTINGS,
    **known: Any,  # noqa: ANN401  what else is known
) -> list[str]:
    """Judge a plan; give guard and words of each refusal."""
    verdict = policy.check_all(
        {"": document},
        manifest=plans.tree(*entries),
        settings=settings,
        allowed=agreed or policy.Allowed(),
        **known,
    )
    return [f"{refusal.guard}: {refusal.what}" for refusal in verdict.refusals]


def six(*actions: str, **sides: object) -> plans.Json:
    """Plan something with the second load balancer."""
    return plans.change(LB6, *actions, **{"before": VALUES, "after": VALUES, **sides})


def test_an_address_in_the_state_says_whose_it_is() -> None:
    """The Service's, and of which family; no Service is called so."""
    for address in (LB6, FIP6, f"{PORT6}.openstack_lb_pool_v2.this"):
        named = policy.named(address)
        assert (named.service, named.is_second) == (WEB, True)
        assert named.owner == model.SecondKey(WEB)
    assert policy.named("module.lb6_shop_web_tcp-80.openstack_lb_pool_v2.this").port == "tcp-80"
    assert not policy.named(f"{plans.BALANCER}.lb_shop_web").is_second


def test_a_second_family_that_comes_is_no_address_made_twice() -> None:
    """That the Service has one of its first family says nothing about the second."""
    made = plans.plan(six("create", before=None))
    known: dict[str, Any] = {"known_addresses": frozenset[model.Owner]({WEB})}
    assert judge(made, DUAL, **known) == []
    gone: dict[str, Any] = {"known_addresses": frozenset[model.Owner]({WEB, model.SecondKey(WEB)})}
    (told,) = judge(made, DUAL, **gone)
    assert told.startswith(f"{Guard.VANISHED}: had an address")


def test_from_two_families_to_one_is_a_loss_of_address() -> None:
    """It passes by that consent alone."""
    goes = plans.plan(six("delete", after=None))
    assert judge(goes, SINGLE) == [
        (
            f"{Guard.ADDRESS}: is served with IPv4 alone: the load balancer of the second IP "
            "family fd00:10::5 goes"
        )
    ]
    assert judge(goes, SINGLE, agreed=AGREED) == []
    floating = plans.change(FIP6, "delete", before={"address": "172.24.0.9", "tags": plans.TAGS})
    (told,) = judge(plans.plan(floating), replace(SINGLE, family=model.Family.IPV6))
    assert told.endswith("IPv6 alone: the floating IP of the second IP family 172.24.0.9 goes")


def test_the_second_load_balancer_of_a_living_service_stays() -> None:
    """Where the tree has it, no flag lets it go; one that is replaced moves."""
    (told,) = judge(plans.plan(six("delete", after=None)), DUAL, agreed=AGREED)
    assert told.startswith(f"{Guard.DELETE}: the load balancer of the second IP family is destr")
    (told,) = judge(plans.plan(six("delete", "create")), DUAL)
    assert told.startswith(f"{Guard.ADDRESS}: the load balancer of the second IP family is repl")
    assert judge(plans.plan(six("delete", "create")), DUAL, agreed=AGREED) == []


def test_a_floating_ip_of_the_second_family_is_as_one_of_the_first() -> None:
    """Of IPv4 it belongs there; of IPv6 there is none."""
    goes = plans.plan(
        plans.change(FIP6, "delete", before={"address": "172.24.0.9", "tags": plans.TAGS})
    )
    four = replace(
        SINGLE,
        family=model.Family.IPV6,
        second=manifest.Second(model.Family.IPV4, "default", model.Frozen()),
    )
    (told,) = judge(goes, four, agreed=AGREED)
    assert told.startswith(f"{Guard.DELETE}: the floating IP of the second IP family is destroyed")
    (told,) = judge(goes, DUAL)
    assert told == f"{Guard.ADDRESS}: becomes one of IPv6: floating IP 172.24.0.9 is given back"


def test_protected_is_protected_in_both_families() -> None:
    """What is destroyed is named with its family."""
    safe = replace(SINGLE, protect=True)
    found = judge(plans.plan(six("delete", after=None)), safe, agreed=AGREED)
    assert found == [
        (
            f"{Guard.PROTECTED}: is protected (tfgen.io/protect), and the plan destroys its load "
            "balancer of the second IP family"
        )
    ]


def test_each_family_is_exposed_for_itself() -> None:
    """A floating IP of the one opens nothing of the other."""
    guarded = plans.SETTINGS.model_copy(
        update={"guards": plans.SETTINGS.guards.model_copy(update={"exposure": True})}
    )
    listener = plans.change(
        f"{PORT6}.openstack_lb_listener_v2.this",
        "create",
        before=None,
        after={"allowed_cidrs": ["::/0"]},
    )
    (told,) = judge(plans.plan(listener), DUAL, settings=guarded)
    assert told.startswith(f"{Guard.EXPOSURE}: the listener tcp-80 of the second IP family becomes")
    inside = replace(DUAL, internal=True)
    first = plans.floating_ip("shop/web", "create")
    assert judge(plans.plan(listener, first), inside, settings=guarded) == []


def test_pools_go_with_their_own_load_balancer() -> None:
    """That the second one goes lets no pool of the first lose its members."""
    members = {"member": [{"name": "n", "address": "fd00::1", "protocol_port": 1}]}
    address = f"{PORT6}.openstack_lb_members_v2.this"
    gone = plans.change(address, "delete", before=members, after=None)
    assert judge(plans.plan(six("delete", after=None), gone), SINGLE, agreed=AGREED) == []
    mine = plans.members("shop/web", {"n": "10.0.0.1"}, None)
    (told,) = judge(plans.plan(six("delete", after=None), gone, mine), SINGLE, agreed=AGREED)
    assert told == f"{Guard.SHRINK}: pool tcp-80 loses 1 of 1 members (n)"


def test_what_a_plan_does_is_told_by_family() -> None:
    """One change of the Service; what hangs on one that goes goes without saying."""
    listener = plans.change(f"{PORT6}.openstack_lb_listener_v2.this", "delete", after=None)
    own = plans.child("shop/web", "listener", "delete")
    (change,) = policy.changes(plans.plan(six("delete", after=None), listener, own))
    assert change.about == "Service shop/web"
    assert change.effects == (
        "removes load balancer of the second IP family",
        "removes listener tcp-80: outage of that port",
    )
