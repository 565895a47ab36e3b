"""The header tells our files from others, and a hand edit from what was written."""

import pytest

from tfgen import render
from tfgen.render import header

BODY = 'resource "x" "y" {\n}\n'
TEXT = header.add("Service shop/web", BODY)


def test_a_file_is_taken_apart_as_it_was_put_together() -> None:
    """Origin, digest and body come back."""
    assert header.strip(TEXT) == header.Parts("Service shop/web", render.body_digest(BODY), BODY)
    assert render.is_ours(TEXT)


def test_line_ends_do_not_count() -> None:
    """Git may change them on checkout."""
    parts = header.strip(TEXT.replace("\n", "\r\n"))
    assert parts == header.strip(TEXT)
    assert parts
    assert not parts.edited


@pytest.mark.parametrize("edit", [("y", "z"), ("}\n", "}\n\n"), ("{", "{ ")])
def test_an_edit_shows(edit: tuple[str, str]) -> None:
    """Any other change of the body is an edit."""
    head, _, body = TEXT.partition("\n\n")
    parts = header.strip(f"{head}\n\n{body.replace(*edit)}")
    assert parts
    assert parts.edited


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        "\n" + TEXT,
        "# Made by tfgen from Service a/b.\n" + BODY,
        TEXT.replace("sha256:", "sha256:g"),
        TEXT.partition("\n\n")[0],
    ],
)
def test_a_file_without_our_header_is_not_ours(text: str) -> None:
    """It is never overwritten or removed."""
    assert header.strip(text) is None
    assert not render.is_ours(text)
