"""What was resolved reads back as it was written, and is never guessed."""

import pytest

from tfgen import errors, resolved

FULL = resolved.Resolved(
    {"public|edge-*": ("a", "b")},
    {
        "shop/web": resolved.Certificate(
            "d1", "https://b/v1/secrets/x", ("a.example",), "2027-01-31"
        )
    },
)


def test_it_reads_back() -> None:
    """Same content, same bytes."""
    text = resolved.dumps(FULL)
    assert resolved.loads(text) == FULL
    assert resolved.dumps(resolved.loads(text)) == text


def test_no_file_resolves_nothing() -> None:
    """A tree without it asks for nothing of it."""
    assert resolved.loads(None) == resolved.Resolved()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        resolved.dumps(FULL).replace(resolved.SCHEMA, "other"),
        resolved.dumps(FULL).replace('"schema_version": 1', '"schema_version": 2'),
        resolved.dumps(FULL).replace('"d1"', "7"),
        resolved.dumps(FULL).replace('"container_ref"', '"container"'),
    ],
)
def test_another_file_is_an_error(text: str) -> None:
    """A broken one is not an empty one: certificates would go from listeners."""
    with pytest.raises(errors.TreeError) as raised:
        resolved.loads(text)
    assert "tfgen-resolved.json cannot be read" in raised.value.what
    assert "Restore it from Git" in raised.value.remedy
