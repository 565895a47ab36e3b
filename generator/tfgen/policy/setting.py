"""Guards *stop* and *policy*: what the settings do not allow at all."""

from collections.abc import Iterator

from tfgen.policy import plan, verdict
from tfgen.policy.rules import Rules, about, by_owner, listing

_FORBIDDEN = {
    "sync": frozenset[str](),
    "upsert-only": frozenset({"delete"}),
    "create-only": frozenset({"delete", "update"}),
}


def stop(_judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse everything while `guards.stop` is true, or the file that stops is there."""
    stopped = "guards.stop is true" if rules.settings.guards.stop else rules.stopped
    if stopped:
        yield verdict.Refusal(
            guard=verdict.Guard.STOP,
            about="The plan",
            address="",
            what=f"{stopped}: nothing is applied anywhere",
            remedy="When it is over, set guards.stop to false in tfgen.yaml, or remove the file.",
        )


def write(judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Refuse what `guards.write` does not let a plan do."""
    setting = rules.settings.guards.write
    forbidden = _FORBIDDEN[setting]
    for group in by_owner(each for each in judged.resources if each.actions & forbidden):
        verbs = " and ".join(sorted({verb for each in group for verb in each.actions & forbidden}))
        yield verdict.Refusal(
            guard=verdict.Guard.POLICY,
            about=about(group[0]),
            address=group[0].address,
            what=f"guards.write is {setting}, which allows no {verbs}: "
            + listing([each.words for each in group]),
            remedy="Set guards.write to sync in tfgen.yaml. No flag opens this.",
            service=group[0].service,
        )
