"""YAML read as Kubernetes means it."""

import pytest

from tfgen.kube import yaml_text


def only(text: str) -> object:
    """Read one document."""
    ((_line, value),) = yaml_text.documents(text.encode())
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("80", 80),
        ("-1", -1),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
    ],
)
def test_a_plain_scalar_has_its_json_type(text: str, value: object) -> None:
    """Numbers, booleans and null are what YAML 1.2 says they are."""
    assert only(f"x: {text}") == {"x": value}


@pytest.mark.parametrize(
    "text",
    [
        "on",
        "off",
        "yes",
        "NO",
        "y",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "12:30:45",
        "1_000",
        "0777",
        "007",
        "=",
        "+",
        ".",
        "1.2.3.4",
        "5m",
        "1" * 5000,
    ],
)
def test_what_yaml_1_1_would_turn_into_something_else_stays_text(text: str) -> None:
    """Dates, `on`, base 60, underscores and leading zeros corrupt no annotation."""
    assert only(f"x: {text}") == {"x": text}


def test_quoted_scalars_and_blocks_are_text() -> None:
    """Quotes, block scalars and the tag !!str make text of anything."""
    assert only("a: 'true'\nb: \"80\"\nc: |\n  1\nd: !!str 5\ne: ! 6\n") == {
        "a": "true",
        "b": "80",
        "c": "1\n",
        "d": "5",
        "e": "6",
    }


def test_keys_are_text_whatever_they_look_like() -> None:
    """JSON knows text keys only; `on:` is the key "on"."""
    assert only("{on: 1, 80: 2, true: 3}") == {"on": 1, "80": 2, "true": 3}


def test_each_document_comes_with_the_line_it_starts_at() -> None:
    """Messages can then point into a file of many documents."""
    text = b"# first\na: 1\n---\n\nb: 2\n---\n"
    assert list(yaml_text.documents(text)) == [(2, {"a": 1}), (5, {"b": 2}), (7, None)]


def test_anchors_and_merge_keys_are_understood() -> None:
    """What stands in the mapping itself wins over what it merges, earlier merges over later."""
    text = (
        "base: &b {x: 1, y: 1}\nmore: &m {y: 2, z: 2}\none: {<<: [*b, *m], x: 0}\ntwo: {'<<': *b}"
    )
    value = only(text)
    assert isinstance(value, dict)
    assert value["one"] == {"x": 0, "y": 1, "z": 2}
    assert value["two"] == {"<<": {"x": 1, "y": 1}}


def bomb() -> str:
    """Nine levels of nine aliases each: a billion values in a few hundred bytes."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a: 1\nb: [1, 2\n", "did not find expected ',' or ']'", 3),
        ("a: 1\n\tb: 2\n", "found a tab character that violates indentation", 2),
        ("kind: List\nitems: []\nkind: List\n", "key 'kind' stands twice in one mapping", 3),
        ("a: *nowhere\n", "alias *nowhere names no anchor before it", 1),
        ("a: &a\n- *a\n", "alias *a names no anchor before it", 2),
        ("a: 1\n? [b]\n: c\n", "a key is not plain text", 2),
        ("a:\n  <<: 5\n", "a merge key (<<) names something that is no mapping", 2),
        ("a: !!python/name:os.system x\n", "tag tag:yaml.org,2002:python/name:os.system", 1),
        ("a: !!timestamp 2026-01-01\n", "tag tag:yaml.org,2002:timestamp", 1),
        (bomb(), "aliases stand for more than 100000 values", 6),
        ("[" * 101 + "]" * 101, "nested deeper than 100 levels", 1),
        ("[" * 300_000, "nested deeper than 100 levels", 1),
        ("a: \x01", "not YAML text: control characters are not allowed", 1),
    ],
)
def test_what_is_broken_or_dangerous_is_refused_with_its_line(
    text: str, what: str, line: int
) -> None:
    """A bomb, a key that stands twice, a cycle or a cut document ends the reading."""
    with pytest.raises(yaml_text.TextError) as caught:
        list(yaml_text.documents(text.encode()))
    assert caught.value.what.startswith(what)
    assert caught.value.line == line
