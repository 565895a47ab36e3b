"""What one port says for itself: `tfgen.io/port.<name, number or tcp-443>.<setting>`."""

from collections.abc import Collection, Iterable, Mapping

from tfgen import annotations, model

Own = Mapping[str, str]
"""By the key of the Service's annotation: the one that says it for the port alone."""


def names(protocol: model.Protocol, number: int, name: str) -> tuple[str, ...]:
    """Give what a port is called, the most special last: a number can be of two protocols."""
    called = (str(number), name, f"{protocol.lower()}-{number}")
    return tuple(each for each in called if each)


def own(keys: Iterable[str], called: Collection[str]) -> Own:
    """Give what a port says for itself; of two that say the same, the more special one counts."""
    found: dict[str, str] = {}
    split = {key: _split(key) for key in keys}
    for name in called if split else ():
        for key, (port, setting) in split.items():
            row = annotations.PER_PORT.get(setting)
            if port == name and row:
                found[row.key] = key
    return found


def wrong(key: str, known: Collection[str]) -> tuple[str, str, str] | None:
    """Say what was found, expected and is to be done where a key says nothing of any port."""
    port, setting = _split(key)
    if setting not in annotations.PER_PORT:
        near = annotations.nearest_setting(setting)
        remedy = f"Did you mean {annotations.PORT}{port}.{near}?" if near else "Remove it."
        return setting, "a setting that one port can have", remedy
    if port not in known:
        expected = f"the name or number of a port of the Service: {', '.join(sorted(known))}"
        return port, expected, "Correct it, or remove it."
    return None


def _split(key: str) -> tuple[str, str]:
    port, _, setting = key.removeprefix(annotations.PORT).rpartition(".")
    return port, setting
