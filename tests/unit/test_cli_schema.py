"""The schemas of the documents that tfgen writes describe what it really writes."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from tfgen import cli, manifest, model

WEB = model.ServiceKey("shop", "web")
NAMES = [each.name for each in fields(model.Frozen) if each.name != "floating_subnets"]
TEXTS: dict[str, Any] = dict.fromkeys(NAMES, "1")
FULL = model.Frozen(**TEXTS)
ENTRY = manifest.Entry(
    service=WEB,
    stack="shop",
    digest="0" * 64,
    ports=("tcp-80",),
    node_group="default",
    internal=False,
    protect=False,
    keep_floating_ip=True,
    hostname="web.example.com",
    proxy=True,
    frozen=replace(FULL, floating_subnets=("1",)),
    health_check=True,
    node_selector="a=b",
    family=model.Family.IPV6,
    group="front",
    second=manifest.Second(model.Family.IPV4, "default", FULL),
)


def schema(capsys: pytest.CaptureFixture[str], name: str) -> dict[str, Any]:
    """Run `tfgen schema NAME`."""
    assert cli.app.run(["schema", name]) == 0
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    return made


def keys(described: dict[str, Any]) -> set[str]:
    """Give the keys of an object that a schema allows; each must be one that it asks for."""
    assert sorted(described["properties"]) == described["required"]
    return set(described["properties"])


def test_the_schema_of_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    """A written manifest has the keys of its schema, no more and no less, down to its entries."""
    made = schema(capsys, "manifest")
    tree = manifest.Manifest(cluster="demo", tree="0" * 8, stacks_by="namespace")
    whole = manifest.Manifest(
        cluster="demo", tree=tree.tree, stacks_by="namespace", services={WEB: ENTRY}
    )
    written = json.loads(manifest.dumps(whole))
    entry = made["properties"]["services"]["additionalProperties"]
    assert keys(made) == set(written)
    assert set(entry["properties"]) == set(written["services"]["shop/web"])
    assert set(entry["required"]) == set(entry["properties"]) - manifest.USUAL.keys()
    assert made["properties"]["schema"] == {"const": written["schema"]}
    assert set(made["$defs"]["Frozen"]["properties"]) == set(
        written["services"]["shop/web"]["frozen"]
    )


def test_the_schema_of_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """An error printed as JSON has the keys of its schema."""
    made = schema(capsys, "error")
    assert cli.app.run(["config", "show", "-c", "/nowhere.yaml", "--format", "json"]) == 1
    written = json.loads(capsys.readouterr().out)
    assert keys(made) == set(written)
    assert keys(made["properties"]["error"]) == set(written["error"])


def test_an_unknown_document_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """A name without schema is answered with the names that there are."""
    assert cli.app.run(["schema", "plans"]) == 64
    assert "'manifest'" in capsys.readouterr().err
    assert cli.app.run(["schema", "plans", "--format=json"]) == 64
    assert json.loads(capsys.readouterr().out)["error"]["code"] == 64
