"""The loop: draw, look, do, look, judge, remember; and at the end all is mended and goes."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import yaml

from lab import Lab
from tests.e2e import secrecy
from tests.e2e.sites import Site
from tests.soak import draw, invariants, wishes
from tests.soak.remember import remember
from tests.soak.report import Journal
from tests.soak.seen import Seen
from tests.soak.step import Memory, Step
from tests.soak.wishes import Operation, Wishes
from tests.soak.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """What a soak is asked for."""

    seed: int
    seconds: float
    steps: int | None
    """Exactly so many drawn operations, and no ending; None: as many as the time lets."""
    least: int
    """Operations that are drawn even if they take longer."""
    folder: Path


@dataclass
class Soak:
    """One soak under way."""

    world: World
    journal: Journal
    memory: Memory
    secrets: Mapping[str, str]
    now: Wishes = field(default_factory=Wishes)
    done: list[Operation] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)

    def step(self, operation: Operation) -> list[str]:
        """Carry one operation out and judge it; what is broken."""
        since = time.monotonic()
        busy, now = self.world.passes.busy, wishes.after(self.now, operation)
        planted = self._planted()
        passes, idle = self.world.do(operation, now, self.memory, self.seen)
        memory = self._without(planted - self._planted())
        still = self.world.passes.busy
        after = self.world.look()
        step = Step(
            operation,
            now,
            memory,
            self.seen,
            after,
            passes,
            busy=busy or still,
            still=still,
            idle=idle,
        )
        broken = invariants.broken(step, self.secrets)
        self.done.append(operation)
        self.journal.note(len(self.done), step, time.monotonic() - since, broken)
        self.now, self.seen, self.memory = now, after, remember(step, self._planted())
        _say(f"{len(self.done):4} {operation}{_told(step)}")
        return broken

    def _planted(self) -> frozenset[str]:
        """Give the ids of all that is somebody else's."""
        return frozenset(id_ for pair in self.world.planted.values() for id_ in pair)

    def _without(self, uprooted: frozenset[str]) -> Memory:
        """Forget what its owner removed."""
        foreign = {k: v for k, v in self.memory.foreign.items() if k not in uprooted}
        return replace(self.memory, foreign=foreign)


def run(asked: Asked, lab: Lab) -> int:
    """Soak the laboratory; the exit code."""
    site = Site(lab, asked.folder, name=f"soak-{asked.seed}")
    asked.folder.mkdir(parents=True, exist_ok=True)
    World(site, "").clean()
    journal = Journal(asked.folder / "journal.jsonl")
    journal.begin(seed=asked.seed, seconds=asked.seconds, steps=asked.steps)
    soak = _begun(site, journal)
    with soak.world.tidied():
        failed = _soaked(soak, asked)
    _say(journal.table())
    if not failed:
        _say(f"seed {asked.seed}: all held after each of {len(soak.done)} operations")
    return 1 if failed else 0


def _begun(site: Site, journal: Journal) -> Soak:
    for path in (site.folder / "tfgen.yaml", site.tree):
        if path.is_file():
            path.unlink()
    site.run("rm", "-rf", str(site.tree))
    site.apply()
    site.init()
    settings = yaml.safe_load((site.folder / "tfgen.yaml").read_text())
    world = World(site, settings["tree"])
    memory = Memory(tree=settings["tree"], namespace=site.name)
    secrets = secrecy.known(site.lab.settings.etc)
    return Soak(world, journal, memory, secrets, seen=world.look())


def _soaked(soak: Soak, asked: Asked) -> bool:
    """Do what is drawn, then what ends it; whether something is broken."""
    random, end = Random(asked.seed), time.monotonic() + asked.seconds  # noqa: S311  to be replayed
    while _goes_on(asked, len(soak.done), time.monotonic() < end):
        if broken := soak.step(draw.operation(random, soak.now)):
            return _failed(soak, asked, broken)
    if asked.steps is not None:
        return False
    for operation in wishes.ending(soak.now):
        if broken := soak.step(operation):
            return _failed(soak, asked, broken)
    if broken := invariants.left(soak.seen, soak.memory):
        return _failed(soak, asked, broken)
    return False


def _goes_on(asked: Asked, done: int, early: bool) -> bool:  # noqa: FBT001  whether there is time
    if asked.steps is not None:
        return done < asked.steps
    return early or done < asked.least


def _failed(soak: Soak, asked: Asked, broken: list[str]) -> bool:
    number = len(soak.done)
    _say("\n".join(f"BROKEN {each}" for each in broken))
    _say(f"seed {asked.seed}, step {number}: {soak.done[-1]}")
    _say("\n".join(f"{n:4} {each}" for n, each in enumerate(soak.done, 1)))
    _say(f"journal: {soak.journal.path}; again: make soak SEED={asked.seed} STEPS={number}")
    return True


def _told(step: Step) -> str:
    idle = f" (nothing: {step.idle})" if step.idle else ""
    ran = "".join(
        f" -> {each.command} {each.code} in {each.seconds:.1f} s"
        f"{', ' + each.hindered if each.hindered else ''}"
        for each in step.passes
    )
    return idle + ran


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
