"""The engine's command lines, every flag explicit; the one door to python-terraform.

From python-terraform 0.10.1 come the argument lists and `cmd()`, the call of the short commands.
Its own plan, apply and destroy are wrong for today's engines, and its `cmd()` hands on the whole
environment (another account's OS_*, TF_WORKSPACE, TF_CLI_ARGS), waits without end, logs states, and
parses the state file after each command. So `cmd()` runs here on a runner that is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from python_terraform import IsFlagged, Terraform

from tfgen.terraform import process

Arguments: TypeAlias = tuple[str, ...]
Runner: TypeAlias = Callable[[Arguments], process.Finished]

_NOTHING = "openstack_lb_loadbalancer_v2.tfgen_looks_for_a_lock"
LOCK_TIMEOUT = "60s"
"""How long a state that another run holds is waited for, unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Init:
    """What `init` is asked for; `json` from Terraform 1.9 and OpenTofu 1.8 on."""

    lockfile_readonly: bool
    json: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What `plan` is asked for. No targets: everything."""

    out: str
    refresh: bool = True
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    """OpenTofu only."""
    parallelism: int = 10


class Lines:
    """Argument lists of the commands whose output is followed line by line."""

    def __init__(self, binary: str, lock_timeout: str = LOCK_TIMEOUT) -> None:
        self._terraform = _Terraform(binary)
        self._lock_timeout = lock_timeout

    def init(self, asked: Init) -> Arguments:
        """Install providers and modules, set up the backend."""
        return self._terraform.line(
            "init",
            json=IsFlagged if asked.json else None,
            no_color=IsFlagged,
            input=False,
            lock_timeout=self._lock_timeout,
            lockfile="readonly" if asked.lockfile_readonly else None,
        )

    def plan(self, asked: Plan) -> Arguments:
        """Make a saved plan: exit code 0 no changes, 2 changes, 1 error."""
        return self._terraform.line(
            "plan",
            json=IsFlagged,
            no_color=IsFlagged,
            input=False,
            detailed_exitcode=IsFlagged,
            lock_timeout=self._lock_timeout,
            parallelism=asked.parallelism,
            refresh=asked.refresh,
            target=list(asked.targets),
            exclude=list(asked.excludes),
            out=asked.out,
        )

    def apply(self, plan_file: str, parallelism: int) -> Arguments:
        """Apply a saved plan; there is no way here to apply without one."""
        return self._terraform.line(
            "apply",
            plan_file,
            json=IsFlagged,
            no_color=IsFlagged,
            input=False,
            lock_timeout=self._lock_timeout,
            parallelism=parallelism,
        )

    def providers_lock(self, platforms: Sequence[str], mirror: str | None) -> Arguments:
        """Record hashes of the providers for platforms, from the registry or a mirror folder."""
        return self._terraform.line(
            "providers lock", no_color=IsFlagged, fs_mirror=mirror, platform=list(platforms)
        )


class Short:
    """The short commands: each asks one thing and is waited for."""

    def __init__(self, binary: str, runner: Runner, lock_timeout: str = LOCK_TIMEOUT) -> None:
        self._terraform = _Terraform(binary, runner)
        self._lock_timeout = lock_timeout

    def version(self) -> process.Finished:
        """Ask for the engine's version."""
        return self._terraform.cmd("version", json=IsFlagged)

    def show(self, plan_file: str) -> process.Finished:
        """Ask for a saved plan as JSON."""
        return self._terraform.cmd("show", plan_file, json=IsFlagged, no_color=IsFlagged)

    def output(self) -> process.Finished:
        """Ask for the state's root outputs as JSON."""
        return self._terraform.cmd("output", json=IsFlagged, no_color=IsFlagged)

    def state_pull(self) -> process.Finished:
        """Ask for the whole state as JSON; nothing where there is none."""
        return self._terraform.cmd("state pull", no_color=IsFlagged)

    def untaint(self, address: str) -> process.Finished:
        """Take back that an object is to be replaced."""
        return self._terraform.cmd(
            "untaint", address, no_color=IsFlagged, lock_timeout=self._lock_timeout
        )

    def state_rm(self, addresses: Sequence[str]) -> process.Finished:
        """Let the state forget objects; they stay in the cloud, where they stand there."""
        return self._terraform.cmd("state rm", *addresses, lock_timeout=self._lock_timeout)

    def force_unlock(self, lock: str) -> process.Finished:
        """Let go of a state's lock that somebody else took."""
        return self._terraform.cmd("force-unlock", lock, force=IsFlagged, no_color=IsFlagged)

    def try_lock(self) -> process.Finished:
        """Take the state's lock and let it go: an untaint of nothing writes nothing.

        Fails at once where somebody holds it.
        """
        return self._terraform.cmd(
            "untaint", _NOTHING, allow_missing=IsFlagged, no_color=IsFlagged, lock_timeout="0s"
        )


class _Terraform(Terraform):  # type: ignore[misc]  # python-terraform has no types
    """python-terraform with a runner of ours below its `cmd()`."""

    def __init__(self, binary: str, runner: Runner | None = None) -> None:
        super().__init__(terraform_bin_path=binary)
        self._runner = runner

    def cmd(self, cmd: str, *arguments: str, **flags: Any) -> process.Finished:  # noqa: ANN401  its signature
        if self._runner is None:
            raise TypeError("these commands have no runner: they make argument lists only")
        return self._runner(self.line(cmd, *arguments, **flags))

    def line(self, cmd: str, *arguments: str, **flags: Any) -> Arguments:  # noqa: ANN401  its signature
        return tuple(self.generate_cmd_string(cmd, *arguments, **flags))

    def read_state_file(self, file_path: str | None = None) -> None:
        """Read nothing: `state pull` reads states, wherever they are."""
