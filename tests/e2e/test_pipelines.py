"""The shell of docs/pipelines.md, run as it stands: a Service goes through it twice."""

import os
import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

_PAGE = Path(__file__).parents[2] / "docs/pipelines.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


class Pipeline:
    """A site with manifests in its folder, as a repository has them, and the page's scripts."""

    def __init__(self, site: Site) -> None:
        self.site = site
        (site.folder / "manifests").mkdir()
        site.init()

    def bring(self, name: str) -> None:
        """Put a Service into the repository and into the cluster."""
        service = self.site.service(name)
        (self.site.folder / f"manifests/{name}.yaml").write_bytes(orjson.dumps(service))
        self.site.apply(service)

    def run(self, part: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the block that holds this; `code` is the exit code that it must end with."""
        path = f"PATH={Path(sys.executable).parent}:{os.environ['PATH']}"
        return self.site.run("env", path, "bash", "-c", block(part), code=code)


def block(part: str) -> str:
    """Give the one block of shell that holds this."""
    [found] = [text for text in _BLOCK.findall(_PAGE.read_text()) if part in text]
    return str(found)


@pytest.fixture
def pipeline(site: Site) -> Pipeline:
    """A pipeline that has not run yet."""
    return Pipeline(site)


def test_plain_terraform(pipeline: Pipeline) -> None:
    """The check of the pull request, the facts, plan.sh and apply.sh bring an address."""
    pipeline.bring("web")
    pipeline.run("--check --diff --allow-held", code=2)
    pipeline.site.tfgen("render", "--from", "manifests/", "--intent-only")
    pipeline.run("--check --diff --allow-held")
    pipeline.run("tfgen sync")
    pipeline.run("tfgen guard")
    assert pipeline.site.load_balancers() == []
    pipeline.run('terraform -chdir="$stack" apply')
    [floating] = pipeline.site.floating_ips()
    assert pipeline.site.external_ip("web") == floating.floating_ip_address


def test_commands_of_tfgen(pipeline: Pipeline) -> None:
    """The same with `plan`, `apply` and `publish`; a rendering says which stacks it touched."""
    pipeline.bring("web")
    command, _, _ = block("| jq").partition("|")
    said = pipeline.site.tfgen(*command.split()[1:])
    assert orjson.loads(said.stdout)["stacks"] == [pipeline.site.name]
    pipeline.run("tfgen sync")
    pipeline.run("tfgen apply --yes")
    [floating] = pipeline.site.floating_ips()
    assert pipeline.site.external_ip("web") == floating.floating_ip_address
