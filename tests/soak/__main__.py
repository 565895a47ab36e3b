"""python -m tests.soak: random operations on a laboratory, judged after every one of them.

It is no `hypothesis.stateful.RuleBasedStateMachine`, which was tried first: with one example it
draws the smallest one (300 times the same rule), a failing example is run again from the start
before it is told (ten minutes, and a kill does not hit the same moment twice, which is "flaky"),
and it cannot end when the time is over. Drawing from an own `Random` and from what was asked for
so far takes twenty lines, and a seed draws the same operations again.
"""

import argparse
import secrets
import sys
from pathlib import Path

from lab import Lab
from tests.soak import soak


def main() -> int:
    """Read the arguments and soak."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long to draw operations")
    parser.add_argument("--seed", type=int, help="what all is drawn from; default: a random one")
    parser.add_argument("--steps", type=int, help="do only so many operations: to replay")
    parser.add_argument("--least", type=int, default=300, help="operations, however long")
    parser.add_argument("--folder", type=Path, default=Path("build/soak"), help="tree and journal")
    said = parser.parse_args()
    seed = secrets.randbelow(100_000) if said.seed is None else said.seed
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    folder = said.folder.absolute() / str(seed)
    return soak.run(soak.Asked(seed, said.seconds, said.steps, said.least, folder), Lab.here())


if __name__ == "__main__":
    sys.exit(main())
