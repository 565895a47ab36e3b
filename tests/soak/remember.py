"""What is remembered of a step: pure, as the checks are."""

from collections.abc import Collection
from dataclasses import replace

from tests.soak import invariants
from tests.soak.seen import FloatingIp
from tests.soak.step import Memory, Step


def remember(step: Step, planted: Collection[str]) -> Memory:
    """Give the memory with which the next step is judged; `planted`: ids of foreign objects."""
    yielded = _yielded(step)
    return replace(
        step.memory,
        addresses=_addresses(step, yielded),
        yielded=yielded,
        loose=_loose(step),
        kept=_kept(step),
        foreign=_foreign(step, planted),
        edited=_edited(step),
    )


def _yielded(step: Step) -> frozenset[str]:
    """Give the Services whose address may change until they answer where they asked to."""
    found = step.memory.yielded | invariants.agreed(step)
    return frozenset(name for name in found if not _settled(step, name))


def _settled(step: Step, name: str) -> bool:
    """Whether a Service answers where it asked to, or is gone from the tree."""
    spec, entry = step.wishes.services.get(name), step.after.entries.get(name)
    if spec is None or entry is None:
        return spec is None and entry is None
    owner = f"group {spec.group}" if spec.group else name
    found = step.after.of(step.memory.tree, owner)
    bound = [each.address for each in step.after.bound(found)] if found else []
    answers = bound == [step.after.services[name].address]
    return invariants.ended(step) and entry.group == spec.group and answers


def _addresses(step: Step, yielded: frozenset[str]) -> dict[str, str]:
    """Learn what is published first; forget who is gone from cluster and tree, or may change."""
    known = step.after.services.keys() | step.after.entries.keys()
    stays = known - step.memory.yielded - invariants.agreed(step)
    before = {name: each for name, each in step.memory.addresses.items() if name in stays}
    published = {name: each.address for name, each in step.after.services.items() if each.address}
    found = published | before
    return {name: address for name, address in found.items() if name not in yielded}


def _loose(step: Step) -> frozenset[str]:
    found = frozenset(invariants.loose_now(step))
    if step.still or invariants.unfinished(step):
        return found
    return step.memory.loose & found


def _kept(step: Step) -> frozenset[FloatingIp]:
    ids, seen = invariants.kept_ids(step), step.after
    free = (each for each in seen.floating_ips if each.id in ids and not each.port_id)
    return step.memory.kept | {each for each in free if each.id not in seen.state}


def _foreign(step: Step, planted: Collection[str]) -> dict[str, object]:
    standing = invariants.by_id(step.after)
    return {id_: step.memory.foreign.get(id_, standing.get(id_)) for id_ in planted}


def _edited(step: Step) -> dict[str, str]:
    if step.operation.kind != "edit-file" or step.idle:
        return dict(step.memory.edited)
    name = step.operation.target
    return {**step.memory.edited, name: step.after.files[step.after.entries[name].file]}
