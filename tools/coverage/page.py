"""docs/reference/occm-coverage.md: each word of OCCM's language, and what becomes of it."""

from collections.abc import Callable, Iterable

from tools.coverage import proof, verdict, words

_HEAD = """\
<!-- Made by tools/coverage by trying each word, with `make docs`. -->
# What becomes of OCCM's words

Each annotation, field and option that the OpenStack cloud controller manager knows, tried on a
Service (or as a line of `cloud.conf`). *Carried out*: it changes what is rendered or published, or
stands in a setting. *Problem*: the Service is held, and the message is the one shown. *Notice*: it
is told, and holds nothing back. *Not ours*: it has no effect on a load balancer. Nothing is ignored
in silence: a test fails where a word has none of the four.

*Proven by* names the test that shows it: of `tests/e2e`, by what a real Octavia, Neutron and
cluster hold then; of an option, the test of the annotation or the class that says the same; in
brackets, one that needs no laboratory.
"""
_TABLE = "| {0} | tried with | tfgen | how | proven by |\n|---|---|---|---|---|\n"
FIELDS = "Fields of a Service"
_TITLES: tuple[
    tuple[str, str, tuple[words.Word, ...], Callable[[words.Word], verdict.Verdict]], ...
]
_TITLES = (
    ("Annotations", "annotation", words.ANNOTATIONS, verdict.of_annotation),
    ("Annotations merged or asked for later", "annotation", words.LATER, verdict.of_annotation),
    (FIELDS, "spec", words.FIELDS, verdict.of_field),
    (
        "cloud.conf, `[LoadBalancer]`",
        "option",
        words.OPTIONS,
        lambda word: verdict.of_option(word, "LoadBalancer"),
    ),
    (
        'cloud.conf, `[LoadBalancerClass "gold"]`',
        "option",
        words.CLASS_OPTIONS,
        lambda word: verdict.of_option(word, 'LoadBalancerClass "gold"'),
    ),
)


def rows() -> Iterable[tuple[str, words.Word, verdict.Verdict]]:
    """Give every word with its part of the page and its verdict."""
    for title, _, each, judge in _TITLES:
        yield from ((title, word, judge(word)) for word in each)


def page() -> str:
    """Write the page."""
    return _HEAD + "".join(
        f"\n## {title}\n\n{_TABLE.format(kind)}"
        + "".join(_line(word, judge(word)) for word in each)
        for title, kind, each, judge in _TITLES
    )


def _line(word: words.Word, found: verdict.Verdict) -> str:
    proven = proof.of(word, found) if found.outcome is verdict.Outcome.CARRIED_OUT else ""
    cells = (f"`{word.name}`", f"`{word.value}`", str(found.outcome), found.how, proven)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"
