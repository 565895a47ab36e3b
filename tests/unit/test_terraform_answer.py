import pytest

from tfgen.terraform import answer

WARNED = """
Warning: Unable to open CLI configuration file

The CLI configuration file at "/nowhere {x}" does not exist.
{
  "terraform_version": "1.12.6"
}
"""


def test_json_after_a_warning() -> None:
    """What an engine prints before its JSON is passed over."""
    assert answer.document(WARNED) == {"terraform_version": "1.12.6"}
    assert answer.document('{"a": 1}') == {"a": 1}


def test_no_json() -> None:
    """Where there is none, the text is empty and the document an error."""
    assert answer.text("\nWarning: only this\n") == ""
    with pytest.raises(ValueError, match=r"."):
        answer.document("\nWarning: only this\n")
