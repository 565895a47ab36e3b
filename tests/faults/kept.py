"""What tests saw, kept for some hours: a run that was stopped goes on where it was."""

import shutil
import time
from dataclasses import asdict
from pathlib import Path

import orjson

from tools.reliability import Record

HOURS = 3


class Kept:
    """The records of a laboratory, a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, test: str) -> Record | None:
        """Give what a test saw, if it passed within the last hours."""
        path = self._path(test)
        if not path.is_file() or time.time() - path.stat().st_mtime > HOURS * 3600:
            return None
        found = orjson.loads(path.read_bytes())
        told = tuple((text, code) for text, code in found.pop("told"))
        return Record(**found | {"done": tuple(found["done"]), "told": told})

    def write(self, record: Record) -> None:
        """Keep what a test saw."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path(record.test).write_bytes(orjson.dumps(asdict(record)))

    def forget(self, test: str) -> None:
        """Forget it: it is tried anew."""
        self._path(test).unlink(missing_ok=True)

    def forget_all(self) -> None:
        """Forget all: every fault is tried anew."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, test: str) -> Path:
        return self._folder / f"{test}.json"
