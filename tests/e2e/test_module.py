"""The Terraform modules' own tests, and the examples of their READMEs, with a real engine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lab import Lab
from tfgen import data

pytestmark = pytest.mark.engine

MODULES = sorted(path.parent for path in data.folder("modules").glob("*/main.tf"))
modules = pytest.mark.parametrize("module", MODULES, ids=[path.name for path in MODULES])
AROUND = """
resource "openstack_lb_loadbalancer_v2" "shop" {
  vip_subnet_id = "11111111-1111-4111-8111-111111111111"
}
"""


def _engine(lab: Lab, folder: Path, *arguments: str) -> str:
    """Run Terraform, or OpenTofu where that is what there is; what it printed."""
    done = subprocess.run(
        [str(lab.terraform or lab.tofu), *arguments, "-no-color"],
        cwd=folder,
        env={**os.environ, **lab.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@modules
def test_module_passes_its_own_tests(lab: Lab, module: Path, tmp_path: Path) -> None:
    """Every run block of tests/*.tftest.hcl passes against the provider's real schema."""
    folder = tmp_path / module.name
    shutil.copytree(module, folder, ignore=shutil.ignore_patterns(".terraform*"))
    _engine(lab, folder, "init")
    printed = _engine(lab, folder, "test")
    texts = [path.read_text() for path in module.glob("tests/*.tftest.hcl")]
    runs = sum(len(re.findall(r"^run ", text, re.MULTILINE)) for text in texts)
    assert runs
    assert f"{runs} passed, 0 failed" in printed


@modules
def test_readme_example_is_valid(lab: Lab, module: Path, tmp_path: Path) -> None:
    """What the README shows can be pasted beside a load balancer."""
    shutil.copytree(module, tmp_path / "modules" / module.name)
    examples = re.findall(r"```hcl\n(.*?)```", (module / "README.md").read_text(), re.DOTALL)
    (tmp_path / "main.tf").write_text(AROUND + "".join(examples))
    shutil.copy(module / "versions.tf", tmp_path)
    _engine(lab, tmp_path, "init")
    _engine(lab, tmp_path, "validate")
