"""Label selectors mean what they mean to kubectl."""

import pytest

from tfgen import errors
from tfgen.translate import selector

LABELS = {"app": "web", "tier": "front", "zone": "a.b/c", "empty": ""}
MEETS = [
    ("", True),
    ("app=web", True),
    ("app==web", True),
    ("app = web , tier=front", True),
    ("app=web,tier=back", False),
    ("app!=web", False),
    ("app!=api", True),
    ("absent!=x", True),
    ("absent=x", False),
    ("empty=", True),
    ("absent=", False),
    ("app", True),
    ("absent", False),
    ("!absent", True),
    ("! app", False),
    ("app in (web, api)", True),
    ("app  in (api)", False),
    ("absent in (web)", False),
    ("app notin (api)", True),
    ("app notin (web,api)", False),
    ("absent notin (web)", True),
    ("example.com/x!=1,app in (web),tier", True),
    ("app=web,", True),
]


@pytest.mark.parametrize(("text", "meets"), MEETS)
def test_a_selector_meets_as_in_kubernetes(text: str, meets: bool) -> None:  # noqa: FBT001  a table
    """Equality, sets and existence; `!=` and `notin` take an absent label."""
    assert selector.matches(selector.parse(text, "claim.selector"), LABELS) is meets


@pytest.mark.parametrize("value", [None, ["web"], {"a": 1}, 1, True])
def test_a_label_of_a_foreign_type_meets_no_value(value: object) -> None:
    """A label that is no text has no value to meet, and breaks nothing."""
    terms = selector.parse("app=web", "claim.selector")
    assert not selector.matches(terms, {"app": value})


@pytest.mark.parametrize("text", ["=", "a=b c", ",a", "a,,b", "a in web", "a in (b", "a b", " "])
def test_a_bad_selector_is_a_settings_error(text: str) -> None:
    """The message names the setting, the text and the place that is wrong."""
    with pytest.raises(errors.SettingsError, match=r"setting members.node_selector is .*wrong at"):
        selector.parse(text, "members.node_selector")
