"""The files of a load balancer that Services share."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import manifest, model

A, B, C = (model.ServiceKey("web", name) for name in "abc")
GROUP = "stacks/web/lbgroup_web_front.tf"
FILES = {key: f"stacks/web/{key.address}.tf" for key in (A, B, C)}


def service(key: model.ServiceKey, *ports: int, group: str = "front", **said: Any) -> objects.Json:  # noqa: ANN401  annotations
    """Make a Service of a group, of none where that is empty."""
    own = {"tfgen.io/group": group} if group else {}
    found = [objects.port(number) for number in ports or (80,)]
    return objects.service(str(key), ports=found, annotations={**own, **said})


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give a tree in which A and B share a load balancer."""
    made = objects.Place(tmp_path)
    made.render([service(A, 80, 81), service(B, 443)])
    return made


def chain(place: objects.Place) -> dict[str, str]:
    """Read from the group's file after which module each Service's first port comes."""
    text = place.text(GROUP)
    found = re.findall(r"^  (\S+)_after = \[\s*([^\],\s]*),?\s*\]", text, re.MULTILINE)
    return dict(found)


def test_the_load_balancer_has_a_file_of_its_own(place: objects.Place) -> None:
    """With its floating IP; a Service's file has its ports, its note and its output."""
    resource = re.compile(r'^(?:resource|module|output) "([^"]+)"(?: "([^"]+)")?', re.MULTILINE)
    assert resource.findall(place.text(GROUP)) == [
        ("openstack_lb_loadbalancer_v2", "lbgroup_web_front"),
        ("openstack_networking_floatingip_v2", "lbgroup_web_front"),
    ]
    assert resource.findall(place.text(FILES[A])) == [
        ("lb_web_a_tcp-80", ""),
        ("lb_web_a_tcp-81", ""),
        ("terraform_data", "lb_web_a"),
        ("lb_web_a", ""),
    ]
    known = manifest.loads(place.text(manifest.FILE))
    assert {key: entry.group for key, entry in known.services.items()} == {A: "front", B: "front"}
    assert known.services[A].balancer_file == GROUP


def test_the_ports_are_one_chain(place: objects.Place) -> None:
    """Over all Services, sorted; within one the ports follow one another."""
    assert chain(place) == {"lb_web_a": "", "lb_web_b": "module.lb_web_a_tcp-81"}
    assert "local.lb_web_b_after," in place.text(FILES[B])
    assert "module.lb_web_a_tcp-80," in place.text(FILES[A])


def test_who_comes_and_goes_changes_no_file_of_another(place: objects.Place) -> None:
    """The order stands in the group's file alone."""
    other = place.text(FILES[B])
    place.render([service(B, 443), service(C, 53)])
    assert FILES[A] not in place.files()
    assert place.text(FILES[B]) == other
    assert chain(place) == {"lb_web_b": "", "lb_web_c": "module.lb_web_b_tcp-443"}
    assert place.render([service(B, 443), service(C, 53)]).changes == {}


def test_the_last_one_takes_the_file_along(place: objects.Place) -> None:
    """The load balancer goes with its last Service."""
    place.render([service(A, 80, 81)])
    place.render([])
    assert [path for path in place.files() if "/lb" in path] == []
    assert place.manifest()["services"] == {}


def test_a_protected_service_keeps_the_load_balancer_of_all(place: objects.Place) -> None:
    """It went, and is held until released: what serves it stays."""
    protected = {"tfgen.io/protect": "true"}
    place.render([service(A, 80, 81, **protected), service(B, 443)])
    place.render([], allow_removals=9)
    assert chain(place) == {"lb_web_a": ""}
    assert FILES[B] not in place.files()


def test_a_held_service_keeps_its_place_in_the_chain(place: objects.Place) -> None:
    """Its file stays byte for byte, and the one before it may go."""
    wrong = service(B, 444, **{"loadbalancer.openstack.org/lb-method": "x"})
    before = place.text(FILES[B])
    rendering = place.render([wrong, service(C, 444)])
    assert {problem.service for problem in rendering.desired.problems} == {B}
    assert place.text(FILES[B]) == before
    assert chain(place) == {"lb_web_b": "", "lb_web_c": "module.lb_web_b_tcp-443"}


def test_under_a_held_service_the_load_balancer_stays_as_it_stands(place: objects.Place) -> None:
    """Others may come and go; the load balancer's own block does not follow the settings."""
    place.settings = {"names": {"load_balancer": "{cluster}.{namespace}_{name}"}}
    wrong = service(B, 443, **{"loadbalancer.openstack.org/lb-method": "x"})
    place.render([service(A, 80, 81), wrong])
    assert '"demo_web_group_front"' in place.text(GROUP)
    assert '"demo.web_a_tcp-80"' in place.text(FILES[A])
    place.render([service(A, 80, 81), service(B, 443)])
    assert '"demo.web_group_front"' in place.text(GROUP)


def test_to_leave_is_asked_for_and_moves_nobody_else(place: objects.Place) -> None:
    """Unasked it is held on the load balancer; with consent it gets one of its own."""
    services = [service(A, 80, 81), service(B, 443, group="")]
    held = place.render(services)
    assert [str(problem.field) for problem in held.desired.problems] == [
        "annotation tfgen.io/group"
    ]
    assert "lbgroup_web_front.id" in place.text(FILES[B])
    other = place.text(FILES[A])
    place.render(services, address_change=frozenset({B}))
    assert '"openstack_lb_loadbalancer_v2" "lb_web_b"' in place.text(FILES[B])
    assert place.text(FILES[A]) == other
    assert chain(place) == {"lb_web_a": ""}


def test_to_join_is_asked_for(place: objects.Place) -> None:
    """And then the load balancer of its own goes from its file."""
    base = [service(A, 80, 81), service(B, 443)]
    place.render([*base, service(C, 53, group="")])
    services = [*base, service(C, 53)]
    assert place.render(services).desired.problems != ()
    place.render(services, address_change=frozenset({C}))
    assert 'lb_loadbalancer_v2" "lb_web_c' not in place.text(FILES[C])
    assert chain(place)["lb_web_c"] == "module.lb_web_b_tcp-443"


def test_a_group_is_in_one_stack(tmp_path: Path) -> None:
    """Also where each Service has a state of its own; who joins it goes there."""
    place = objects.Place(tmp_path, {"stacks": {"by": "service"}})
    place.render([service(A, 80, group=""), service(B, 443), service(C, 53)])
    assert {name: each["stack"] for name, each in place.manifest()["services"].items()} == {
        "web/a": "web_a",
        "web/b": "lbgroup_web_front",
        "web/c": "lbgroup_web_front",
    }
    place.render([service(A, 80), service(B, 443), service(C, 53)], address_change=frozenset({A}))
    assert place.manifest()["services"]["web/a"]["stack"] == "lbgroup_web_front"
    assert "stacks/web_a/lb_web_a.tf" not in place.files()
    assert "web_a" in place.manifest()["stacks"]


def test_a_hand_edit_of_the_load_balancer_holds_all_of_it(place: objects.Place) -> None:
    """It is kept, and so is every Service on it, gone or not."""
    edited = place.text(GROUP).replace('create = "20m"', 'create = "40m"')
    place.file(GROUP).write_text(edited)
    rendering = place.render([service(B, 443), service(C, 53)])
    assert {problem.service for problem in rendering.desired.problems} == {A, B, C}
    assert {problem.field for problem in rendering.desired.problems} == {f"file {GROUP}"}
    assert place.text(GROUP) == edited
    assert FILES[A] in place.files()
    dropped = place.render([service(B, 443), service(C, 53)], overwrite_edited=True)
    assert f"File {GROUP}" in {notice.about for notice in dropped.desired.consents}
    assert 'create = "20m"' in place.text(GROUP)
    assert chain(place) == {"lb_web_b": "", "lb_web_c": "module.lb_web_b_tcp-443"}


def test_a_port_is_free_once_its_file_says_so(place: objects.Place) -> None:
    """A gives 81 up, but its file was edited by hand and stays: nobody else gets it meanwhile."""
    edited = place.text(FILES[A]).replace("ROUND_ROBIN", "SOURCE_IP")
    place.file(FILES[A]).write_text(edited)
    rendering = place.render([service(A, 80), service(B, 443, 81)])
    told = {problem.service: str(problem) for problem in rendering.desired.problems}
    assert told[B] == (
        'Service web/b: annotation tfgen.io/group is "front"; expected a port that no other has: '
        "tcp-81 is Service web/a's. It waits until that one is written, or gone."
    )
    assert place.manifest()["services"]["web/b"]["ports"] == ["tcp-443"]
    place.render([service(A, 80), service(B, 443, 81)], overwrite_edited=True)
    assert place.manifest()["services"]["web/b"]["ports"] == ["tcp-81", "tcp-443"]


def test_what_is_narrowed_does_not_part_the_group(place: objects.Place) -> None:
    """One alone is written internal: that the other is not holds it back."""
    internal = {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}
    both = [service(A, 80, 81, **internal), service(B, 443, **internal)]
    rendering = place.render(both, services=frozenset({A}))
    [problem] = rendering.desired.problems
    assert problem.expected == "what Service web/b is written with"
    assert "floatingip" in place.text(GROUP)
    place.render(both)
    assert "floatingip" not in place.text(GROUP)


def test_a_lost_file_of_the_group_is_written_again(place: objects.Place) -> None:
    """Where all are held it cannot be: then it says so."""
    place.file(GROUP).unlink()
    wrong = {"loadbalancer.openstack.org/lb-method": "x"}
    held = place.render([service(A, 80, 81, **wrong), service(B, 443, **wrong)])
    missing = [each for each in held.desired.problems if each.field == f"file {GROUP}"]
    assert [each.service for each in missing] == [A, B]
    place.render([service(A, 80, 81), service(B, 443)])
    assert chain(place) == {"lb_web_a": "", "lb_web_b": "module.lb_web_a_tcp-81"}
