"""The settings in force, their JSON Schema and their page are made from one source."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tfgen import cli, config
from tfgen.cli import app
from tfgen.config import reference, show, yaml_text

TEXT = """\
cluster: demo
tree: "3f9c1a2b4d5e6f70"
network: {floating_networks: [{name: "pub: lic"}]}
backend: {type: s3, config: {bucket: b, key: "{stack}"}}
"""
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file of settings."""
    path = tmp_path / "tfgen.yaml"
    path.write_text(TEXT)
    return path


def test_shown_settings_load_to_the_same(file: Path, tmp_path: Path) -> None:
    """What `config show` prints is a tfgen.yaml that says all of it, origins or not."""
    loaded = config.load(file, environ={})
    again = tmp_path / "again.yaml"
    for origins in (False, True):
        again.write_text(show.text(loaded, origins=origins))
        assert config.load(again, environ={}).settings == loaded.settings


def test_origins_stand_beside_each_setting(file: Path) -> None:
    """Every setting names its layer: a line of the file, a variable, or the default."""
    loaded = config.load(file, environ={"TFGEN_GUARDS__STOP": "true"})
    lines = show.text(loaded, origins=True).splitlines()
    said = {line.split(":")[0].strip(): line.partition("# ")[2] for line in lines}
    assert said["cluster"] == f"{file}:1"
    assert said["stop"] == "TFGEN_GUARDS__STOP"
    assert said["lb_method"] == "default"
    assert said["key"] == f"{file}:4"


def test_the_command_prints_text_or_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`tfgen config show` prints YAML, and with --format json one document with origins."""
    assert cli.app.run(["config", "show", "--config", str(file)]) == 0
    assert capsys.readouterr().out.startswith("cluster: demo\n")
    arguments = ["config", "show", "-c", str(file), "-o", "there", "--format", "json"]
    assert cli.app.run(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["schema"] == "tfgen.settings"
    assert printed["settings"]["backend"]["config"] == {"bucket": "b", "key": "{stack}"}
    assert printed["origins"]["out"] == "--out"
    assert printed["out"] == str(Path.cwd() / "there")


def test_wrong_settings_end_the_command(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error of the settings is exit code 1 with the fault on stderr, or JSON on stdout."""
    file.write_text("cluster: demo\ntree: '3f9c1a2b4d5e6f70'\nclass: x\n")
    assert cli.app.run(["config", "show", "-c", str(file)]) == 1
    assert f"{file}:3: class is not a setting" in capsys.readouterr().err
    assert cli.app.run(["config", "show", "-c", str(file), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == 1


def schema(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run `tfgen schema`."""
    assert app.run(["schema", *arguments]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_schema_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """Each setting stands in the schema with its sentence, and unknown keys are refused."""
    made = schema(capsys)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["required"] == ["cluster", "tree"]
    assert made["additionalProperties"] is False
    assert list(made["properties"]) == list(config.Settings.model_fields)
    subnet = made["$defs"]["Network"]["properties"]["subnet_id"]
    assert subnet["description"] == "Subnet of the VIP (or give network_id)."


def test_every_setting_has_a_sentence() -> None:
    """Nothing in the schema is without a description, for page and comments are made of them."""
    made = config.Settings.model_json_schema()
    sections = {"": made, **made["$defs"]}
    bare = [
        f"{section}.{name}"
        for section, described in sections.items()
        for name, field in described["properties"].items()
        if "description" not in field and "$ref" not in field
    ]
    assert bare == []


@pytest.mark.parametrize(
    "value",
    [
        *("demo", "no", "Yes", "null", "~", "12345678", "12e45678", "2.27", "a: b", "- a", "#x"),
        *("", " x ", "*", "{stack}", "'", '"', "\\", "a\nb", "\x07", "ü", 1, -1, True, None),
        *([], {}, ["a", "1"], {"a b": {"c": ["d"]}}, [{"a": "b"}, {"c": {}}]),
    ],
)
def test_values_read_back_as_they_were(value: object) -> None:
    """Whatever a setting holds, its YAML on one line reads back the same."""
    text = yaml_text.flow(value)
    assert "\n" not in text
    assert YAML(typ="safe", pure=True).load(f"key: {text}") == {"key": value}


def test_the_reference_page_is_fresh() -> None:
    """The page in docs/ is what the settings say today."""
    update = "python -m tfgen.config.reference > docs/reference/settings.md"
    assert PAGE.read_text(encoding="utf-8") == reference.page(), f"stale; run: {update}"
