"""What the fake engine prints: lines of the machine-readable UI, and errors."""

import json
import sys


class Failure(Exception):  # noqa: N818  it becomes a diagnostic, as the engine calls it
    """A command fails with one diagnostic."""

    def __init__(self, summary: str, file: str = "", address: str = "", detail: str = "") -> None:
        super().__init__(summary)
        self.summary, self.file, self.address, self.detail = summary, file, address, detail


_LOCKED = """\
Error message: resource temporarily unavailable
Lock Info:
  ID:        {id}
  Path:      terraform.tfstate
  Operation: OperationTypeApply
  Who:       {who}
  Created:   2026-11-26 02:14:09.1 +0000 UTC
  Info:


Terraform acquires a state lock to protect the state from being written
by multiple users at the same time. Please resolve the issue above and try
again. For most commands, you can disable locking with the "-lock=false"
flag, but this is not recommended."""


def refuse_lock(id: str, who: str = "root@other") -> None:  # noqa: A002  its name in the lock
    """Fail as the engine does (1.11.4, tried) where somebody holds the state's lock."""
    if id:
        raise Failure("Error acquiring the state lock", detail=_LOCKED.format(id=id, who=who))


def line(kind: str, **rest: object) -> None:
    """Print one event."""
    event = {"@level": "info", "@module": "terraform.ui", "type": kind, **rest}
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def document(value: object) -> None:
    """Print a whole JSON document."""
    sys.stdout.write(json.dumps(value) + "\n")


def diagnostic(failure: Failure) -> None:
    """Print an error as an event."""
    found: dict[str, object] = {
        "severity": "error",
        "summary": failure.summary,
        "detail": failure.detail,
    }
    if failure.address:
        found["address"] = failure.address
    if failure.file:
        found["range"] = {"filename": failure.file, "start": {"line": 1}}
    line("diagnostic", diagnostic=found)


def prose(failure: Failure) -> None:
    """Print an error as people get it, with its colours."""
    detail = f"\n{failure.detail}\n" if failure.detail else ""
    sys.stderr.write(f"\x1b[31mError: {failure.summary}\x1b[0m\n{detail}")
