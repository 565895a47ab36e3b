"""How many examples a test takes that is slower or weaker than most: a part of the profile's."""

from hypothesis import settings


def of(part: float) -> settings:
    """Give so many times the examples of the profile."""
    return settings(max_examples=round(part * settings().max_examples))
