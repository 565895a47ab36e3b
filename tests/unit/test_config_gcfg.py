"""cloud.conf's syntax, as Go's gcfg reads it."""

import pytest

from tfgen import errors
from tfgen.config import gcfg


def values(text: str) -> list[str]:
    """Give the values of all options in one section."""
    return [option.value for option in gcfg.parse(f"[S]\n{text}", "cloud.conf")]


def test_sections_and_names_have_no_case_but_subsections_do() -> None:
    """Names come in lower case; what stands in quotes stays."""
    text = '[LoadBalancer]\nSubnet-ID = a\n[loadbalancerclass "My Class"]  # note\nx=1\n'
    assert gcfg.parse(text, "cloud.conf") == (
        gcfg.Option("loadbalancer", "", "subnet-id", "a", 2),
        gcfg.Option("loadbalancerclass", "My Class", "x", "1", 4),
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("a=b", "b"),
        ("a =  b c  ", "b c"),
        ("a = b # note", "b"),
        ("a = b;note", "b"),
        ('a = "b # c"', "b # c"),
        ('a = "b" c', "b c"),
        ('a = " b " ', " b "),
        (r'a = "say \"x\" \\ \n"', 'say "x" \\ \n'),
        (r"a = b\\c", r"b\c"),
        ("a = b\\\n  c", "b  c"),
        ("a = \\\n\\\n b", "b"),
        ("a =", ""),
        ("a", "true"),
        ("a # note", "true"),
        ("a = b=c", "b=c"),
        ("a = \\", ""),
    ],
)
def test_a_value(line: str, value: str) -> None:
    """Quotes, escapes, comments and continued lines are taken out of a value."""
    assert values(line) == [value]


def test_comments_and_empty_lines_say_nothing() -> None:
    """Only options are given, with the line where each begins."""
    text = "; a\n[S]\n\n# b\nx = 1 \\\n 2\ny = 3\n"
    assert [(option.name, option.line) for option in gcfg.parse(text, "f")] == [("x", 5), ("y", 7)]


@pytest.mark.parametrize("line", ["[S", "= b", 'a = "geheim', "1a = geheim", "[a b]", "geheim ("])
def test_what_is_no_cloud_conf(line: str) -> None:
    """A line that is nothing is told by its number, and never repeated."""
    with pytest.raises(errors.SettingsError) as raised:
        values(line)
    assert raised.value.what.startswith("cloud.conf:2: ")
    assert "geheim" not in str(raised.value)


def test_options_before_any_section() -> None:
    """An option that belongs to no section is an error."""
    with pytest.raises(errors.SettingsError, match=r"cloud\.conf:1"):
        gcfg.parse("a = b", "cloud.conf")
