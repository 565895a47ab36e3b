"""The benchmarks that need no laboratory still run."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "benchmarks/render.py"


def test_rendering_is_measured_against_its_limits() -> None:
    """Each step and each limit has its line; a small fleet is far within them."""
    command = [sys.executable, str(SCRIPT), "--services", "60", "--nodes", "5", "--runs", "1"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    steps = ["parse", "read the tree", "translate", "render", "compare", "write", "in all"]
    found = [line for line in lines if line.startswith(tuple(steps))]
    assert [line[:14].strip() for line in found] == steps
    files = next(line for line in lines if line.startswith("files written"))
    assert files.split()[2:] == ["76", "2"]
    ratios = [float(line.rpartition(" ")[2]) for line in lines if "ratio" in line]
    assert len(ratios) == 3
    assert max(ratios) < 1
