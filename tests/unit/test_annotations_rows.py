"""The annotation vocabulary: every row is carried out, told, or someone else's."""

import re
from pathlib import Path

import pytest

from tests.fakes import vocabulary
from tfgen import annotations, model
from tfgen.annotations import reference

INPUT, OUTPUT = annotations.Kind.INPUT, annotations.Kind.OUTPUT
ROWS = list(annotations.TABLE.values())


def test_every_input_row_is_tested_here() -> None:
    """A row that is added is added to this table too."""
    assert {key for key, *_ in vocabulary.INPUTS} == {row.key for row in ROWS if row.kind is INPUT}


@pytest.mark.parametrize(("key", "good", "text", "_bad", "_expected"), vocabulary.INPUTS)
def test_a_good_value_reaches_the_file(
    key: str, good: str, text: str, _bad: str, _expected: str
) -> None:
    """What an annotation says stands in the Service's HCL."""
    assert text in vocabulary.document(**{**vocabulary.BESIDE.get(key, {}), key: good})


@pytest.mark.parametrize(("key", "_good", "_text", "bad", "expected"), vocabulary.INPUTS)
def test_a_bad_value_is_a_problem_never_a_default(
    key: str, _good: str, _text: str, bad: str, expected: str
) -> None:
    """The problem names the annotation, what was found, what was expected, and what to do."""
    assert vocabulary.problem(**{**vocabulary.BESIDE.get(key, {}), key: bad}) == model.Problem(
        model.ServiceKey("shop", "web"),
        f"annotation {key}",
        f'"{bad}"' if len(bad) <= 80 else f'"{bad[:80]}..."',
        expected,
        "Correct it, or remove it.",
    )


@pytest.mark.parametrize("key", [key for key, *_ in vocabulary.INPUTS])
@pytest.mark.parametrize("value", [True, 1, None, ["a"], {"a": "b"}])
def test_a_value_that_is_no_text_is_a_problem(key: str, value: object) -> None:
    """YAML without quotes gives booleans, numbers and nulls; the message says to quote them."""
    assert (
        vocabulary.problem(**{**vocabulary.BESIDE.get(key, {}), key: value}).expected
        == "a text (write it in quotes)"
    )


@pytest.mark.parametrize("value", [[], {}, 1, None])
def test_a_value_of_a_foreign_type_is_a_problem(value: object) -> None:
    """Whatever a file holds there is said, and breaks nothing."""
    assert (
        vocabulary.problem(**{vocabulary.L + "class": value}).field
        == f"annotation {vocabulary.L}class"
    )


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.kind is OUTPUT], ids=lambda row: row.key
)
def test_what_we_publish_changes_nothing_at_the_next_rendering(row: annotations.Annotation) -> None:
    """Output annotations are never read."""
    assert vocabulary.document(**{row.key: "192.0.2.1"}) == vocabulary.document()


UNKNOWN = [
    (vocabulary.L + "conection-limit", f"Did you mean {vocabulary.L}connection-limit?"),
    (vocabulary.L + "timeout-client-dat", f"Did you mean {vocabulary.L}timeout-client-data?"),
    (vocabulary.T + "exposed", f"Did you mean {vocabulary.T}expose?"),
    (vocabulary.T + "connection-limit", f"Did you mean {vocabulary.L}connection-limit?"),
    (vocabulary.T + "qwertz", "Remove it, or correct its name."),
    (vocabulary.T, "Remove it, or correct its name."),
]


@pytest.mark.parametrize(("key", "remedy"), UNKNOWN)
def test_an_unknown_key_of_ours_is_a_problem_with_the_nearest(key: str, remedy: str) -> None:
    """Under our prefixes there is no key that we do not know."""
    told = vocabulary.problem(**{key: "x"})
    assert (told.field, told.expected, told.remedy) == (
        f"annotation {key}",
        "a known annotation",
        remedy,
    )


FOREIGN = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "service.beta.kubernetes.io/aws-load-balancer-type",
    "service.beta.kubernetes.io/openstack-load-balancer-provider",
    "service.kubernetes.io/topology-mode",
    "external-dns.alpha.kubernetes.io/hostname",
    "sub.tfgen.io/expose",
    "tfgen.io.example.com/x",
    "plain",
]


@pytest.mark.parametrize("key", FOREIGN)
def test_annotations_of_others_are_not_ours(key: str) -> None:
    """Annotations of other prefixes hold nothing and change nothing, whatever their value."""
    assert vocabulary.document(**{key: '{"a": "${b}"}\n'}) == vocabulary.document()


def test_control_characters_are_not_shown() -> None:
    """Neither an annotation's name nor its value can order a terminal about."""
    told = str(vocabulary.problem(**{vocabulary.T + "\x1b[31mred": "\x1b[2J\u202e"}))
    assert told.isprintable()


def test_the_reference_page_is_made_from_the_table() -> None:
    """docs/reference/annotations.md is what the table gives; `make docs` writes it."""
    page = Path(__file__).parents[2] / "docs/reference/annotations.md"
    assert page.read_text() == reference.page()


def test_the_reference_page_names_every_annotation_once() -> None:
    """Each row has a line of its own."""
    named = re.findall(r"^\| `([^`]+)`", reference.page(), re.MULTILINE)
    assert sorted(named) == sorted(annotations.TABLE)
