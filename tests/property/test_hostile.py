"""Input is hostile: no string of a Service or Node becomes code, and no name becomes a path."""

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fakes import objects
from tests.property import amount, services
from tfgen import annotations, errors, manifest, model

Json = dict[str, Any]

# "$${" is missing: python-hcl2 cannot read it; the engine is asked about it in test_hcl.
PAYLOADS = (
    'x" } } resource "null_resource" "evil" { x = "y',
    'x" lifecycle { prevent_destroy = false } y = "',
    '"}\nresource "null_resource" "evil" {\n  x = "',
    '"\n}\n\noutput "evil" {\n  value = file("/etc/passwd")\n}\n',
    '${file("/etc/passwd")}',
    '%{ for x in ["a"] }${x}%{ endfor }',
    '\\"',
    "\\",
    '\\\\"}',
    "EOT\n}\n",
    "<<EOT\nx\nEOT",
    "*/",
    "/*",
    "# x",
    "// x",
    "\u2028resource",
    "\r\nresource",
    "\x00",
    "\x1b]0;evil\x07",
    "\u202e",
    "\ud800",
    "a" * 700,
)
PATHS = (
    "..",
    ".",
    "../../evil",
    "/etc/evil",
    "a/../../evil",
    "a/b",
    "a\\b",
    "a\x00b",
    "a\nb",
    "~/evil",
    "$HOME",
    "-rf",
    "lb_x.tf",
    ".terraform",
    "tfgen-manifest.json",
    "a" * 300,
    "",
    " ",
)
_SAFE = re.compile(
    r"infra/(\.gitignore|tfgen-manifest\.json|modules/[a-z_0-9]+/[a-z_.]+"
    r"|stacks/[a-z0-9][a-z0-9_-]*/([a-z]+\.tf|facts\.auto\.tfvars\.json|lb6?(group)?_[a-z0-9_-]+\.tf))"
)
_TYPES = (
    "openstack_lb_loadbalancer_v2",
    "openstack_networking_floatingip_v2",
    "terraform_data",
)
_payloads = st.sampled_from(PAYLOADS) | services.texts.filter(lambda text: "$${" not in text)
_names = st.tuples(
    st.sampled_from(["shop", "blog"]), st.from_regex(r"[a-z][a-z0-9-]{0,6}[a-z0-9]", fullmatch=True)
)


_free = st.sampled_from(
    [
        "loadbalancer.openstack.org/availability-zone",
        "loadbalancer.openstack.org/load-balancer-tags",
    ]
)
"""Annotations whose text is taken as it is, or nearly, and written into a file."""


@st.composite
def poisoned(draw: st.DrawFn) -> Json:
    """A Service that may render, with payloads in annotations, labels and some of its fields."""
    whole = draw(services.rightful(_names))
    metadata = whole["metadata"]
    notes = draw(st.dictionaries(_payloads, _payloads, max_size=2))
    notes |= {key: draw(st.sampled_from(PAYLOADS)) for key in draw(st.sets(_free, min_size=1))}
    if not draw(st.integers(0, 4)):
        notes[draw(st.sampled_from(sorted(annotations.TABLE)))] = draw(_payloads)
    metadata = {
        **metadata,
        "annotations": {**metadata.get("annotations", {}), **notes},
        "labels": draw(st.dictionaries(_payloads, _payloads, max_size=2)),
    }
    spec = dict(whole["spec"])
    for key in draw(st.sets(st.sampled_from(["externalName", "selector"]))):
        spec[key] = draw(_payloads)
    spec["ports"] = [{**port, "name": draw(_payloads)} for port in spec["ports"]]
    return {**whole, "metadata": metadata, "spec": spec}


def _node(number: int, payload: str) -> Json:
    node = objects.node(number)
    metadata = {**node["metadata"], "labels": {payload: payload}, "annotations": {payload: payload}}
    return {**node, "metadata": metadata}


def _key(service: Json) -> tuple[str, str]:
    return service["metadata"]["namespace"], service["metadata"]["name"]


_fleets = st.lists(
    poisoned(),
    min_size=2,
    max_size=4,
    unique_by=_key,
)
_nodes = st.lists(_payloads, min_size=2, max_size=4).map(
    lambda found: [_node(number, payload) for number, payload in enumerate(found, start=1)]
)


@settings(amount.of(0.12), phases=(Phase.explicit, Phase.generate))
@given(_fleets, _nodes, _payloads)
def test_files_hold_exactly_the_resources_of_their_service(
    fleet: list[Json], nodes: list[Json], payload: str
) -> None:
    """Read back as HCL, each file has the addresses that its entry says: none more, none less."""
    nodes = [*nodes, {**objects.node(9), "metadata": {"name": payload}}]
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder))
        place.render(fleet, nodes, allow_removals=9)
        for entry in manifest.loads(place.text(manifest.FILE)).services.values():
            assert _addresses(place.text(entry.file)) == _expected(entry)


def _addresses(text: str) -> Counter[str]:
    """Give the addresses of all blocks that a file holds."""
    found: Counter[str] = Counter()
    for kind, blocks in hcl2.loads(text).items():
        if kind.startswith("__"):
            continue
        for block in blocks:
            for label, body in block.items():
                deeper = [key for key in body if not key.startswith("__")]
                names = deeper if kind == "resource" else [""]
                found.update(f"{kind}.{label}.{name}".replace('"', "") for name in names)
    return found


def _expected(entry: manifest.Entry) -> Counter[str]:
    address = entry.service.address
    types = [kind for kind in _TYPES if kind != _TYPES[1] or not entry.internal]
    return Counter(
        [
            *(f"resource.{kind}.{address}" for kind in types),
            *(f"module.{address}_{port}." for port in entry.ports),
            f"output.{address}.",
        ]
    )


@pytest.mark.engine
@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate],
)
@given(
    fleet=st.lists(
        poisoned(),
        min_size=15,
        max_size=25,
        unique_by=_key,
    ),
    nodes=_nodes,
)
def test_the_engine_reads_the_tree_and_would_write_it_so(
    fleet: list[Json], nodes: list[Json]
) -> None:
    """`fmt -check` has nothing to say, and the engine loads every stack as it stands."""
    engine = shutil.which("terraform") or "tofu"
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder))
        place.render(fleet, nodes)
        root = place.root / "infra"
        _run(engine, "fmt", "-check", "-recursive", at=root)
        known = manifest.loads(place.text(manifest.FILE))
        assert known.services
        for stack in known.stacks:
            at = root / "stacks" / stack
            (at / "backend.tf").unlink()  # it would have to be made ready, with all providers
            _run(engine, "get", at=at)
            said = _run(engine, "providers", at=at)
            named = set(re.findall(r"provider\[([^\]]+)\]", said))
            assert {each.rpartition("/")[2] for each in named} == {"openstack", "terraform"}, named


def _run(*command: str, at: Path) -> str:
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


_hostile_names = st.sampled_from([*PATHS, *PAYLOADS])


@amount.of(0.5)
@given(st.lists(st.tuples(_hostile_names, _hostile_names), min_size=1, max_size=3), _hostile_names)
def test_no_name_is_a_path(names: list[tuple[str, str]], node: str) -> None:
    """Whatever Services, namespaces and nodes are called, all files lie where they should."""
    fleet = [objects.service()]
    for namespace, name in names:
        one = objects.service()
        fleet.append({**one, "metadata": {**one["metadata"], "namespace": namespace, "name": name}})
    nodes = [*objects.nodes(), {**objects.node(9), "metadata": {"name": node}}]
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder, "deep", "deeper"))
        place.root.mkdir(parents=True)
        place.render(fleet, nodes)
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        for path in files:
            assert _SAFE.fullmatch(str(path.relative_to(place.root))), path


@pytest.mark.parametrize("name", [*PATHS, PAYLOADS[0]])
@pytest.mark.parametrize("place", ["stack", "namespace", "name", "home", "gone"])
def test_a_manifest_takes_no_path(name: str, place: str) -> None:
    """Names of a manifest become paths, so another one than a name is refused."""
    web = objects.entry(model.ServiceKey("shop", "web"))
    known = manifest.Manifest(
        "demo", "3f9c1a2b", "namespace", stacks=("shop",), services={web.service: web}
    )
    document = json.loads(manifest.dumps(known))
    entry = document["services"]["shop/web"]
    match place:
        case "stack":
            document["stacks"] = [name]
        case "home":
            entry["stack"] = name
        case "gone":
            document["gone"] = {"shop/old": name}
        case "namespace":
            document["services"] = {f"{name}/web": entry}
        case _:
            document["services"] = {f"shop/{name}": entry}
    with pytest.raises(errors.Refused, match="cannot be read"):
        manifest.loads(json.dumps(document))
