"""jinja2 with one rule: every expression is a value, and becomes an HCL literal."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import jinja2
from jinja2 import runtime, utils

from tfgen import data, hcl


class _Missing(jinja2.StrictUndefined):
    """A value that a template names and nobody gave: an error even in an error's message."""

    def __repr__(self) -> str:
        return str(self)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(data.folder("templates")),
        undefined=_Missing,
        finalize=hcl.literal,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  the output is HCL: finalize quotes every expression
    )


@cache
def _template(name: str) -> jinja2.Template:
    return _environment().get_template(f"{name}.tf.j2")


class _Values(dict[str, Any]):
    """All that a compiled template asks of its context: a name's value, or that there is none.

    jinja2's own context copies its globals, which no template of ours uses, for each of the five
    templates of a Service: that takes longer than rendering.
    """

    resolve_or_missing = dict.__getitem__

    def __missing__(self, name: str) -> object:
        return utils.missing


def render(name: str, values: Mapping[str, Any]) -> str:
    """Render a template by its file's name, without `.tf.j2`."""
    context = cast("runtime.Context", _Values(values))
    return "".join(_template(name).root_render_func(context))
