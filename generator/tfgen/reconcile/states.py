"""The states of stacks, only to look at: a local one is read as a file, others by the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tfgen import config, inspection, terraform, workspace
from tfgen.reconcile import work
from tfgen.terraform import local

_LOCAL = "local"
_WORKSPACE = ".terraform/environment"
"""Where engines note that another state than the default one was chosen by hand."""


def in_file(loaded: config.Loaded, stack: str) -> terraform.State | None:
    """Read a local state; None where only its engine can. Raises EngineError where it is none."""
    states = States(loaded, {})
    if _elsewhere(states, stack):
        return None
    return local.read(states.local_file(stack), stack)


def cut_off(loaded: config.Loaded, stack: str) -> bool:
    """Whether a local state was cut off while it was written; see restore."""
    states = States(loaded, {})
    return not _elsewhere(states, stack) and local.cut_off(states.local_file(stack))


def restore(loaded: config.Loaded, stack: str) -> bool:
    """Take back a local state that a killed engine cut off; whether that was so.

    Only for who keeps all others from the stack.
    """
    states = States(loaded, {})
    return not _elsewhere(states, stack) and local.restore(states.local_file(stack))


def _elsewhere(states: "States", stack: str) -> bool:
    """Whether the state that counts is not the usual local file."""
    chosen = workspace.Tree(states.loaded.out).stack(stack) / _WORKSPACE
    return not states.is_local or chosen.exists()


@dataclass(frozen=True, slots=True)
class States:
    """The states of one tree."""

    loaded: config.Loaded
    environ: Mapping[str, str]
    engine: str | None = None
    """As `--engine` says; looked for only where a state is not a local file, or is encrypted."""
    jobs: int = 4

    @property
    def is_local(self) -> bool:
        """Whether states are files beside the stacks."""
        return self.loaded.settings.backend.type == _LOCAL

    def of(self, stack: str) -> terraform.State:
        """Read one state; empty where there is none yet. Raises EngineError."""
        found = in_file(self.loaded, stack)
        return self._engine_of(stack) if found is None else found

    def of_all(self, stacks: tuple[str, ...]) -> Mapping[str, inspection.InState]:
        """Read several at once, in the form that is judged. Raises what the first failure said."""
        read: Callable[[str], terraform.State] = self.of
        found, failures = work.each(stacks, self.jobs, read)
        for failure in failures.values():
            raise failure
        return {stack: _held(whole) for stack, whole in found.items()}

    def local_file(self, stack: str) -> Path:
        """Give the path of a local state."""
        settings = self.loaded.settings
        name = str(settings.backend.config.get("path") or "terraform.tfstate")
        filled = name.replace("{cluster}", settings.cluster).replace("{stack}", stack)
        return workspace.Tree(self.loaded.out).stack(stack) / filled

    def _engine_of(self, stack: str) -> terraform.State:
        engine = terraform.find(self.engine, self.environ)
        environment = config.engine_environment(self.loaded.settings, self.environ)
        one = terraform.Stack(workspace.Tree(self.loaded.out).stack(stack), engine, environment)
        one.init()
        return one.state()


def _held(whole: terraform.State) -> inspection.InState:
    addresses = (instance.address for instance in whole.instances)
    return inspection.InState.of(addresses, (each.address for each in whole.tainted))
