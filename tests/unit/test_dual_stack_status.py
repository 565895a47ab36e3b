"""What a Service of two IP families carries: both addresses, in their order, or what it had."""

from dataclasses import replace
from typing import Any

from tests.fakes import standings as plain
from tfgen import cloud, model, status, terraform
from tfgen.status import Standing

SIX = "fd00:10::9"
T = "tfgen.io/"
SECOND = model.Address(model.ServiceKey("shop", "web"), "lb-6", SIX, SIX, is_second=True)
BOTH = replace(plain.applied(), second=SECOND)


def ingress(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what stands in the status."""
    entries: list[dict[str, Any]] = found["status"]["loadBalancer"]["ingress"]
    return entries


def test_both_addresses_are_published_in_their_order() -> None:
    """The annotations have the first as ever; a second pass writes nothing."""
    after = plain.written(plain.service(), BOTH)
    assert ingress(after) == [{"ip": plain.IP}, {"ip": SIX}]
    annotations = after["metadata"]["annotations"]
    assert annotations[T + "external-ip"] == plain.IP
    assert annotations[T + "second-external-ip"] == SIX
    assert annotations[T + "second-load-balancer-id"] == "lb-6"
    assert status.patch(after, BOTH, now=plain.LATER) is None
    (condition,) = (
        each for each in after["status"]["conditions"] if each["type"] == status.APPLIED
    )
    first, second = condition["message"].split(". ")
    assert first.endswith(f"answers on {plain.IP}")
    assert second == f"Load balancer lb-6 answers on {SIX}."


def test_a_server_that_knows_ip_mode_keeps_it_in_both() -> None:
    """What it wrote by itself is no difference."""
    after = plain.written(plain.service(), BOTH)
    for entry in ingress(after):
        entry["ipMode"] = "VIP"
    assert status.patch(after, BOTH, now=plain.LATER) is None


def test_a_second_family_that_went_is_taken_away() -> None:
    """With its annotations; the first stays."""
    known = plain.written(plain.service(), BOTH)
    after = plain.written(known, plain.applied())
    assert ingress(after) == [{"ip": plain.IP}]
    assert T + "second-external-ip" not in after["metadata"]["annotations"]


def test_a_second_address_that_is_not_known_stays() -> None:
    """A source that is silent about it takes nothing away."""
    known = plain.written(plain.service(), BOTH)
    half = replace(plain.applied(), half=True)
    after = plain.written(known, half)
    assert ingress(after) == [{"ip": plain.IP}, {"ip": SIX}]
    assert after["metadata"]["annotations"][T + "second-external-ip"] == SIX


def test_both_go_when_the_claim_ends() -> None:
    """An entry of somebody else would keep the list as it is."""
    known = plain.written(plain.service(), BOTH)
    gone = Standing(status.Phase.RELEASED, plain.TREE)
    patched = status.patch(known, gone, now=plain.LATER)
    assert patched
    assert patched["status"]["loadBalancer"] == {"ingress": None}


def test_one_host_name_stands_for_both() -> None:
    """One that is made of the address is another for each."""
    named = replace(BOTH, hostname="web.example", second_hostname="web.example")
    assert ingress(plain.written(plain.service(), named)) == [{"hostname": "web.example"}]
    made = replace(BOTH, hostname=f"{plain.IP}.nip.io", second_hostname="fd00-10--9.nip.io")
    known = plain.written(plain.service(), made)
    assert len(ingress(known)) == 2
    gone = Standing(status.Phase.RELEASED, plain.TREE)
    patched = status.patch(known, gone, now=plain.LATER)
    assert patched
    assert patched["status"]["loadBalancer"] == {"ingress": None}


def test_a_state_tells_them_apart_by_their_outputs() -> None:
    """The label of the second begins with lb6_."""
    value = {"namespace": "a", "name": "b", "id": "1", "vip_address": "v", "address": "a"}
    outputs: dict[str, object] = {"lb6_a_b": {**value, "id": "2"}, "lb_a_b": value}
    found = terraform.State(outputs=outputs).addresses("a")
    assert [(each.load_balancer_id, each.is_second) for each in found] == [
        ("1", False),
        ("2", True),
    ]


def test_the_cloud_tells_them_apart_by_their_tags() -> None:
    """Both name the Service."""
    one = cloud.LoadBalancer("n", "1", ("tfgen_service=a_b",), "ACTIVE", "ONLINE", "v", "p")
    two = replace(one, tags=("tfgen_second", "tfgen_service=a_b"))
    key = model.ServiceKey("a", "b")
    assert (one.owner, two.owner) == (key, model.SecondKey(key))
    assert (one.service, two.service) == (key, key)
