"""Rendering pass after pass: what a change of the input changes in the tree."""

from pathlib import Path

import pytest

from tests.fakes import objects, passes
from tfgen import errors
from tfgen.render import header


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def test_the_first_rendering_makes_the_whole_tree(place: objects.Place) -> None:
    """Stack, modules, manifest and what Git shall ignore; nothing else."""
    rendering = place.render(passes.shop())
    assert set(place.files()) == {
        ".gitignore",
        passes.MANIFEST,
        "modules/octavia_port/main.tf",
        "modules/octavia_port/outputs.tf",
        "modules/octavia_port/variables.tf",
        "modules/octavia_port/versions.tf",
        "stacks/shop/backend.tf",
        passes.FACTS,
        passes.API,
        passes.WEB,
        "stacks/shop/providers.tf",
        "stacks/shop/variables.tf",
        "stacks/shop/versions.tf",
    }
    assert rendering.stacks == ("shop",)
    assert rendering.code(check=False, allow_held=False) == errors.ExitCode.DONE


def test_the_same_input_changes_nothing(place: objects.Place) -> None:
    """No time, no host: the second rendering writes no file."""
    place.render(passes.shop())
    assert place.decide(passes.shop()[::-1], objects.nodes()[::-1]).changes == {}


def test_a_node_that_joins_is_one_line_of_one_file(place: objects.Place) -> None:
    """However many Services stand in the stack."""
    place.render(passes.many(5))
    before = place.files()
    place.render(passes.many(5), objects.nodes(4))
    assert passes.changed(place, before) == {
        passes.FACTS: ['+    , "node-4": {"address": "10.0.0.14"}']
    }


def test_a_port_that_comes_touches_no_other_port(place: objects.Place) -> None:
    """Only a block is added; the chain goes on from the port before it, and so does the note."""
    place.render([objects.service("shop/web", ports=[objects.port(80)])])
    before = place.files()
    place.render([objects.service("shop/web", ports=[objects.port(443), objects.port(80)])])
    lines = passes.changed(place, before)[passes.WEB]
    gone = [line[1:].split() for line in lines if line.startswith("-")]
    assert [words[:2] for words in gone] == [
        ["#", "tfgen-digest:"],
        ["input", "="],
        ["module.lb_shop_web_tcp-80,"],
    ]
    assert sum(line.startswith('+module "') for line in lines) == 1


def test_order_and_names_of_ports_change_nothing(place: objects.Place) -> None:
    """A port is known by its protocol and number."""
    place.render([objects.service(ports=[objects.port(80, name="a"), objects.port(443, name="b")])])
    turned = objects.service(ports=[objects.port(443, name="c"), objects.port(80, targetPort=1)])
    assert place.decide([turned]).changes == {}


def test_a_new_node_port_is_a_fact(place: objects.Place) -> None:
    """A reinstalled chart gets other node ports: intent and manifest stay."""
    place.render([objects.service(ports=[objects.port(80)])])
    before = place.files()
    place.render([objects.service(ports=[objects.port(80, nodePort=31000)])])
    assert passes.changed(place, before) == {
        passes.FACTS: ['-      "tcp-80": 30080', '+      "tcp-80": 31000'],
    }


def test_a_common_file_that_is_written_no_more_goes(place: objects.Place) -> None:
    """Beside its successor it would count twice; edited ones, and those of people, stay."""
    place.render(passes.shop())
    old = header.add("tfgen.yaml", "# what an older tfgen wrote\n")
    module = header.add("its module octavia_port", "# older\n")
    kept = {
        "stacks/shop/mine.tf": "# mine\n",
        "stacks/shop/edited.tf": old + "# edited\n",
        "stacks/shop/recovery.tf": header.add("a failed apply", "import {}\n"),
        "modules/older_module/main.tf": module,
    }
    gone = {"stacks/shop/old.tf": old, "modules/octavia_port/old.tf": module}
    for path, text in (kept | gone).items():
        place.file(path).parent.mkdir(exist_ok=True)
        place.file(path).write_text(text)
    before = place.files()
    place.render(passes.shop())
    assert before.keys() - place.files().keys() == gone.keys()


def test_a_new_setting_leaves_addresses_alone(place: objects.Place) -> None:
    """What Octavia takes at creation only is frozen; a notice says so."""
    place.render(passes.shop())
    place.settings = {"network": {**objects.SETTINGS["network"], "subnet_id": "2" * 32}}
    before = place.files()
    rendering = place.render([*passes.shop(), objects.service("shop/new")])
    new = "stacks/shop/lb_shop_new.tf"
    assert set(passes.changed(place, before)) == {new, passes.FACTS, passes.MANIFEST}
    assert f'vip_subnet_id         = "{"2" * 32}"' in place.text(new)
    assert {notice.about for notice in rendering.desired.notices} == {
        "Service shop/api",
        "Service shop/web",
    }


def test_consent_to_a_new_address_holds_until_it_is_applied(place: objects.Place) -> None:
    """prevent_destroy goes for that one, and comes back once its revision was published."""
    place.render(passes.shop(), uid=passes.UID)
    place.settings = {"network": {**objects.SETTINGS["network"], "subnet_id": "2" * 32}}
    place.render(passes.shop(), uid=passes.UID, address_change=passes.keys("shop/web"))
    opened = place.text(passes.WEB)
    assert opened.count("prevent_destroy = false") == 2
    assert f'vip_subnet_id         = "{"2" * 32}"' in opened
    assert "prevent_destroy = false" not in place.text(passes.API)
    place.settings = {"network": {**objects.SETTINGS["network"], "subnet_id": "3" * 32}}
    for digest, uid in (("", passes.UID), ("0" * 16, passes.UID), (revision(place), "")):
        again = place.render(passes.shop(annotations={"tfgen.io/digest": digest}), uid=uid)
        assert place.text(passes.WEB) == opened
        assert any("its address may change, as was" in each.text for each in again.desired.notices)
    done = place.render(
        passes.shop(annotations={"tfgen.io/digest": revision(place)}), uid=passes.UID
    )
    assert not any("its address may change" in notice.text for notice in done.desired.notices)
    assert place.text(passes.WEB).count("prevent_destroy = true") == 2
    assert f'vip_subnet_id         = "{"2" * 32}"' in place.text(passes.WEB)
    assert place.manifest()["services"]["shop/web"]["address_may_change"] is False


def revision(place: objects.Place) -> str:
    """Give what the state notes once the file of shop/web is applied."""
    return str(place.manifest()["services"]["shop/web"]["revision"])


def test_a_new_stack_starts_with_the_trees_lock(place: objects.Place) -> None:
    """One lock for the tree; a stack that has its own keeps it."""
    place.render(passes.shop())
    assert not place.file("stacks/shop/.terraform.lock.hcl").exists()
    place.file(".terraform.lock.hcl").write_text("# lock\n")
    place.file("stacks/shop/.terraform.lock.hcl").write_text("# older\n")
    place.render([*passes.shop(), objects.service("blog/web")])
    assert place.text("stacks/blog/.terraform.lock.hcl") == "# lock\n"
    assert place.text("stacks/shop/.terraform.lock.hcl") == "# older\n"


def test_checking_says_what_is_stale(place: objects.Place) -> None:
    """Exit code 2 with --check; held outranks it."""
    stale = place.decide(passes.shop())
    assert stale.code(check=True, allow_held=False) == errors.ExitCode.CHANGES
    assert stale.code(check=False, allow_held=False) == errors.ExitCode.DONE
    held = place.decide(passes.shop(**passes.BAD))
    assert held.code(check=True, allow_held=False) == errors.ExitCode.HELD
    assert held.code(check=True, allow_held=True) == errors.ExitCode.CHANGES
