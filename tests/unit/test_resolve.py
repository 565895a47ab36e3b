"""Subnets of floating IPs by name and tags: told from the cloud, kept in the tree, rendered."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tests.fakes.objects import Place
from tfgen import cloud, config, errors, model, resolved, translate
from tfgen.reconcile import resolve

L = "loadbalancer.openstack.org/"
WEB = model.ServiceKey("shop", "web")
OTHER = "99999999-2222-3333-4444-555555555555"


def subnet(name: str, *tags: str, network: str = "public", external: bool = True) -> cloud.Subnet:
    """Give a subnet whose id is its name."""
    return cloud.Subnet(name, name, "192.0.2.0/24", network, network, external, tags)


SUBNETS = (
    subnet("edge-2", "red", "blue"),
    subnet("edge-1", "blue"),
    subnet("core", "red"),
    subnet("plain"),
    subnet("edge-0", "blue", network="partners"),
    subnet("edge-9", "blue", external=False),
)
MATCHES = [
    ("core", "", "core"),
    ("cor", "", ""),
    ("edge-*", "", "edge-1 edge-2"),
    ("edge-?", "red", "edge-2"),
    ("!edge-*", "", "core plain"),
    ("~edge-[12]", "", "edge-1 edge-2"),
    ("~dge-1", "", ""),
    ("!~.*e.*", "", "plain"),
    ("", "blue", "edge-1 edge-2"),
    ("", "red,blue", "core edge-1 edge-2"),
    ("", "&red, blue", "edge-2"),
    ("", "!red,blue", "plain"),
    ("", "!&red,blue", "core edge-1 plain"),
]


@pytest.mark.parametrize(("pattern", "tags", "ids"), MATCHES)
def test_what_matches(pattern: str, tags: str, ids: str) -> None:
    """Whole names; any tag, or all; `!` says the contrary of just that, as OCCM's pages have it."""
    query = model.SubnetQuery("public", pattern, tags)
    assert resolve.match(query, SUBNETS) == tuple(ids.split())


def web(**found: str) -> objects.Json:
    """Make Service shop/web with these annotations."""
    return objects.service("shop/web", annotations={L + key: text for key, text in found.items()})


def ask(place: Place, *services: objects.Json) -> resolve.Report:
    """Resolve, and write."""
    report = resolve.resolve(place.loaded, objects.listing(services), lambda: SUBNETS)
    resolve.write(place.loaded, report)
    return report


EDGE = {"floating-subnet": "edge-*"}


def test_unresolved_holds_the_service_until_it_is(tmp_path: Path) -> None:
    """Rendering asks no cloud: it says what to run, and takes what was found."""
    place = Place(tmp_path)
    rendering = place.render([web(**EDGE), objects.service("shop/api")])
    (problem,) = rendering.desired.problems
    assert str(problem) == (
        f'Service shop/web: annotation {L}floating-subnet is "edge-*"; expected what '
        "tfgen-resolved.json knows already: only the cloud can tell. Run: tfgen resolve"
    )
    report = ask(place, web(**EDGE))
    assert (report.stale, report.code(check=True)) == (True, errors.ExitCode.CHANGES)
    assert not place.render([web(**EDGE), objects.service("shop/api")]).desired.problems
    text = place.text("stacks/shop/lb_shop_web.tf")
    assert '  subnet_ids = [\n    "edge-1",\n    "edge-2",\n  ]\n' in text
    assert "subnet_id" not in place.text("stacks/shop/lb_shop_api.tf").partition("floatingip")[2]
    assert place.manifest()["services"]["shop/web"]["frozen"]["floating_subnets"] == [
        "edge-1",
        "edge-2",
    ]
    assert not ask(place, web(**EDGE)).stale


def test_what_matches_nothing_is_told(tmp_path: Path) -> None:
    """The Service is held with another remedy, and the command ends with 4."""
    place = Place(tmp_path)
    place.render([objects.service("shop/api")])
    service = web(**{"floating-subnet": "none", "floating-subnet-tags": "blue"})
    report = ask(place, service)
    assert [each.pattern for each in report.unmatched] == ["none"]
    assert report.code(check=False) is errors.ExitCode.HELD
    (problem,) = place.render([service, objects.service("shop/api")]).desired.problems
    assert problem.expected == "one or more subnets of network public that match"
    assert problem.remedy == "None did: correct it, and run: tfgen resolve"


def test_what_stands_needs_no_answer(tmp_path: Path) -> None:
    """A floating IP that is made stays where it is, whatever is asked for later."""
    place = Place(tmp_path)
    place.render([objects.service("shop/web")])
    rendering = place.render([web(**EDGE)])
    assert not rendering.desired.problems
    assert "subnet_id" not in place.text("stacks/shop/lb_shop_web.tf").partition("floatingip")[2]


def test_what_nobody_asks_for_is_dropped_and_certificates_stay(tmp_path: Path) -> None:
    """The file is as long as it need be."""
    place = Place(tmp_path)
    place.render([objects.service("shop/api")])
    known = resolved.Resolved({"x": ("y",)}, {"shop/tls": resolved.Certificate("d", "https://b/x")})
    place.file(resolved.FILE).write_text(resolved.dumps(known))
    after = ask(place, web(**EDGE)).after
    assert after == replace(known, floating_subnets={"public|edge-*|": ("edge-1", "edge-2")})
    assert ask(place).after == replace(known, floating_subnets={})


def test_only_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    """What `run` does first: no call where the tree knows all, or nobody speaks of subnets."""
    place, asked = Place(tmp_path), []

    def subnets() -> Sequence[cloud.Subnet]:
        asked.append(1)
        return SUBNETS

    listing = objects.listing([web(**EDGE)])
    plain = objects.listing([objects.service("shop/api"), {"metadata": None}])
    assert resolve.missing(place.loaded, plain, subnets) is None
    place.render([objects.service("shop/api")])
    found = resolve.missing(place.loaded, listing, subnets)
    assert found
    resolve.write(place.loaded, found)
    assert resolve.missing(place.loaded, listing, subnets) is None
    assert asked == [1]


def frozen(found: dict[str, str], **sections: Any) -> model.Frozen:  # noqa: ANN401  any setting
    """Give what Service shop/web is made with where everything is resolved."""

    class Known(dict[str, tuple[str, ...]]):
        def get(self, key: str, _default: object = None) -> tuple[str, ...]:
            return (key,)

    context = translate.Context(
        objects.settings(**sections), {}, resolved=resolved.Resolved(Known())
    )
    (made,) = translate.translate(objects.listing([web(**found)], []), context).load_balancers
    return made.frozen


def test_who_says_one_of_three_sets_the_others_aside() -> None:
    """An id before name and tags of one level; annotation over class over settings."""
    network = {**objects.SETTINGS["network"], "floating_subnet_id": OTHER}
    classes = {"gold": {"floating_subnet": "g*", "floating_subnet_tags": "t"}}
    given: dict[str, Any] = {"network": network, "classes": classes}
    gold = {"class": "gold"}
    assert frozen({}, **given).floating_subnets == (OTHER,)
    assert frozen({"floating-subnet-id": ""}, **given).floating_subnets == ()
    assert frozen(gold, **given).floating_subnets == ("public|g*|t",)
    assert frozen({**gold, "floating-subnet-tags": ""}, **given).floating_subnets == ("public|g*|",)
    assert frozen({**gold, "floating-subnet": "a"}, **given).floating_subnets == ("public|a|",)
    both = {**gold, "floating-subnet-id": "a" * 32, "floating-subnet": "b"}
    assert frozen(both, **given).floating_subnets == ("a" * 32,)
    assert (
        config.Profile(objects.settings(**given), "gold").settings.network.floating_subnet == "g*"
    )
