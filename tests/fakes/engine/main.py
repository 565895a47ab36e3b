"""The fake engine's command line."""

import json
import signal
import sys
import time
from pathlib import Path

from tests.fakes.engine import applying, configuration, planning, saying, state
from tests.fakes.engine.planning import Flags, How

_DATA, _PROVIDER_LOCK = Path(".terraform"), Path(".terraform.lock.hcl")


def main() -> int:
    """Run one command and give its exit code."""
    me = Path(sys.argv[0])
    how = json.loads(me.with_suffix(".json").read_text())
    with me.with_suffix(".log").open("a") as log:
        log.write("\t".join(sys.argv[1:]) + "\n")
    sys.stderr.write("noise\n" * (how["stderr"] // 6))
    command, flags, files = _arguments(sys.argv[1:])
    if command == how["hangs"]:
        return _hang(me)
    if command == how["nonsense"]:
        sys.stdout.write("{ no JSON")
        return 0
    try:
        return _COMMANDS[command](how, flags, files)
    except saying.Failure as failure:
        streams = "json" in flags and command in {"init", "plan", "apply"}
        (saying.diagnostic if streams else saying.prose)(failure)
        return 1


def _hang(me: Path) -> int:
    """Wait for an interrupt, and take a moment to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.stdout.flush()
        me.with_suffix(".hangs").touch()
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        time.sleep(0.3)
        me.with_suffix(".ended").touch()
        return 1


def _arguments(given: list[str]) -> tuple[str, Flags, list[str]]:
    """Read a command line: command, flags (repeated ones as lists), files."""
    words = 2 if given[0] in {"state", "providers"} else 1
    flags: Flags = {}
    files = []
    for text in given[words:]:
        name, _, value = text.lstrip("-").partition("=")
        if not text.startswith("-"):
            files.append(text)
        elif name in {"target", "exclude", "platform"}:
            flags.setdefault(name, []).append(value)
        else:
            flags[name] = value
    return " ".join(given[:words]), flags, files


def _version(how: How, _flags: Flags, _files: list[str]) -> int:
    answer = {"terraform_version": how["version"], "platform": "linux_amd64"}
    if how["product"] == "terraform":
        answer["terraform_outdated"] = False
    saying.document(answer)
    return 0


def _init(how: How, flags: Flags, _files: list[str]) -> int:
    if how["init_error"]:
        raise saying.Failure(how["init_error"])
    if "lockfile" in flags and not _PROVIDER_LOCK.exists():
        raise saying.Failure("Provider dependency changes detected")
    calls = [{"Key": "", "Source": "", "Dir": "."}]
    for block in configuration.blocks("module"):
        source = block.arguments()["source"]
        calls.append({"Key": block.labels[0], "Source": source, "Dir": source})
    (_DATA / "providers").mkdir(parents=True, exist_ok=True)
    (_DATA / "modules").mkdir(exist_ok=True)
    (_DATA / "modules" / "modules.json").write_text(json.dumps({"Modules": calls}))
    if not _PROVIDER_LOCK.exists():
        _PROVIDER_LOCK.write_text("# hashes of this platform\n")
    return 0


def _providers_lock(how: How, flags: Flags, _files: list[str]) -> int:
    if how["no_registry"]:
        raise saying.Failure("Could not retrieve providers for locking")
    _PROVIDER_LOCK.write_text(f"# hashes of {' '.join(flags.get('platform', []))}\n")
    return 0


def _output(_how: How, _flags: Flags, _files: list[str]) -> int:
    saying.document(json.loads(state.FILE.read_text())["outputs"] if state.FILE.exists() else {})
    return 0


def _state_pull(_how: How, _flags: Flags, _files: list[str]) -> int:
    if state.FILE.exists():
        sys.stdout.write(state.FILE.read_text())
    return 0


def _state_rm(how: How, _flags: Flags, files: list[str]) -> int:
    if how["locked"]:
        raise saying.Failure("Error acquiring the state lock")
    state.hold_lock()
    before = state.read()
    if missing := [name for name in files if name not in before.objects]:
        raise saying.Failure(f"Invalid target address: {missing[0]}")
    kept = {name: each for name, each in before.objects.items() if name not in files}
    state.write(before._replace(objects=kept))
    return 0


def _untaint(how: How, flags: Flags, files: list[str]) -> int:
    if how["locked"]:
        raise saying.Failure("Error acquiring the state lock")
    state.hold_lock()
    before = state.read()
    if "allow-missing" in flags and files[0] not in before.objects:
        return 0
    whole = before.objects[files[0]]._replace(tainted=False)
    state.write(before._replace(objects={**before.objects, files[0]: whole}))
    return 0


def _force_unlock(_how: How, _flags: Flags, files: list[str]) -> int:
    state.let_go(files[0])
    return 0


_COMMANDS = {
    "version": _version,
    "init": _init,
    "plan": planning.plan,
    "show": planning.show,
    "apply": applying.apply,
    "output": _output,
    "state pull": _state_pull,
    "state rm": _state_rm,
    "providers lock": _providers_lock,
    "untaint": _untaint,
    "force-unlock": _force_unlock,
}
