"""The demonstration: the sock-shop Services get an address from a real cloud, and answer there.

It does by hand what a newcomer would type, shows each command, and can be run again.
"""

import html
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import yaml

from lab import Lab, errors, say
from lab.cli import base

_ROOT = Path(__file__).parents[1]
_INPUT = _ROOT / "examples" / "sock-shop" / "input.yaml"
_NAMESPACE = "sock-shop"
_SERVICE = "front-end"
_KEPT = ("HOME", "LANG", "PATH", "TERM", "TMPDIR", "XDG_CACHE_HOME")
_ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Demo:
    """One demonstration: a folder with settings and output tree, and what its commands see."""

    lab: Lab
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """The laboratory's variables, and little else."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        claim = {"TFGEN_CLAIM__NAMESPACES": f'["{_NAMESPACE}"]'}  # others may use the cluster, too
        found = {**kept, **self.lab.environment(), **claim}
        return {**found, "PATH": f"{Path(sys.executable).parent}:{found.get('PATH', os.defpath)}"}

    def step(self, *words: str, stdin: str = "") -> None:
        """Show a command, run it, and stop the demonstration where it fails."""
        say.out(f"\n$ {shlex.join(words)}")
        done = subprocess.run(
            words, cwd=self.folder, env=dict(self.environment), input=stdin, text=True, check=False
        )
        if done.returncode:
            raise errors.LabError(f"`{shlex.join(words)}` ended with {done.returncode}")

    def address(self) -> str:
        """Give the shop's EXTERNAL-IP as the cluster has it."""
        path = "jsonpath={.status.loadBalancer.ingress[0].ip}"
        return self.lab.kubectl("get", "service", _SERVICE, "-n", _NAMESPACE, "-o", path).strip()

    def page(self) -> None:
        """Fetch the shop's page through the address, as a client on the internet."""
        url = f"http://{self.address()}/"
        say.out(f"\n$ curl {url}    # from 198.51.100.10, a client on the lab's internet")
        text = self.lab.until(
            lambda: self.lab.curl("-s", "-S", "--max-time", "3", url).stdout, _ANSWER_SECONDS, url
        )
        page = self.folder / "page.html"
        page.write_text(text)
        say.out("\n".join(_readable(text)))
        say.out(f"(the whole page: {_shown(page)})")


def run() -> None:
    """Bring up the laboratory, then do the main job on it."""
    began = time.monotonic()
    lab = Lab.here()
    lab.up()
    demo = Demo(lab, lab.settings.home / "demo")
    demo.folder.mkdir(parents=True, exist_ok=True)
    demo.step("kubectl", "apply", "-f", "-", stdin=_services())
    if not (demo.folder / "tfgen.yaml").exists():
        networks = ("--subnet", "demo-subnet", "--floating-network", "public")
        demo.step("tfgen", "init", "--cluster", "demo", "--cloud", "demo", *networks)
    demo.step("tfgen", "run", "--yes")
    demo.step("kubectl", "get", "service", _SERVICE, "-n", _NAMESPACE)
    demo.page()
    say.out(f"\nDone in {time.monotonic() - began:.0f} s. To review: {_shown(demo.folder)}/infra")
    say.out('To go on by hand: eval "$(.venv/bin/python -m lab env)"; to stop: make lab-down')


def _shown(path: Path) -> Path:
    """Give a path as one would type it here."""
    return Path(os.path.relpath(path))


def _readable(page: str) -> Iterator[str]:
    """Give a page's text, line by line, without its style and marks."""
    bare = re.sub(r"<style>.*?</style>|<details>.*?</details>", "", page, flags=re.DOTALL)
    for line in bare.splitlines():
        text = html.unescape(re.sub(r"<[^>]+>", " ", line)).strip()
        if text:
            yield f"  {re.sub(' +', ' ', text)}"


def _services() -> str:
    """Give the example's Services and their namespace; the Nodes are the laboratory's own."""
    items = yaml.safe_load(_INPUT.read_text())["items"]
    services = [item for item in items if item["kind"] == "Service"]
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _NAMESPACE}}
    whole = {"apiVersion": "v1", "kind": "List", "items": [namespace, *services]}
    return orjson.dumps(whole).decode()


def main() -> None:
    """Run the demonstration; say what went wrong in a line."""
    with base.boundary("demo", "make demo"):
        run()


if __name__ == "__main__":
    main()
