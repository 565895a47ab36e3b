"""The fake engine's plan: configuration and state compared."""

import json
import time
from pathlib import Path
from typing import Any, TypeAlias

from tests.fakes.engine import configuration, saying, state

Flags: TypeAlias = dict[str, Any]
How: TypeAlias = dict[str, Any]

_REPLACING = {
    state.LOAD_BALANCER: {"vip_subnet_id", "vip_network_id", "flavor_id"},
    configuration.LISTENER: {"protocol", "port"},
    state.FLOATING_IP: {"pool"},
}


def plan(how: How, flags: Flags, _files: list[str]) -> int:
    """Write a plan file: its JSON, and what apply must know to find it stale."""
    while how["hang"]:
        time.sleep(0.01)
    if how["plan_error"]:
        raise saying.Failure(how["plan_error"])
    saying.refuse_lock(how["lock_id"])
    state.hold_lock()
    before = state.read()
    changes, faults = _changes(before, flags, how)
    document = {
        "format_version": "1.2",
        "terraform_version": how["version"],
        "variables": {name: {"value": value} for name, value in configuration.facts().items()},
        "planned_values": {},
        "resource_changes": changes,
        "errored": bool(faults),
        "complete": not faults and "target" not in flags,
        "fake": [before.lineage, before.serial],
        "fake_gone": sorted(before.objects.keys() - _refreshed(before, flags, how).keys()),
    }
    Path(flags["out"]).write_text(json.dumps(document) + "\n")
    for fault in faults:
        saying.diagnostic(fault)
    does_something = any(happens(entry["change"]) for entry in changes)
    return 1 if faults else 2 * does_something


def show(_how: How, _flags: Flags, files: list[str]) -> int:
    """Print a plan file as JSON."""
    if not Path(files[0]).exists():
        raise saying.Failure(f"{files[0]} is no plan file")
    saying.document(json.loads(Path(files[0]).read_text()))
    return 0


def happens(change: dict[str, Any]) -> bool:
    """Whether an apply would do anything about it."""
    return change["actions"] != ["no-op"] or "importing" in change


def _changes(
    before: state.State, flags: Flags, how: How
) -> tuple[list[dict[str, Any]], list[saying.Failure]]:
    """Give resource_changes, and what a lifecycle forbids."""
    have = _refreshed(before, flags, how)
    want, taken = configuration.wanted(), configuration.imports()
    changes, faults = [], []
    for address in sorted(have.keys() | want.keys()):
        if not _covered(address, flags):
            continue
        asked, stands = want.get(address), have.get(address)
        change = _compare(address, stands, asked)
        if address in taken.keys() - before.objects.keys() and asked:
            after = {**state.made(address, asked.type, asked.values), "id": taken[address]}
            change = {**_change(["no-op"], after, after), "importing": {"id": taken[address]}}
        if how["unreadable"] and how["unreadable"] in address:
            faults.append(saying.Failure("Error getting port: 404", address=address))
        if asked and asked.prevent_destroy and "delete" in change["actions"]:
            faults.append(saying.Failure("Instance cannot be destroyed", file=asked.file))
        kind = asked.type if asked else stands.type if stands else ""
        changes.append({"address": address, "mode": "managed", "type": kind, "change": change})
    return changes, faults


def _refreshed(before: state.State, flags: Flags, how: How) -> dict[str, state.Standing]:
    """Give what the state has and a refresh, if there is one, finds."""
    if flags.get("refresh") == "false":
        return before.objects
    lost = how["gone"]
    have = {name: it for name, it in before.objects.items() if not (lost and lost in name)}
    return _found(have, before.serial, Path(how["cloud"])) if how["cloud"] else have


def _found(have: dict[str, state.Standing], serial: int, cloud: Path) -> dict[str, state.Standing]:
    """Give what a refresh finds: with a load balancer goes all that hangs on it."""
    gone = json.loads(cloud.read_text())["gone"] if cloud.exists() else {}
    over = {
        name.rpartition(".")[2]
        for name, it in have.items()
        if it.type == state.LOAD_BALANCER and gone.get(it.values["id"], -1) >= serial
    }
    ends = tuple(
        end for label in over for end in (f"{state.LOAD_BALANCER}.{label}", f"module.{label}_")
    )
    return {name: it for name, it in have.items() if not name.startswith(ends or ("-",))}


def _covered(address: str, flags: Flags) -> bool:
    def within(target: str) -> bool:
        return address == target or address.startswith((f"{target}.", f"{target}["))

    targets, excludes = flags.get("target", []), flags.get("exclude", [])
    return (not targets or any(map(within, targets))) and not any(map(within, excludes))


def _compare(
    address: str, have: state.Standing | None, want: configuration.Wanted | None
) -> dict[str, Any]:
    before = have.values if have else None
    if want is None:
        return _change(["delete"], before, None)
    computed = state.made(address, want.type, {})
    if have is None:
        return _change(["create"], None, want.values, dict.fromkeys(computed, True))
    differ = {name for name in want.values if want.values[name] != have.values.get(name)}
    if have.tainted or differ & _REPLACING.get(want.type, set()):
        return _change(["delete", "create"], before, want.values, dict.fromkeys(computed, True))
    after = {**want.values, **{name: have.values[name] for name in computed}}
    return _change(["update"] if differ else ["no-op"], before, after)


def _change(
    actions: list[str],
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    unknown: dict[str, bool] | None = None,
) -> dict[str, Any]:
    return {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
