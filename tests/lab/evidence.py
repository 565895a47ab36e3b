"""What the laboratory said while a test failed, in that test's report: the failure explains itself.

A conftest.py takes it over by importing the two hooks:

    from tests.lab.evidence import pytest_runtest_makereport, pytest_runtest_protocol
"""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import pytest

from lab import Lab, commands, status
from lab.machines import namespaces
from lab.settings import Settings

LINES = 40  # of each log, the last ones
LONGEST_LINE = 400
SIZES: pytest.StashKey[dict[Path, int]] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Remember how long the logs are when a test begins, its fixtures with it."""
    if _uses(item):
        item.stash[SIZES] = sizes(logs(Settings.read()))
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failure what the laboratories of the test said meanwhile."""
    report = yield
    if report.failed and _uses(item):
        for settings in laboratories(item):
            begun = item.stash.get(SIZES, dict[Path, int]())
            report.sections.extend(sections(settings, begun))
    return report


def _uses(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("lab", "faults"))


def laboratories(item: pytest.Item) -> list[Settings]:
    """The usual laboratory, and those that the test's fixtures gave it."""
    given = getattr(item, "funcargs", {}).values()
    found = [Settings.read(), *(lab.settings for lab in given if isinstance(lab, Lab))]
    return list({settings.home: settings for settings in found}.values())


def sections(settings: Settings, before: Mapping[Path, int]) -> Iterator[tuple[str, str]]:
    """Headings and texts: what was logged since `before`, and how the data plane is now."""
    for log in logs(settings):
        if text := written(log, before.get(log, 0)):
            yield f"laboratory {settings.prefix}: {log.name}", text
    yield f"laboratory {settings.prefix}: now", "\n".join(now(settings))


def logs(settings: Settings) -> list[Path]:
    """What the processes print, and what the haproxies and the worker log."""
    return sorted([*settings.log.glob("*.out"), *settings.log.glob("haproxy.log")])


def sizes(files: list[Path]) -> dict[Path, int]:
    """How long files are, in bytes."""
    return {file: file.stat().st_size for file in files if file.exists()}


def written(log: Path, begin: int) -> str:
    """Give the last lines that were written from a byte on."""
    with log.open("rb") as file:
        file.seek(begin if begin <= log.stat().st_size else 0)
        lines = [line[:LONGEST_LINE] for line in file.read().decode(errors="replace").splitlines()]
    left_out = [f"... {len(lines) - LINES} lines before"] if len(lines) > LINES else []
    return "\n".join([*left_out, *lines[-LINES:]])


def now(settings: Settings) -> Iterator[str]:
    """Say what is down, and what router and amphorae are like at this moment."""
    for row in status.rows(settings):
        if row.state == "down":
            yield f"{row.service} is down: {row.since}"
    for netns in namespaces.named(f"{settings.prefix}-"):
        yield f"--- {netns}"
        for command in ("ip -br addr", "ip neigh", "ss -Htln", "nft list table ip lab"):
            words = ("ip", "netns", "exec", netns, *command.split())
            yield commands.run(*words, check=False).rstrip()
