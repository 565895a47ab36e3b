"""docs/reference/settings.md, made from the settings' own types, defaults and sentences.

`python -m tfgen.config.reference > docs/reference/settings.md` writes it anew.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from tfgen.config import settings, yaml_text

_HEAD = """\
<!-- Made by `python -m tfgen.config.reference` from generator/tfgen/config/settings. -->
# Settings

`tfgen.yaml` says what tfgen does for one cluster. `tfgen init --cluster NAME` writes it; without
`--config FILE` it is searched from the working directory upwards. An unknown key is an error, and
everything that is wrong is said at once, by file and line. `tfgen schema` prints a JSON Schema for
editors; `tfgen config show --origin` shows what holds and who said it.

**Layers.** A flag wins over a variable, a variable over the file, the file over the default. Each
setting has a variable: `TFGEN_` and its name in capitals, with `__` for each dot:
`TFGEN_GUARDS__STOP=true`, `TFGEN_CLAIM__NAMESPACES='[shop, blog]'`. An empty variable says
nothing; one that is neither a setting's nor a flag's is an error.

**Paths.** `out` counts from the file where the file says it, and from the working directory where
`--out` or `TFGEN_OUT` says it.

**Credentials** are no settings. They stay in `clouds.yaml` or the `OS_*` variables, in the
kubeconfig, and in the environment variables of the engine's backend; a key here that looks like
one is refused.

**Between settings.** `defaults.monitor.timeout` is less than `delay`. `{stack}` stands in the
argument of `backend.config` that tells one state from another (`key` for s3 and azurerm, `prefix`
for gcs, `address` for http, `schema_name` for pg, `secret_suffix` for kubernetes, `path` for
consul); backend `local` does without, as long as its `path` stays in the folder of the stack.
`octavia.api_version` is at least 2.5. `names.load_balancer` has `{cluster}`, `{namespace}` and
`{name}`, with a sign between two of them that no name has, such as `_`, so that no two Services
share a name. Rendering needs `network.subnet_id` or `network.network_id`, and the `name` of each of
`network.floating_networks`.
"""

_FORMS = {"id", "URL", "DNS label"}
"""Titles that say more than the pattern beside them."""
_WORDS = {"boolean": "`true`, `false`", "object": "map", "string": "text"}


def page() -> str:
    """Write the page: one table a section, in the order of the code."""
    schema = settings.Settings.model_json_schema()
    return "\n".join([_HEAD, *_tables(settings.Settings, "", schema)])


def _tables(kind: type[settings.Section], above: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """Write the section's own settings first, then each section within it."""
    described = schema["$defs"][kind.__name__] if above else schema
    yield f"## {f'`{above}`' if above else 'Top level'}\n"
    if above:
        yield f"{described['description']}\n"
    yield "| key | value | default | meaning |\n|---|---|---|---|"
    inner = {name: settings.section_of(field) for name, field in kind.model_fields.items()}
    for name, part in inner.items():
        if part is None:
            yield _row(name, described["properties"][name], name in described.get("required", ()))
        else:
            yield _link(above, name, kind, part)
    yield ""
    for name, part in inner.items():
        if part:
            yield from _tables(part, _below(above, name, kind), schema)


def _below(above: str, name: str, kind: type[settings.Section]) -> str:
    """Name a section within another; in a map the name is the user's."""
    whole = f"{above}.{name}".removeprefix(".")
    return f"{whole}.NAME" if settings.is_map(kind.model_fields[name]) else whole


def _link(above: str, name: str, kind: type[settings.Section], part: type[settings.Section]) -> str:
    field = kind.model_fields[name]
    anchor = _below(above, name, kind).replace(".", "").lower()
    shape, default = ("section", "") if field.annotation is part else ("list of sections", "`[]`")
    if settings.is_map(field):
        shape, default = "map of sections, by name", "`{}`"
    meaning = field.description or part.__doc__
    return f"| [`{name}`](#{anchor}) | {shape} | {default} | {meaning} |"


def _row(name: str, described: Mapping[str, Any], required: bool) -> str:  # noqa: FBT001  private
    default = "mandatory" if required else f"`{yaml_text.flow(described['default'])}`"
    return f"| `{name}` | {_shape(described)} | {default} | {described['description']} |"


def _shape(described: Mapping[str, Any]) -> str:
    kind, title = described["type"], described.get("title")
    if "enum" in described:
        return ", ".join(f"`{option}`" for option in described["enum"])
    if kind == "array":
        return f"list of {_shape(described['items'])}"
    if kind == "integer":
        return _numbers(described)
    pattern = f"`{described['pattern']}`" if "pattern" in described else _WORDS[kind]
    return str(title) if title in _FORMS else pattern


def _numbers(described: Mapping[str, Any]) -> str:
    lowest, highest = described.get("minimum"), described.get("maximum")
    return f"{lowest} or more" if highest is None else f"{lowest} to {highest}"


if __name__ == "__main__":
    sys.stdout.write(page())
