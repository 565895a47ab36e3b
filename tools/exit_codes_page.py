"""docs/reference/exit-codes.md, made from `errors.ExitCode` and the errors that carry a code."""

from collections.abc import Iterator

from tfgen import errors

_HEAD = """\
<!-- Made by `python -m tools.docs` from generator/tfgen/errors.py. -->
# Exit codes

Every command ends with one of these. A script needs no other interface: messages are for people.

| code | meaning |
|---|---|
"""

_TAIL = """
Where several apply, the first of this row speaks: {order}.

`--allow-held` turns 4 into 0. 2 is never given unless it was asked for, so that a script with
`set -e` works.

## What ends with which code

| code | what happened |
|---|---|
{causes}

## With `--format json`

Errors stand on standard output, as one document; `code` is the exit code, `remedy` what to do.

```json
{{
  "schema": "tfgen.error",
  "schema_version": 1,
  "error": {{
    "code": 1,
    "what": "no tfgen.yaml in /srv/shop or a folder above it",
    "remedy": "Make one with `tfgen init --cluster NAME`, or name one with --config FILE."
  }}
}}
```

`tfgen schema error` prints its JSON Schema.
"""


def page() -> str:
    """Write the page."""
    table = "".join(f"| {int(code)} | {code.meaning} |\n" for code in errors.ExitCode)
    order = ", ".join(str(int(code)) for code in _worst_first())
    return _HEAD + table + _TAIL.format(order=order, causes="\n".join(_causes()))


def _worst_first() -> Iterator[errors.ExitCode]:
    left = set(errors.ExitCode)
    while left:
        code = errors.worst(*left)
        left.remove(code)
        yield code


def _causes() -> Iterator[str]:
    """Say which kinds of failure give which code, in the words of their classes."""
    kinds = (kind for kind in vars(errors).values() if _is_failure(kind))
    for kind in sorted(kinds, key=lambda kind: kind.code):
        yield f"| {int(kind.code)} | {(kind.__doc__ or '').strip()} |"


def _is_failure(kind: object) -> bool:
    base = errors.TfgenError
    return isinstance(kind, type) and issubclass(kind, base) and kind is not base
