"""The record beside a saved plan: what it was made from and what it does."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from tfgen import errors
from tfgen.terraform import content, digest, writing
from tfgen.terraform.asked import Asked
from tfgen.terraform.stack import PLAN_FILE, Stack
from tfgen.terraform.state import State

FILE = f"{PLAN_FILE}.json"
SCHEMA = "tfgen.saved-plan"
SCHEMA_VERSION = 1
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Where:
    """Which cloud a plan is for."""

    project_id: str
    auth_url: str
    region: str


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """One saved plan and what it stands for."""

    stack: str
    bindings: digest.Bindings
    effect: str
    """Its effect digest."""
    asked: Asked

    @property
    def digest(self) -> str:
        """Its plan digest."""
        return digest.plan_digest(self.bindings)


def bindings(stack: Stack, state: State, where: Where) -> digest.Bindings:
    """Look at everything that a saved plan holds for."""
    return replace(ground(stack, state, where), plan_file=content.digest([stack.plan_file]))


def ground(stack: Stack, state: State, where: Where) -> digest.Bindings:
    """Look at everything that a plan follows from."""
    directory = stack.directory
    return digest.Bindings(
        intent=content.intent(directory),
        facts=content.facts(directory),
        modules=content.modules(directory),
        lock=content.lock(directory),
        engine=str(stack.engine),
        lineage=state.lineage,
        serial=state.serial,
        project_id=where.project_id,
        auth_url=where.auth_url,
        region=where.region,
        plan_file="",
    )


def untouched(stack: Stack, plan: SavedPlan) -> bool:
    """Whether the plan file is the one that the record speaks of."""
    return content.digest([stack.plan_file]) == plan.bindings.plan_file


def write(stack: Stack, plan: SavedPlan) -> None:
    """Write the record, for its owner only."""
    document = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "stack": plan.stack,
        "plan_digest": plan.digest,
        "effect_digest": plan.effect,
        "asked": asdict(plan.asked),
        "bindings": asdict(plan.bindings),
    }
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"
    writing.whole(stack.directory / FILE, text, _OWNER_ONLY)


def read(stack: Stack) -> SavedPlan | None:
    """Read the record; None where there is no saved plan.

    Raises TreeError where it is none, Refused where it was changed.
    """
    path = stack.directory / FILE
    if not (path.is_file() and stack.plan_file.is_file()):
        return None
    try:
        plan, named = _loads(orjson.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError) as error:
        raise errors.TreeError(
            f"{path} cannot be read: {error}", remedy="Run `tfgen plan` again."
        ) from error
    if plan.digest != named:
        raise errors.Refused(
            f"{path} was changed: its plan_digest is {digest.short(named)}, and its bindings have "
            f"{digest.short(plan.digest)}",
            remedy="Run `tfgen plan` again, and review what it shows.",
        )
    return plan


def remove(stack: Stack) -> None:
    """Remove plan and record: they hold once."""
    stack.plan_file.unlink(missing_ok=True)
    (stack.directory / FILE).unlink(missing_ok=True)


def _loads(document: Mapping[str, Any]) -> tuple[SavedPlan, str]:
    """Read a record, and the plan digest that it names."""
    if (document["schema"], document["schema_version"]) != (SCHEMA, SCHEMA_VERSION):
        raise ValueError(f"it is no {SCHEMA} of version {SCHEMA_VERSION}")
    asked = document["asked"]
    plan = SavedPlan(
        stack=document["stack"],
        bindings=digest.Bindings(**document["bindings"]),
        effect=document["effect_digest"],
        asked=Asked(asked["refresh"], tuple(asked["targets"]), tuple(asked["excludes"])),
    )
    return plan, document["plan_digest"]
