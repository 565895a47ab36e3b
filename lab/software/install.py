"""Getting what is not there yet: from Debian, PyPI and Go's module proxy."""

import functools
from collections.abc import Iterator

from lab import preflight, say
from lab.graph import Task
from lab.settings import Settings
from lab.software import debian, go, openstack, schemas


def tasks(settings: Settings, reporter: say.Reporter) -> Iterator[Task]:
    """Give what is missing, each a task; what it is is said at once, for it takes minutes."""
    packages = debian.packages(debian.missing())
    if packages:
        reporter.line(f"Debian's {', '.join(packages)}: missing; installing")
        log = settings.log / "debian.log"
        yield Task("Debian", functools.partial(debian.install, packages, log))
    if not openstack.is_built():
        reporter.line("OpenStack's environment: not in the cache; installing (2 to 4 min)")
        log = settings.log / "build-openstack.log"
        yield Task("OpenStack", functools.partial(openstack.build, log))
    yield Task(
        "databases",
        functools.partial(schemas.build, settings),
        ("Debian", "OpenStack"),
    )
    yield from kits(preflight.kits(), settings, reporter)


def kits(wanted: list[go.Kit], settings: Settings, reporter: say.Reporter) -> Iterator[Task]:
    """Build the Go programs that are missing, one after the other: each takes all cores."""
    before: tuple[str, ...] = ()
    for kit in wanted:
        if not kit.is_built():
            reporter.line(f"{kit.name} {kit.version}: not in the cache; building (1 to 5 min)")
            log = settings.log / f"build-{kit.name}.log"
            yield Task(kit.name, functools.partial(kit.build, log), before)
            before = (kit.name,)
