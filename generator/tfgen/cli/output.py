"""What a command prints: results on stdout, everything else on stderr, errors once."""

import contextlib
import json
import os
import tempfile
import traceback
from collections.abc import Iterator, Mapping

import orjson
import typer
from rich.console import Console
from typer import exceptions

from tfgen import errors

SCHEMA_VERSION = 1
_FORMAT = {"value": "text"}
_GATHERED: dict[str, dict[str, object]] = {}
"""The results of several steps that are printed as one, under the schema of that one."""

stdout = Console(highlight=False, soft_wrap=True, emoji=False, markup=False)
stderr = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def use_format(name: str) -> None:
    """Choose `text` or `json` for the rest of this run."""
    _FORMAT["value"] = name


def as_json() -> bool:
    """Whether results and errors are JSON documents."""
    return _FORMAT["value"] == "json"


@contextlib.contextmanager
def together(schema: str) -> Iterator[None]:
    """Print the JSON results of several steps as one document, each under its own name.

    Where a step fails, what those before it gave is printed with the failure.
    """
    _GATHERED.clear()
    _GATHERED[schema] = {}
    yield
    result(_GATHERED.pop(schema), "", schema=schema)


def result(document: Mapping[str, object], text: str, *, schema: str = "tfgen.result") -> None:
    """Print a command's result: the document with --format json, else the text."""
    if as_json():
        whole = {"schema": schema, "schema_version": SCHEMA_VERSION, **document}
        if _GATHERED:
            [gathered] = _GATHERED.values()
            gathered[schema.rpartition(".")[2]] = whole
            return
        _out(_dumped(whole))
    elif text:
        _out(plain(text))


def _out(text: str) -> None:
    try:
        _write(stdout, text)
    except OSError as error:
        raise errors.TfgenError(
            f"the result cannot be written to standard output: {error.strerror}",
            remedy="Make room where it goes. Then run the same command again.",
        ) from error


def _dumped(document: Mapping[str, object]) -> str:
    """Give a document as JSON text; bytes of a name that are no UTF-8 become `?`."""
    try:
        return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:
        text = json.dumps(document, indent=2, ensure_ascii=False)
        return text.encode(errors="replace").decode()


def note(text: str) -> None:
    """Say something beside the result; a terminal that is gone, or a full disk, stops no work."""
    with contextlib.suppress(OSError):
        _write(stderr, plain(text))


def away(sides: Mapping[str, errors.TfgenError]) -> None:
    """Say who did not answer, why, and what to do about it."""
    for side, failure in sides.items():
        note(f"{side} away: {failure.what}")
        if failure.remedy:
            note(f"  {failure.remedy}")


def plain(text: str) -> str:
    """Replace what a terminal would obey: names, values and hand edits come from others."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


def _write(console: Console, text: str) -> None:
    """Write text as it is; a console would widen tabs, and needs a second for a megabyte."""
    try:
        console.file.write(f"{text}\n")
        console.file.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough: that fails nothing
        os.dup2(os.open(os.devnull, os.O_WRONLY), console.file.fileno())


def failure(error: BaseException) -> int:
    """Say what went wrong, once, and give its exit code."""
    code, what, remedy = _words(error)
    schema, gathered = _GATHERED.popitem() if _GATHERED else ("", {})
    try:
        if as_json():
            told = {**gathered, "error": {"code": int(code), "what": what, "remedy": remedy}}
            result(told, "", schema=schema if gathered else "tfgen.error")
            return int(code)
    except errors.TfgenError as full:
        note(f"tfgen: {full.what}")
    note(f"tfgen: {what}")
    if remedy:
        note(remedy)
    return int(code)


def _words(error: BaseException) -> tuple[errors.ExitCode, str, str]:
    match error:
        case errors.TfgenError():
            return error.code, error.what, error.remedy
        case KeyboardInterrupt() | typer.Abort():
            return errors.ExitCode.INTERRUPTED, "interrupted", "Run the same command again."
        case exceptions.TyperException():
            return errors.ExitCode.USAGE, error.format_message(), _usage(error)
        case _:
            what = f"a bug: {type(error).__name__}: {error}"
            return errors.ExitCode.ERROR, what, f"Please report it with {_log(error)}."


def _usage(error: exceptions.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"Try: {context.command_path} --help" if context else ""


def _log(error: BaseException) -> str:
    """Keep the traceback in a file that only its owner reads; the screen stays readable.

    Where there is no room for a file, the screen it is.
    """
    text = "".join(traceback.format_exception(error))
    try:
        handle, name = tempfile.mkstemp(prefix="tfgen-bug-", suffix=".log")
        with os.fdopen(handle, "w", errors="replace") as log:
            log.write(text)
    except OSError:
        note(text)
        return "the lines above"
    return name
