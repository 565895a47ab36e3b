"""The modules keep their promises to their callers: typed, described, told whole in the README."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import hcl2
import pytest

from tests.fakes import rendered
from tfgen import data, model, render

FOLDERS = sorted(path.parent for path in data.folder("modules").glob("*/main.tf"))
NAMES = [folder.name for folder in FOLDERS]
modules = pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)

META = {"source", "depends_on"}
_OPTIONS = hcl2.SerializationOptions(strip_string_quotes=True)


def _blocks(text: str, kind: str) -> dict[str, dict[str, Any]]:
    """Give the blocks of one kind by their label; `variable "x"` as {"x": {...}}."""
    found = hcl2.loads(text, serialization_options=_OPTIONS).get(kind, [])
    return {name: body for block in found for name, body in block.items()}


def _variables(folder: Path) -> dict[str, dict[str, Any]]:
    return _blocks((folder / "variables.tf").read_text(), "variable")


def _outputs(folder: Path) -> dict[str, dict[str, Any]]:
    return _blocks((folder / "outputs.tf").read_text(), "output")


def _type(variable: dict[str, Any]) -> str:
    text: str = variable["type"]
    return text.removeprefix("${").removesuffix("}") if text.startswith("${") else text


def _default(variable: dict[str, Any]) -> str:
    return f"`{json.dumps(variable['default'])}`" if "default" in variable else "required"


def _inputs_table(folder: Path) -> str:
    rows = [
        f"| `{name}` | {one['description']} | `{_type(one)}` | {_default(one)} |"
        for name, one in _variables(folder).items()
    ]
    return "\n".join(["| input | meaning | type | default |", "|---|---|---|---|", *rows])


def _outputs_table(folder: Path) -> str:
    rows = [f"| `{name}` | {one['description']} |" for name, one in _outputs(folder).items()]
    return "\n".join(["| output | meaning |", "|---|---|", *rows])


def _calls(text: str) -> dict[str, set[str]]:
    """Give the arguments of each module call."""
    calls = _blocks(text, "module")
    return {name: {key for key in body if not key.startswith("__")} for name, body in calls.items()}


@modules
def test_variables_are_typed_and_described(folder: Path) -> None:
    """Every variable has a type and a sentence, and they stand in alphabetical order."""
    found = _variables(folder)
    assert found
    assert all(one["type"] and one["description"].endswith(".") for one in found.values())
    assert list(found) == sorted(found)


@modules
def test_outputs_are_described(folder: Path) -> None:
    """Every output has a sentence."""
    found = _outputs(folder)
    assert found
    assert all(one["description"].endswith(".") for one in found.values())


@modules
def test_validations_say_what_is_wrong(folder: Path) -> None:
    """Every validation ends its message as a sentence."""
    rules = [rule for one in _variables(folder).values() for rule in one.get("validation", [])]
    assert rules
    assert all(re.fullmatch(r"[A-Z].*\.", rule["error_message"]) for rule in rules)


@modules
@pytest.mark.parametrize("table", [_inputs_table, _outputs_table], ids=["inputs", "outputs"])
def test_readme_tells_all(folder: Path, table: Any) -> None:  # noqa: ANN401  one of the two above
    """The README's tables are what variables.tf and outputs.tf say; the failure shows them."""
    expected = table(folder)
    readme = (folder / "README.md").read_text()
    assert expected in readme, f"write this into {folder.name}/README.md:\n{expected}"


@modules
def test_readme_example_gives_what_is_required(folder: Path) -> None:
    """The README's example passes only inputs that exist, and all that have no default."""
    found = _variables(folder)
    required = {name for name, one in found.items() if "default" not in one}
    examples = re.findall(r"```hcl\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    calls = [arguments for text in examples for arguments in _calls(text).values()]
    assert calls
    for arguments in calls:
        assert required <= arguments - META <= set(found)


def test_rendered_calls_fit_the_module() -> None:
    """Every call that tfgen renders passes only inputs that exist, and all that have no default."""
    found = _variables(data.folder("modules") / "octavia_port")
    required = {name for name, one in found.items() if "default" not in one}
    calls = _calls(render.service_document(rendered.load_balancer("shop/web", 80, 443)))
    assert set(calls) == {"lb_shop_web_tcp-80", "lb_shop_web_tcp-443"}
    for arguments in calls.values():
        assert required <= arguments - META <= set(found)


OPTIONS = {"health_port", "insert_headers", "listener_tags", "pool_tags", "redirect_prefix", "tls"}
"""Inputs that mean nothing by default, and are said only by ports that have them."""


def test_rendered_calls_say_everything() -> None:
    """What tfgen renders leaves no input to its default, so that a new default changes nothing.

    An input that came later, and that few need, is left out: older files stay as they are.
    """
    found = _variables(data.folder("modules") / "octavia_port")
    calls = _calls(render.service_document(rendered.load_balancer("shop/web")))
    assert calls["lb_shop_web_tcp-80"] - META == set(found) - OPTIONS
    assert [found[name]["default"] for name in sorted(OPTIONS)] == [0, {}, [], [], None, None]


def test_rendered_calls_say_options_where_there_are_any() -> None:
    """A port that has them all says every input of the module, each with all that it holds."""
    found = _variables(data.folder("modules") / "octavia_port")
    plain = rendered.load_balancer("shop/web")
    port = replace(
        plain.ports[0],
        tls=model.Tls("secret", ("sni",), hsts_max_age=1),
        headers=("X-Forwarded-For",),
        redirect="https://shop.example",
        listener_tags=("a",),
        pool_tags=("b",),
        health_check=True,
    )
    text = render.service_document(replace(plain, ports=(port,)))
    assert _calls(text)["lb_shop_web_tcp-80"] - META == set(found)
    said = _blocks(text, "module")["lb_shop_web_tcp-80"]["tls"]
    assert {key for key in said if not key.startswith("__")} == {
        each.name for each in fields(model.Tls)
    }


def test_stacks_and_modules_want_the_same_provider() -> None:
    """The versions that a stack asks for are those of the modules that it calls."""
    stack = render.stack_documents("shop", rendered.SETTINGS)["stacks/shop/versions.tf"]
    for folder in FOLDERS:
        wanted = hcl2.loads((folder / "versions.tf").read_text())["terraform"]
        assert hcl2.loads(stack)["terraform"] == wanted


def test_variables_of_a_stack_are_typed_and_described() -> None:
    """The stack's own variables, the facts, are typed and described too."""
    stack = render.stack_documents("shop", rendered.SETTINGS)["stacks/shop/variables.tf"]
    found = _blocks(stack, "variable")
    assert list(found) == ["node_groups", "node_ports"]
    assert all(one["type"] and one["description"].endswith(".") for one in found.values())
