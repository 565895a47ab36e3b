"""One stack's folder and the engine that drives it: init, plan, show, apply, state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from tfgen import errors
from tfgen.terraform import (
    answer,
    commands,
    content,
    events,
    failure,
    held,
    holder,
    plugins,
    process,
    ready,
    state,
    writing,
)
from tfgen.terraform.asked import Asked, Limits, Planned
from tfgen.terraform.engine import Engine
from tfgen.terraform.interruption import Interruption, current

OnEvent: TypeAlias = Callable[[events.Event], None]

PLAN_FILE = "tfgen.tfplan"
_NEW_PLAN = "tfgen-new.tfplan"
_NO_CHANGES, _ERROR, _CHANGES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of the tree."""

    directory: Path
    engine: Engine
    environment: Mapping[str, str]
    interruption: Interruption = field(default_factory=current)
    limits: Limits = field(default_factory=Limits)
    keeps: tuple[int, ...] = ()
    """Descriptors that its engines inherit: the lock of the stack is on one."""
    alias: str = ""
    """The stack's name, where its folder has another."""

    @property
    def name(self) -> str:
        """Its folder's name, unless it stands in for another."""
        return self.alias or self.directory.name

    @property
    def plan_file(self) -> Path:
        """Where its saved plan lies."""
        return self.directory / PLAN_FILE

    @property
    def awaits_facts(self) -> bool:
        """Whether nodes and node ports are not known yet, so that it cannot be planned."""
        return not (self.directory / content.FACTS).is_file()

    @property
    def undisturbed(self) -> "Stack":
        """The same stack for a last look, whoever has asked to end meanwhile."""
        return replace(self, interruption=Interruption())

    def init(self) -> None:
        """Make the folder ready; nothing is done where it is. Raises CommandFailed."""
        if ready.stamped(self.directory, self.engine):
            return
        asked = commands.Init(
            lockfile_readonly=(self.directory / content.LOCK).is_file(),
            json=self.engine.init_speaks_json,
        )
        with plugins.alone(self.engine, self.environment, self.interruption):
            finished, said = self._follow(self._lines.init(asked), self.limits.init, _ignore)
        if finished.code != 0:
            raise self._failed("init", failure.said(said, finished), _INIT_REMEDY)
        ready.stamp(self.directory, self.engine)

    def plan(self, asked: Asked, on_event: OnEvent) -> Planned:
        """Make the saved plan and read it; where nothing changes, none is left behind.

        One that stood before stays until there is another. Raises CommandFailed where there is
        none to read, Interrupted.
        """
        made = self.directory / _NEW_PLAN
        made.unlink(missing_ok=True)
        line = self._lines.plan(
            commands.Plan(
                out=_NEW_PLAN,
                refresh=asked.refresh,
                targets=asked.targets,
                excludes=asked.excludes,
                parallelism=self.limits.parallelism,
            )
        )
        finished, said = self._follow(line, self.limits.plan, on_event)
        if not made.is_file():
            ready.forget(self.directory)
            raise self._failed("plan", failure.said(said, finished), failure.LOOK)
        made.replace(self.plan_file)
        if finished.code == _NO_CHANGES:
            self.plan_file.unlink()
            return Planned({}, changes=False, errored=False, diagnostics=said)
        errored = finished.code == _ERROR
        return Planned(self.show(), changes=not errored, errored=errored, diagnostics=said)

    def take_in(self, imports: str) -> None:
        """Write import blocks for the next plan and its apply; nothing: take them away."""
        path = self.directory / content.RECOVERY
        if imports:
            writing.whole(path, imports.encode())
        else:
            path.unlink(missing_ok=True)

    def show(self) -> Mapping[str, Any]:
        """Read the saved plan as JSON."""
        return self._json("show", self._short.show(PLAN_FILE))

    def apply(self, on_event: OnEvent) -> tuple[events.Diagnostic, ...]:
        """Apply the saved plan; the file goes once anything was done. Gives the warnings.

        A failed or interrupted apply has saved what was done in the state. Raises CommandFailed,
        Interrupted.
        """
        line = self._lines.apply(PLAN_FILE, self.limits.parallelism)

        def hear(event: events.Event) -> None:
            if isinstance(event, events.Operation) and event.changes:
                self.plan_file.unlink(missing_ok=True)  # the engine has read it long before
            on_event(event)

        finished, said = self._follow(line, self.limits.apply, hear)
        if finished.code == 0:
            self.plan_file.unlink(missing_ok=True)
            return said
        remedy = _STAYS if self.plan_file.is_file() else _REPLAN
        raise self._failed("apply", failure.said(said, finished), remedy)

    def output(self) -> Mapping[str, Any]:
        """Read the state's root outputs: name to {value, type, sensitive}."""
        return self._json("output", self._short.output())

    def state(self) -> state.State:
        """Read the whole state. Raises CommandFailed where the backend does not answer."""
        finished = self._done("state pull", self._short.state_pull())
        try:
            return state.loads(answer.text(finished.stdout))
        except ValueError as error:
            raise errors.EngineError(
                f"the state of stack {self.name} is none: {error}",
                remedy="Restore an earlier one in the backend, where it keeps versions.",
            ) from error

    def providers_lock(self, platforms: Sequence[str], mirror: str | None) -> None:
        """Record the providers' hashes for platforms in the lock file. Raises CommandFailed."""
        line = self._lines.providers_lock(platforms, mirror)
        self._done("providers lock", self._run(line, timeout=self.limits.init))

    def untaint(self, address: str) -> None:
        """Take back that an object is to be replaced."""
        self._done("untaint", self._short.untaint(address))

    def forget(self, addresses: Sequence[str]) -> None:
        """Let the state forget objects. Raises CommandFailed."""
        self._done("state rm", self._short.state_rm(addresses))

    def try_lock(self) -> None:
        """Take the state's lock and let it go. Raises CommandFailed where somebody holds it."""
        self._done("lock", self._short.try_lock())

    def force_unlock(self, lock: str) -> None:
        """Let go of the state's lock, whoever took it. Raises CommandFailed."""
        self._done("force-unlock", self._short.force_unlock(lock))

    @property
    def _lines(self) -> commands.Lines:
        return commands.Lines(self.engine.path, self._lock_timeout)

    @property
    def _short(self) -> commands.Short:
        run = partial(self._run, timeout=self.limits.short + self.limits.lock)
        return commands.Short(self.engine.path, run, self._lock_timeout)

    @property
    def _lock_timeout(self) -> str:
        return f"{self.limits.lock:.0f}s"

    def _run(self, line: commands.Arguments, *, timeout: float) -> process.Finished:
        return self._unless_interrupted(line, process.run(self._invocation(line, timeout)))

    def _follow(
        self, line: commands.Arguments, timeout: float, on_event: OnEvent
    ) -> tuple[process.Finished, tuple[events.Diagnostic, ...]]:
        """Run a long command, hand out its events, and keep its diagnostics."""
        said: list[events.Diagnostic] = []

        def on_line(text: str) -> None:
            event = events.parse(text)
            if isinstance(event, events.Diagnostic):
                said.append(event)
            if event is not None:
                on_event(event)

        finished = process.stream(self._invocation(line, timeout), on_line)
        return self._unless_interrupted(line, finished), tuple(said)

    def _unless_interrupted(
        self, line: commands.Arguments, finished: process.Finished
    ) -> process.Finished:
        """Let a command's end pass; one that was made to end is no failure of its own."""
        if self.interruption and finished.code not in {_NO_CHANGES, _CHANGES}:
            raise errors.Interrupted(
                f"stack {self.name}: its {line[1]} did not come to an end",
                remedy=_REST if line[1] == "apply" else "Run the same command again.",
            )
        return finished

    def _invocation(self, line: commands.Arguments, timeout: float) -> process.Invocation:
        return process.Invocation(
            arguments=line,
            directory=self.directory,
            environment=self.environment,
            timeout=timeout,
            interruption=self.interruption,
            private=line[1] != "init",
            keeps=self.keeps,
        )

    def _json(self, command: str, finished: process.Finished) -> Mapping[str, Any]:
        stdout = self._done(command, finished).stdout
        try:
            return answer.document(stdout)
        except ValueError as error:
            raise errors.EngineError(
                f"{self._words(command)} of stack {self.name} gave no JSON: {error}",
                remedy="See what it prints in the stack's folder, or name another --engine.",
            ) from error

    def _done(self, command: str, finished: process.Finished) -> process.Finished:
        if finished.code != 0:
            raise self._failed(command, failure.said((), finished), _SHORT_REMEDY)
        return finished

    def _failed(
        self, command: str, said: tuple[events.Diagnostic, ...], remedy: str
    ) -> failure.CommandFailed:
        """Word a failure; a lock that is held has a way out of its own."""
        if lock := held.lock(said):
            dead = "" if holder.alive(lock, self.directory, self.engine.path) else self.name
            remedy = held.remedy(dead, held.command(lock, self.engine.path, self.directory))
        told = tuple(map(held.told, said))
        return failure.CommandFailed(self._words(command), self.name, told, remedy=remedy)

    def _words(self, command: str) -> str:
        return f"{self.engine.product} {command}"


def _ignore(_event: events.Event) -> None:
    """Let an event go: of init only the diagnostics matter."""


_INIT_REMEDY = (
    "If the provider lock does not fit this platform or engine, run: tfgen lock. "
    "If the provider cannot be fetched, name a mirror in the engine's CLI configuration "
    "(TF_CLI_CONFIG_FILE). If `backend` was changed in tfgen.yaml, put it back; to move the states "
    "there, run the engine's init -migrate-state in each stack's folder, and then this again."
)
_SHORT_REMEDY = (
    "See that the backend of the states answers from here, with the credentials that the engine "
    "gets, and that nobody holds the state. Then run the same command again."
)
_MENDED = "`tfgen doctor` looks at credentials, quotas, subnets and locks."
_STAYS = f"{_MENDED} Nothing was changed and the saved plan stays: run the same command again."
_REST = "What is done is kept; the rest: tfgen plan and tfgen apply, or tfgen run."
_REPLAN = f"{_MENDED} {_REST}"
