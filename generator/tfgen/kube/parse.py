"""Bytes to documents: JSON, a stream of JSON, or YAML of one or many documents."""

import codecs
import json
import re
from dataclasses import dataclass

import orjson

from tfgen import errors
from tfgen.kube import yaml_text

MAX_JSON = 512 * 2**20
MAX_YAML = 64 * 2**20
"""Bytes; YAML takes some twenty times as long to read as JSON."""

_MEBIBYTE = 2**20
_SOMETHING = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an input, and where it starts."""

    value: object
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


def documents(raw: bytes, file: str) -> tuple[Document, ...]:
    """Read all documents of one input, `file` being its name in messages. Raises InputError."""
    text = raw.removeprefix(codecs.BOM_UTF8)
    if text.lstrip()[:1] in {b"{", b"["}:
        _check_size(text, file, MAX_JSON)
        if (found := _json(text, file)) is not None:
            return found
    _check_size(text, file, MAX_YAML)
    return _yaml(text, file)


def _json(text: bytes, file: str) -> tuple[Document, ...] | None:
    """Give the documents; None where it may be YAML that begins with a bracket."""
    try:
        return (Document(orjson.loads(text), file, 1),)
    except orjson.JSONDecodeError as error:
        if found := _json_stream(text, file):
            return found
        if file.endswith((".yaml", ".yml")):
            return None
        raise _broken(file, error.lineno, error.msg, text) from error


def _json_stream(text: bytes, file: str) -> tuple[Document, ...]:
    """Read objects that stand one after another, as two kubectl commands print them; else ()."""
    decoder, found, line, position = json.JSONDecoder(), [], 1, 0
    try:
        whole = text.decode().rstrip()
        while position < len(whole):
            something = _SOMETHING.search(whole, position)
            start = something.start() if something else position
            line += whole.count("\n", position, start)
            value, position = decoder.raw_decode(whole, start)
            found.append(Document(value, file, line))
            line += whole.count("\n", start, position)
    except (ValueError, RecursionError):
        return ()
    return tuple(found)


def _yaml(text: bytes, file: str) -> tuple[Document, ...]:
    try:
        return tuple(Document(value, file, line) for line, value in yaml_text.documents(text))
    except yaml_text.TextError as error:
        raise _broken(file, error.line, error.what, text) from error


def _check_size(text: bytes, file: str, limit: int) -> None:
    if len(text) > limit:
        raise errors.InputError(
            f"{file} holds {len(text) // _MEBIBYTE} MiB; expected at most {limit // _MEBIBYTE}",
            remedy="Take JSON (kubectl get services,nodes -A -o json), which is read many times "
            "faster than YAML, and Services and Nodes only.",
        )


def _broken(file: str, line: int, what: str, text: bytes) -> errors.InputError:
    templated = b"{{" in text
    return errors.InputError(
        f"{file}, line {line}: {what}",
        remedy="It holds {{...}}: render the templates first (helm template, kustomize build)."
        if templated
        else "Expected the YAML or JSON of Kubernetes objects, as kubectl get -o json prints it.",
    )
