"""Service shop/web before and after a pass: its standing, its patch, and the judging of it."""

from typing import Any

from tests.fakes.cluster import merge
from tfgen import manifest, model, status
from tfgen.status import Phase, Standing

NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
TREE, OTHER_TREE = "3f9c1a2b4d5e6f70", "0000000000000000"
WEB = model.ServiceKey("shop", "web")
IP, VIP = "203.0.113.7", "10.0.0.7"


def service(kind: str = "LoadBalancer", **metadata: object) -> dict[str, Any]:
    """Make a Service as the API server lists it, before anyone wrote to it."""
    own = {"name": WEB.name, "namespace": WEB.namespace, "resourceVersion": "7"}
    return {"metadata": own | metadata, "spec": {"type": kind}, "status": {"loadBalancer": {}}}


def address(
    ip: str = IP, *, stack: str = "shop", provenance: dict[str, str] | None = None
) -> model.Address:
    """Make a confirmed address."""
    return model.Address(WEB, "lb-id", VIP, ip, stack, provenance or {})


def applied(confirmed: model.Address | None = None, *, problems: tuple[str, ...] = ()) -> Standing:
    """Make the standing of a Service whose load balancer answers."""
    return Standing(Phase.APPLIED, TREE, confirmed or address(), problems=problems)


def written(to: dict[str, Any], standing: Standing, now: str = NOW) -> dict[str, Any]:
    """Give the Service after its patch, as an API server would store it."""
    patch = status.patch(to, standing, now=now)
    assert patch is not None
    return dict(merge(to, patch))


def condition(of: dict[str, Any], kind: str) -> dict[str, Any]:
    """Give one condition of a Service."""
    (found,) = [each for each in of["status"]["conditions"] if each["type"] == kind]
    return dict(found)


def entry(*, problems: tuple[str, ...] = (), internal: bool = False) -> manifest.Entry:
    """Make the manifest's entry of shop/web."""
    return manifest.Entry(
        service=WEB,
        stack="shop",
        digest="d",
        ports=("tcp-80",),
        node_group="default",
        internal=internal,
        protect=False,
        frozen=model.Frozen(),
        state=manifest.State.HELD if problems else manifest.State.RENDERED,
        problems=problems,
    )


ASKS = model.Translation(held=frozenset({WEB}))


def question(
    found: dict[str, Any],
    known: manifest.Entry | None,
    translation: model.Translation = ASKS,
    told: status.Found | None = None,
) -> status.Question:
    """Ask about one Service."""
    tree = manifest.Manifest(
        "demo", TREE, "namespace", stacks=("shop",), services={WEB: known} if known else {}
    )
    listing = model.Listing((found,), (), "uid", "cluster")
    return status.Question(listing, translation, tree, told or status.Found())


def judged(asked: status.Question) -> status.Judgement:
    """Judge one Service of ours."""
    (judgement,) = status.judge(asked)
    return judgement


def standing(asked: status.Question) -> Standing:
    """Judge one Service that has a standing."""
    found = judged(asked).standing
    assert found is not None
    return found
