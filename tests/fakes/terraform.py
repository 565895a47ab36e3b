"""A terraform that behaves, for tests: plans by comparing, keeps a state, fails as it is told.

`install` puts it into a folder as an executable. It understands what tfgen renders, nothing else.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PROGRAM = """\
#!/bin/sh
export -p >> "$0.env"
# What is asked all the time needs no Python, which takes a while to start.
answer=
case "$1 $2" in
  "version -json") answer=$0.version ;;
  "state pull") answer=terraform.tfstate; [ -e "$answer" ] || answer=/dev/null ;;
  "show -json") eval "answer=\\${{$#}}" ;;
esac
if [ -e "$0.version" ] && [ -e "$answer" ]; then
  IFS='\t'
  printf '%s\\n' "$*" >> "$0.log"
  exec /bin/cat "$answer"
fi
exec {python} -SE -c '
import sys
del sys.argv[0]
sys.path.insert(0, "{root}")
from tests.fakes.engine import main
sys.exit(main.main())
' "$0" "$@"
"""
_VERSION = (
    '{"terraform_version": "1.11.4", "platform": "linux_amd64", "terraform_outdated": false}\n'
)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the fake is to behave; by default, well."""

    version: str = "1.11.4"
    product: str = "terraform"
    """Or opentofu."""
    seconds: float = 0
    """That each operation of an apply takes."""
    fail: str = ""
    """Applying an address that holds this text fails."""
    cloud: str = ""
    """A file of tests/fakes/hospital.py: a refresh does not find what is gone by it."""
    gone: str = ""
    """A refresh does not find addresses that hold this text."""
    unreadable: str = ""
    """Planning an address that holds this text fails."""
    plan_error: str = ""
    """Planning fails with this summary."""
    init_error: str = ""
    """Init fails with this summary."""
    no_registry: bool = False
    """The registry cannot be reached: only this platform's hashes are found."""
    stderr: int = 0
    """Bytes of noise on stderr, of every command."""
    hang: bool = False
    """A plan never ends by itself."""
    hangs: str = ""
    """This command (`init`, `state pull`) ends only when it is interrupted, and notes that."""
    nonsense: str = ""
    """This command prints what is no JSON."""
    lock_id: str = ""
    """Somebody holds the state's lock under this id: planning and applying fail."""
    locked: bool = False
    """Somebody else holds the state's lock."""
    waits: str = ""
    """An operation of an apply goes on only once this file is gone."""
    deaf: bool = False
    """An apply finishes what it is at when it is interrupted."""


@dataclass(frozen=True, slots=True)
class FakeTerraform:
    """One installed fake."""

    path: Path

    def behave(self, behaviour: Behaviour) -> None:
        """Behave like this from now on."""
        quick = self.path.with_suffix(".version")
        quick.unlink(missing_ok=True)
        self.path.with_suffix(".json").write_text(json.dumps(asdict(behaviour)))
        if behaviour == Behaviour(cloud=behaviour.cloud):
            quick.write_text(_VERSION)

    @property
    def ended(self) -> bool:
        """Whether a command that hung has come to its end."""
        return self.path.with_suffix(".ended").exists()

    def calls(self) -> list[list[str]]:
        """Give the arguments of each call so far."""
        log = self.path.with_suffix(".log")
        return [line.split("\t") for line in log.read_text().splitlines()] if log.exists() else []

    @property
    def environments(self) -> str:
        """Give all that the environments of the calls so far held, as the shell writes it."""
        return self.path.with_suffix(".env").read_text()

    def commands(self) -> list[str]:
        """Give the first word of each call so far."""
        return [call[0] for call in self.calls()]


def install(folder: Path, behaviour: Behaviour | None = None) -> FakeTerraform:
    """Put the fake into a folder as `terraform`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "terraform"
    path.write_text(_PROGRAM.format(python=sys.executable, root=str(_ROOT)))
    path.chmod(0o755)
    fake = FakeTerraform(path)
    fake.behave(behaviour or Behaviour())
    return fake
