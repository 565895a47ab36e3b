"""What annotations, class and settings say of a monitor beside its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from tfgen import config
from tfgen.annotations import table
from tfgen.translate import values

TYPE, PATH, CODES, METHOD, HOST = (
    f"{table.TFGEN}health-monitor-{each}" for each in ("type", "path", "codes", "method", "host")
)


@dataclass(frozen=True, slots=True)
class Said:
    """What annotations, class and settings say of a monitor beside its numbers."""

    type: str = ""
    by: str = ""
    """Who says the type; empty where nobody does."""
    annotated: bool = False
    """Whether an annotation says it."""
    url_path: str = "/"
    expected_codes: str = "200"
    http_method: str = "GET"
    host: str = ""
    host_by: str = ""
    odd: tuple[tuple[str, str], ...] = ()
    """Who says what asks for nothing without a path, and the value; annotations alone."""


def read(reader: values.Reader, profile: config.Profile) -> Said:
    """Read what is said beside the numbers of a monitor."""
    default = profile.settings.defaults.monitor
    found = {
        key: reader.get(key, usual)
        for key, usual in (
            (TYPE, default.type),
            (PATH, default.path),
            (CODES, default.codes),
            (METHOD, default.method),
            (HOST, default.host),
        )
    }
    return Said(
        type=found[TYPE],
        by=reader.said(TYPE, profile) if found[TYPE] else "",
        annotated=reader.has(TYPE),
        url_path=found[PATH],
        expected_codes=found[CODES],
        http_method=found[METHOD],
        host=found[HOST],
        host_by=reader.said(HOST, profile),
        odd=_odd(reader, found),
    )


def _odd(reader: values.Reader, found: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Give what stands for nothing if the port is probed otherwise.

    What a Service says for all its ports means those of them that do not say a type themselves.
    """
    own_type = reader.of_port(TYPE)
    return tuple(
        (reader.name(key), found[key])
        for key in (PATH, CODES, METHOD, HOST)
        if reader.has(key) and (reader.of_port(key) or not own_type)
    )
