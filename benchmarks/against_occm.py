"""tfgen beside OCCM on the laboratory, in one run: `make bench-occm`.

N Services with P ports each get addresses, everything is looked at once with nothing to do, a node
joins, the Services go. Seconds are wall time, calls are requests that Octavia's API answered. Only
the ratios count: the rival, tfgen, the engine and OpenStack itself share this machine's processors.

Without arguments three scenarios run: one Service, builds that take their time, and many Services
in a cloud that builds at once.

    python benchmarks/against_occm.py --services 10 --ports 2 --build-seconds 20 --flows 16
"""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.contest import table
from benchmarks.contest.contender import ADDRESSES, JOIN, Contender
from benchmarks.contest.fleet import Fleet, Scenario
from benchmarks.contest.occm import Occm
from benchmarks.contest.ours import Tfgen
from lab import Lab, say

_ONE, _TEN = "OCCM, 1 worker", "OCCM, 10 workers"
_NODE = ((JOIN, _ONE, 0.5),)
SCENARIOS = (
    Scenario(1, 1, workers=(1,), goals=((ADDRESSES, _ONE, 2.0), *_NODE)),
    Scenario(10, 2, 20, flows=16, goals=((ADDRESSES, _ONE, 0.25), (ADDRESSES, _TEN, 1.0), *_NODE)),
    Scenario(30, 2, workers=(1,), goals=((ADDRESSES, _ONE, 0.6), *_NODE)),
)


def _arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--services", type=int, help="a scenario of one's own; else all three")
    parser.add_argument("--ports", type=int, default=2)
    parser.add_argument("--build-seconds", type=float, default=0, help="how long an amphora boots")
    parser.add_argument("--flows", type=int, default=4, help="of Octavia's worker, at once")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 10], help="of OCCM")
    parser.add_argument("--flags", default="", help="further flags of tfgen's runs")
    return parser.parse_args(words)


def _scenarios(asked: argparse.Namespace) -> tuple[Scenario, ...]:
    if asked.services is None:
        return SCENARIOS
    workers = tuple(asked.workers)
    return (Scenario(asked.services, asked.ports, asked.build_seconds, asked.flows, workers),)


def _contest(lab: Lab, scenario: Scenario, flags: tuple[str, ...]) -> None:
    """Let all contenders do the work one after the other, and print the table."""
    say.out(f"\n{scenario}")
    lab.faults.flows(scenario.flows)
    lab = Lab.here()  # with so many flows, whoever brings up what is missing
    lab.faults.build_seconds(scenario.build_seconds)
    run = f"bench-{secrets.token_hex(3)}"  # no namespace of an earlier run is in the way
    with tempfile.TemporaryDirectory(prefix="tfgen-bench-") as folder:
        mine = Tfgen(lab, Fleet(scenario, f"{run}-tfgen"), Path(folder), flags)
        rivals = [Occm(lab, Fleet(scenario, f"{run}-occm-{n}"), n) for n in scenario.workers]
        results = {each.name: _work(each) for each in (*rivals, mine)}
    say.out("\n" + "\n".join(table.lines(results, scenario, mine.name)))


def _work(contender: Contender) -> table.Found:
    say.out(f"  {contender.name} ...")
    return contender.contest()


def main() -> None:
    """Run the scenarios one after the other."""
    asked = _arguments()
    lab = Lab.here()
    lab.up()
    flows = lab.settings.flows
    try:
        for scenario in _scenarios(asked):
            _contest(lab, scenario, tuple(asked.flags.split()))
    finally:
        lab.faults.build_seconds(0)
        lab.faults.flows(flows)


if __name__ == "__main__":
    main()
