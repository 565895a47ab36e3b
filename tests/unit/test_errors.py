"""Exit codes: one table, and one order where several apply."""

from itertools import permutations

import pytest

from tfgen import errors
from tfgen.errors import ExitCode


def test_the_codes_are_those_of_the_documentation() -> None:
    """Scripts rely on the numbers."""
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0,
        "ERROR": 1,
        "CHANGES": 2,
        "REFUSED": 3,
        "HELD": 4,
        "PARTIAL": 5,
        "USAGE": 64,
        "INTERRUPTED": 130,
    }
    assert all(code.meaning for code in ExitCode)


def test_the_worst_speaks_for_all() -> None:
    """130, 64, 1, 3, 5, 4, 2, 0, in this order, whatever order they came in."""
    codes = {code.value: code for code in ExitCode}
    order = [codes[number] for number in (130, 64, 1, 3, 5, 4, 2, 0)]
    for first, second in permutations(order, 2):
        assert errors.worst(first, second) == min(first, second, key=order.index)
    assert errors.worst() == ExitCode.DONE


FAILURES = [
    (errors.SettingsError, 1),
    (errors.InputError, 1),
    (errors.ClusterError, 1),
    (errors.CloudError, 1),
    (errors.EngineError, 1),
    (errors.TreeError, 1),
    (errors.Refused, 3),
    (errors.Interrupted, 130),
]


@pytest.mark.parametrize(("kind", "code"), FAILURES)
def test_a_failure_has_what_remedy_and_code(kind: type[errors.TfgenError], code: int) -> None:
    """Two lines for the person who must act."""
    failure = kind("what was found", remedy="What to do.")
    assert str(failure) == "what was found\nWhat to do."
    assert str(kind("what was found")) == "what was found"
    assert failure.code == code
