"""The fake engine's apply: one operation after the other, stopped by an interrupt."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from tests.fakes.engine import planning, saying, state
from tests.fakes.engine.planning import Flags, How


def apply(how: How, _flags: Flags, files: list[str]) -> int:
    """Apply a saved plan; what was done is in the state, however it ends."""
    document = json.loads(Path(files[0]).read_text())
    if document["errored"]:
        raise saying.Failure("Cannot apply incomplete plan")
    saying.refuse_lock(how["lock_id"])
    state.hold_lock()
    before = state.read()
    if [before.lineage, before.serial] != document["fake"]:
        raise saying.Failure("Saved plan is stale")
    gone = document["fake_gone"]
    found = {name: it for name, it in before.objects.items() if name not in gone}
    work = _Work(how, before._replace(objects=found))
    try:
        for entry in document["resource_changes"]:
            if planning.happens(entry["change"]):
                work.do(entry)
    finally:
        after = state.State(before.lineage, before.serial, work.objects)
        state.write(after, anew=bool(gone))
    return 0


class _Work:
    """An apply under way."""

    def __init__(self, how: How, before: state.State) -> None:
        self._how = how
        self._interrupts = 0
        self.objects = dict(before.objects)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._interrupt)

    def _interrupt(self, *_: object) -> None:
        self._interrupts += 1
        if self._interrupts > 1:
            os._exit(1)  # insisted: the state is lost

    def do(self, entry: dict[str, Any]) -> None:
        """Do one operation, told as events."""
        address, actions = entry["address"], entry["change"]["actions"]
        hook = {"resource": {"addr": address}, "action": actions[-1]}
        if self._interrupts:
            raise saying.Failure("execution halted", address=address)
        saying.line("apply_start", hook=hook)
        self._take_time(address, hook)
        if self._how["fail"] and self._how["fail"] in address:
            saying.line("apply_errored", hook={**hook, "elapsed_seconds": 0})
            raise saying.Failure("Expected HTTP response code 201, got 500", address=address)
        self.objects.pop(address, None)
        if actions != ["delete"]:
            after = entry["change"]["after"]
            imported = "importing" in entry["change"]
            values = after if imported else state.made(address, entry["type"], after)
            self.objects[address] = state.Standing(entry["type"], values)
        saying.line("apply_complete", hook={**hook, "elapsed_seconds": int(self._how["seconds"])})

    def _take_time(self, address: str, hook: dict[str, Any]) -> None:
        end, gate = time.monotonic() + self._how["seconds"], self._how["waits"]
        while time.monotonic() < end or (gate and Path(gate).exists()):
            time.sleep(0.01)
            if self._interrupts and not self._how["deaf"]:
                saying.line("apply_errored", hook={**hook, "elapsed_seconds": 0})
                raise saying.Failure("execution halted", address=address)
