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
    {
        "lb-1": resolved.Balancer("10.0.0.5", "amphora"),
        "lb-2": resolved.Balancer("10.0.0.6", "ovn", "Service shop/web", {"tcp-80": "legacy"}),
        "lb-3": None,
    },
)


def test_it_reads_back() -> None:
    """Same content, same bytes."""
    text = resolved.dumps(FULL)
    assert resolved.loads(text) == FULL
    assert resolved.dumps(resolved.loads(text)) == text


def test_what_is_not_there_is_not_written() -> None:
    """A load balancer that is nobody's, and free, is two values; a file without any says none."""
    text = resolved.dumps(FULL)
    assert '"lb-1": {\n      "provider": "amphora",\n      "vip_address": "10.0.0.5"\n    }' in text
    assert '"lb-3": null' in text
    assert "load_balancers" not in resolved.dumps(resolved.Resolved())


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
        resolved.dumps(FULL).replace('"10.0.0.5"', "5"),
        resolved.dumps(FULL).replace('"legacy"', "5"),
        resolved.dumps(FULL).replace('"vip_address"', '"vip"'),
    ],
)
def test_another_file_is_an_error(text: str) -> None:
    """A broken one is not an empty one: certificates would go from listeners."""
    with pytest.raises(errors.TreeError) as raised:
        resolved.loads(text)
    assert "tfgen-resolved.json cannot be read" in raised.value.what
    assert "Restore it from Git" in raised.value.remedy
