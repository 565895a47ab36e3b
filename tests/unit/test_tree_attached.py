"""The files of Services whose ports are on load balancers that exist."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import errors, manifest, model, resolved

KEY = "loadbalancer.openstack.org/load-balancer-id"
ONE = "11111111-aaaa-bbbb-cccc-555555555555"
TWO = "22222222-aaaa-bbbb-cccc-555555555555"
A, B = model.ServiceKey("web", "a"), model.ServiceKey("web", "b")
C = model.ServiceKey("blog", "c")
CHAIN = f"stacks/web/lbid_{ONE}.tf"
FILES = {key: f"stacks/{key.namespace}/{key.address}.tf" for key in (A, B, C)}


def service(key: model.ServiceKey, *ports: int, on: str = ONE, **said: Any) -> objects.Json:  # noqa: ANN401  annotations
    """Make a Service that attaches to a load balancer; to none where that is empty."""
    own = {KEY: on} if on else {}
    found = [objects.port(number) for number in ports or (80,)]
    return objects.service(str(key), ports=found, annotations={**own, **said})


def attachable(folder: Path) -> objects.Place:
    """Give a tree that knows of two load balancers, and has nothing yet."""
    place = objects.Place(folder, {"attach": "any"})
    known = dict.fromkeys((ONE, TWO), resolved.Balancer("10.0.0.5", "amphora"))
    place.file(resolved.FILE).parent.mkdir(parents=True)
    place.file(resolved.FILE).write_text(resolved.dumps(resolved.Resolved(load_balancers=known)))
    return place


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give a tree in which three Services of two namespaces are on one load balancer."""
    made = attachable(tmp_path)
    made.render([service(A, 80, 81), service(B, 443), service(C, 90)])
    return made


def chain(place: objects.Place, path: str = CHAIN) -> dict[str, str]:
    """Read after which module each Service's first port comes."""
    found = re.findall(r"^  (\S+)_after = \[\s*([^\],\s]*),?\s*\]", place.text(path), re.MULTILINE)
    return dict(found)


def problems(rendering: Any) -> list[tuple[str, str]]:  # noqa: ANN401  a Rendering
    """Give who is held, and what was expected."""
    return [(str(each.service), each.expected) for each in rendering.desired.problems]


def test_each_stack_orders_its_ports(place: objects.Place) -> None:
    """Siblings race into 409s: within a state they come one after another, by a file of its own."""
    assert chain(place) == {"lb_web_a": "", "lb_web_b": "module.lb_web_a_tcp-81"}
    assert chain(place, f"stacks/blog/lbid_{ONE}.tf") == {"lb_blog_c": ""}
    assert place.text(CHAIN).startswith(f"# Made by tfgen from load balancer {ONE}")
    assert "local.lb_web_b_after," in place.text(FILES[B])
    known = manifest.loads(place.text(manifest.FILE))
    assert known.services[A].attached == ONE
    assert place.manifest()["services"]["web/a"]["frozen"]["load_balancer_id"] == ONE


def test_a_second_rendering_changes_nothing(place: objects.Place) -> None:
    """Whatever the file of answers says by then."""
    place.file(resolved.FILE).unlink()
    found = place.decide([service(A, 80, 81), service(B, 443), service(C, 90)])
    assert found.changes == {}
    assert found.desired.problems == ()


def test_who_comes_and_goes_changes_no_other_file(place: objects.Place) -> None:
    """Only the order is written anew; with the last one of a stack it goes, too."""
    before = place.files()
    rendering = place.render([service(A, 80, 81), service(C, 90)])
    assert rendering.changes.keys() == {
        FILES[B],
        CHAIN,
        manifest.FILE,
        "stacks/web/facts.auto.tfvars.json",
    }
    assert place.text(FILES[A]) == before[FILES[A]]
    assert chain(place) == {"lb_web_a": ""}
    place.render([service(A, 80, 81)], allow_removals=9)
    assert f"stacks/blog/lbid_{ONE}.tf" not in place.files()


def test_a_port_is_free_once_its_owner_is_written_without_it(place: objects.Place) -> None:
    """With --service of the newcomer alone the other keeps what it has: the newcomer waits."""
    wanted = [service(A, 80), service(B, 443), service(C, 81)]
    rendering = place.render(wanted, services=frozenset({C}))
    assert problems(rendering) == [
        ("blog/c", "a port that no other has: tcp-81 is Service web/a's")
    ]
    assert "tcp-90" in place.text(FILES[C])
    assert not place.render(wanted).desired.problems
    assert "tcp-81" in place.text(FILES[C])


def test_a_held_service_stays_in_the_order(place: objects.Place) -> None:
    """Its file and its ports stay; the next one still comes after it."""
    wrong = {"loadbalancer.openstack.org/lb-method": "x"}
    place.render([service(A, 82, **wrong), service(B, 443), service(C, 90)])
    assert chain(place) == {"lb_web_a": "", "lb_web_b": "module.lb_web_a_tcp-81"}


def test_a_hand_edit_of_the_order_holds_who_is_in_it(place: objects.Place) -> None:
    """Of that stack alone; --overwrite-edited drops it."""
    place.file(CHAIN).write_text(place.text(CHAIN) + "# mine\n")
    wanted = [service(A, 80, 82), service(B, 443), service(C, 91)]
    rendering = place.render(wanted)
    assert problems(rendering) == [("web/a", "as tfgen wrote it"), ("web/b", "as tfgen wrote it")]
    assert place.text(CHAIN).endswith("# mine\n")
    assert "tcp-91" in place.text(FILES[C])
    rendering = place.render(wanted, overwrite_edited=True)
    assert not rendering.desired.problems
    assert not place.text(CHAIN).endswith("# mine\n")
    assert f"File {CHAIN}" in [each.about for each in rendering.desired.consents]


def test_to_its_own_and_to_another(place: objects.Place) -> None:
    """Each needs a consent that names it; then the files follow."""
    moved = [service(A, 80, 81, on=""), service(B, 443, on=TWO), service(C, 90)]
    rendering = place.render(moved)
    assert [key for key, _ in problems(rendering)] == ["web/a", "web/b"]
    agreed = frozenset({A, B})
    rendering = place.render(moved, address_change=agreed)
    assert not rendering.desired.problems
    assert 'resource "openstack_lb_loadbalancer_v2" "lb_web_a"' in place.text(FILES[A])
    assert f'loadbalancer_id  = "{TWO}"' in place.text(FILES[B])
    assert CHAIN not in place.files()
    assert chain(place, f"stacks/web/lbid_{TWO}.tf") == {"lb_web_b": ""}


def test_from_its_own(tmp_path: Path) -> None:
    """The load balancer and its floating IP leave the file, where it is agreed to."""
    place = attachable(tmp_path)
    place.render([service(A, on="")])
    assert place.decide([service(A)]).code(check=False, allow_held=False) is errors.ExitCode.HELD
    place.render([service(A)], address_change=frozenset({A}))
    assert "openstack_networking_floatingip_v2" not in place.text(FILES[A])
    assert chain(place) == {"lb_web_a": ""}


def test_from_a_group(tmp_path: Path) -> None:
    """Its port is on the one load balancer, and in one order, alone."""
    place = attachable(tmp_path)
    shared = {"tfgen.io/group": "front"}
    place.render([service(A, on="", **shared), service(B, 443, on="", **shared)])
    place.render([service(A), service(B, 443, on="", **shared)], address_change=frozenset({A}))
    assert "lb_web_a" not in place.text("stacks/web/lbgroup_web_front.tf")
    assert chain(place) == {"lb_web_a": ""}


def test_older_trees_say_nothing_of_it(tmp_path: Path) -> None:
    """Neither the manifest nor the answers have a word more where nobody attaches."""
    place = objects.Place(tmp_path)
    place.render([objects.service("web/a")])
    assert "load_balancer_id" not in place.text(manifest.FILE)
    assert "load_balancers" not in resolved.dumps(resolved.Resolved())
