"""Each example is rendered, and is what a newcomer finds in its folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lab import Lab
from tests.golden import trees
from tfgen import cli, manifest
from tfgen.kube import files

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(path.parent for path in ROOT.glob("examples/*/tfgen.yaml"))
WANTED = {"internal", "multi-port", "nodeport", "sock-shop", "source-ranges"}

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)


def test_all_examples_are_there() -> None:
    """Those that the documentation promises."""
    assert {path.name for path in EXAMPLES} >= WANTED


@each_example
def test_an_example_is_rendered_as_it_stands(
    example: Path, tmp_path: Path, *, update_golden: bool
) -> None:
    """Every file of `infra/`, and no other, is what `tfgen render` makes of the input."""
    arguments = ["--from", str(example / "input.yaml"), "-c", str(example / "tfgen.yaml")]
    assert cli.app.run(["render", *arguments, "-o", str(tmp_path / "infra")]) == 0
    trees.check(example / "infra", trees.texts(tmp_path / "infra"), update=update_golden)


@each_example
def test_an_example_holds_what_a_reader_looks_for(example: Path) -> None:
    """One input with Services and Nodes, node ports given; settings; a page to read first."""
    assert {path.name for path in example.glob("*.y*ml")} == {"input.yaml", "tfgen.yaml"}
    assert len((example / "README.md").read_text().splitlines()) <= 12
    listing = files.read(str(example / "input.yaml"))
    assert listing.nodes
    known = manifest.loads((example / "infra/tfgen-manifest.json").read_text())
    for entry in known.services.values():
        facts = (example / f"infra/stacks/{entry.stack}/facts.auto.tfvars.json").read_text()
        assert "null" not in facts


def test_the_shop_leaves_its_inner_services_alone() -> None:
    """Thirteen Services go in, the front end comes out; the lab's client may connect."""
    listing = files.read(str(ROOT / "examples/sock-shop/input.yaml"))
    assert len(listing.services) == 13
    for shop in ("sock-shop", "nodeport"):
        tree = ROOT / "examples" / shop / "infra"
        known = manifest.loads((tree / "tfgen-manifest.json").read_text())
        assert list(map(str, known.services)) == ["sock-shop/front-end"]
        text = (tree / "stacks/sock-shop/lb_sock-shop_front-end.tf").read_text()
        assert '"198.51.100.0/24",' in text


@pytest.mark.engine
@each_example
def test_an_example_is_valid(example: Path, tmp_path: Path) -> None:
    """The engine and the provider's own schema accept every stack, without a cloud."""
    shutil.copytree(example / "infra", tmp_path / "infra")
    environment = {**os.environ, **Lab.here().environment()}
    for stack in sorted((tmp_path / "infra/stacks").iterdir()):
        for words in (["init", "-backend=false", "-input=false"], ["validate"]):
            command = ["terraform", *words, "-no-color"]
            done = subprocess.run(
                command, cwd=stack, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.engine
@pytest.mark.parametrize("folder", ["examples", "modules", "tests/golden"])
def test_the_engine_would_format_nothing(folder: str) -> None:
    """`terraform fmt -check` accepts every file that we write or ship."""
    check = ["terraform", "fmt", "-check", "-diff", "-recursive", folder]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
