"""What clients are given: an address, a host name in its place, or a proxy."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import objects
from tests.fakes import standings as plain
from tfgen import manifest, model, render, status, translate
from tfgen.status import Standing

L = "loadbalancer.openstack.org/"
IP = plain.IP


def ingress(to: dict[str, Any], standing: Standing) -> list[dict[str, Any]]:
    """Give what stands in the status afterwards."""
    after = plain.written(to, standing)
    found: list[dict[str, Any]] = after["status"]["loadBalancer"]["ingress"]
    assert status.patch(after, standing, now=plain.LATER) is None
    return found


def test_a_hostname_stands_alone_and_the_annotation_has_the_address() -> None:
    """Whoever wants the address finds it there, as with OCCM since #2095."""
    standing = replace(plain.applied(), hostname="web.example.com")
    after = plain.written(plain.service(), standing)
    assert after["status"]["loadBalancer"]["ingress"] == [{"hostname": "web.example.com"}]
    assert after["metadata"]["annotations"]["tfgen.io/external-ip"] == IP
    assert status.patch(after, standing, now=plain.LATER) is None


def test_with_proxy_protocol_clients_of_the_cluster_go_through_it() -> None:
    """kube-proxy leads them past a load balancer whose ipMode is VIP."""
    standing = replace(plain.applied(), proxy=True)
    assert ingress(plain.service(), standing) == [{"ip": IP, "ipMode": "Proxy"}]


def test_a_server_without_ip_mode_is_not_asked_again() -> None:
    """It drops the field; what it kept is all that it can."""
    standing = replace(plain.applied(), proxy=True)
    after = plain.written(plain.service(), standing)
    del after["status"]["loadBalancer"]["ingress"][0]["ipMode"]
    assert status.patch(after, standing, now=plain.LATER) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (plain.applied(), replace(plain.applied(), hostname="a.example")),
        (replace(plain.applied(), hostname="a.example"), plain.applied()),
        (replace(plain.applied(), hostname="a.example"), replace(plain.applied(), hostname="b.x")),
    ],
)
def test_from_one_to_the_other(before: Standing, after: Standing) -> None:
    """What was there before goes."""
    known = plain.written(plain.service(), before)
    assert len(ingress(known, after)) == 1


def test_a_mode_that_the_server_has_follows() -> None:
    """A server that knows ipMode set VIP; with PROXY protocol it is another."""
    known = plain.written(plain.service(), plain.applied())
    known["status"]["loadBalancer"]["ingress"][0]["ipMode"] = "VIP"
    standing = replace(plain.applied(), proxy=True)
    assert ingress(known, standing) == [{"ip": IP, "ipMode": "Proxy"}]


@pytest.mark.parametrize("hostname", ["web.example.com", f"{IP}.nip.io"])
def test_a_hostname_of_ours_goes_when_the_claim_ends(hostname: str) -> None:
    """As the address does; a host name of somebody else stays."""
    made = plain.service(annotations={L + "hostname": "web.example.com"})
    known = plain.written(made, replace(plain.applied(), hostname=hostname))
    gone = Standing(status.Phase.RELEASED, plain.TREE)
    patched = status.patch(known, gone, now=plain.LATER)
    assert patched
    assert patched["status"]["loadBalancer"] == {"ingress": None}
    known["status"]["loadBalancer"]["ingress"] = [{"hostname": "other.example"}]
    assert "loadBalancer" not in (status.patch(known, gone, now=plain.LATER) or {})["status"]


@pytest.mark.parametrize(
    ("fields", "suffix", "wanted"),
    [
        ({}, "nip.io", ("", False)),
        ({"proxy": True}, "", ("", True)),
        ({"proxy": True}, "nip.io", (f"{IP}.nip.io", True)),
        ({"proxy": True, "hostname": "a.example"}, "nip.io", ("a.example", True)),
        ({"hostname": "a.example"}, "", ("a.example", False)),
    ],
)
def test_what_was_rendered_says_it(
    fields: dict[str, Any], suffix: str, wanted: tuple[str, bool]
) -> None:
    """By the manifest, so that a held Service goes on; the annotation before the suffix."""
    entry = replace(plain.entry(), **fields)
    told = status.Found((plain.address(),))
    asked = plain.question(plain.service(), entry, told=told)
    found = plain.standing(replace(asked, suffix=suffix))
    assert (found.hostname, found.proxy) == wanted


def test_it_changes_no_hcl_and_the_manifest_keeps_it() -> None:
    """A host name is the cluster's matter; PROXY protocol is known from the pools."""
    service = objects.service("shop/web", annotations={L + "hostname": "a.example"})
    other = objects.service("shop/web")
    context = translate.Context(objects.settings(), {})
    made, bare = (
        translate.translate(objects.listing([each]), context).load_balancers[0]
        for each in (service, other)
    )
    assert render.service_document(made) == render.service_document(bare)
    ports = (replace(made.ports[0], pool_protocol="PROXYV2"),)
    assert (made.hostname, made.proxy) == ("a.example", False)
    assert replace(made, ports=ports).proxy
    entry = objects.entry(model.ServiceKey("shop", "web"), hostname="a.example", proxy=True)
    tree = manifest.Manifest("demo", "t", "namespace", services={entry.service: entry})
    assert manifest.loads(manifest.dumps(tree)).services == tree.services
