"""jinja2 with one rule: every expression is a value, and becomes an HCL literal."""

from functools import cache
from typing import Any

import jinja2

from tfgen import data, hcl


def _finalize(value: Any) -> Any:  # noqa: ANN401  jinja2 hands over whatever an expression gives
    if isinstance(value, jinja2.Undefined):
        return value  # StrictUndefined raises when it is printed
    return hcl.literal(value)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(data.folder("templates")),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  the output is HCL: finalize quotes every expression
    )


@cache
def get(name: str) -> jinja2.Template:
    """Give a template by its file's name, without `.tf.j2`."""
    return _environment().get_template(f"{name}.tf.j2")
