"""What can be settled without a cloud."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tfgen import config, errors, manifest
from tfgen.config import cloudconf
from tfgen.reconcile.init import access, method, records

_ATTACH: records.Key = ("attach",)
_ENABLED = ("defaults", "monitor", "enabled")


def begin(
    wishes: records.Wishes,
    conversion: cloudconf.Conversion | None,
    tree: manifest.Manifest | None,
) -> records.Draft:
    """Begin a draft with names, the tree's id and the cloud.conf.

    A tree that was rendered before keeps its id: its objects carry it. Raises Refused where that
    tree is another cluster's.
    """
    draft = records.Draft(dict(conversion.values) if conversion else {})
    draft.values["cluster",] = wishes.cluster
    draft.values["tree",] = _tree(tree, wishes.cluster) if tree else secrets.token_hex(8)
    if tree:
        draft.said.append(f"tree {tree.tree}, as the output tree has it")
    for key, value in ((("out",), wishes.out), (("openstack", "cloud"), wishes.cloud)):
        if value:
            draft.values[key] = value
    if wishes.internal:
        draft.values[records.INTERNAL] = True
    if conversion:
        draft.values[_ATTACH] = "any"
        draft.notes[_ATTACH] = (
            "As OCCM has it: a Service of any namespace may point at any object of the project. "
            "tfgen's default is none."
        )
    if _ENABLED in draft.values:
        draft.notes[_ENABLED] = "As the cloud.conf has it; OCCM's default is false, tfgen's true."
    return draft


def carried(
    conversion: cloudconf.Conversion | None, draft: records.Draft
) -> tuple[cloudconf.Row, ...]:
    """Give what became of each option in the end: a flag, or the cloud, may say otherwise."""
    if conversion is None:
        return ()
    return tuple(_ended(row, conversion.values, draft.values) for row in conversion.rows)


def _ended(
    row: cloudconf.Row, values: Mapping[records.Key, Any], drafted: Mapping[records.Key, Any]
) -> cloudconf.Row:
    key = tuple(row.setting.split("."))
    said, holds = values.get(key), drafted.get(key)
    if said == holds or not isinstance(holds, str):
        return row
    return replace(row, setting="", note=f"{row.setting} is {holds} instead")


def _tree(tree: manifest.Manifest, cluster: str) -> str:
    if tree.cluster == cluster:
        return tree.tree
    raise errors.Refused(
        f"the output tree is that of cluster {tree.cluster}, not of {cluster}",
        remedy=f"Choose another folder with --out, or say --cluster {tree.cluster}.",
    )


def offline(draft: records.Draft, wishes: records.Wishes) -> None:
    """Settle with ids as given; what is missing is left open, with a comment."""
    for key, text, flag in (
        (records.SUBNET, wishes.subnet, "--subnet"),
        (records.MEMBERS, wishes.member_subnet, "--member-subnet"),
    ):
        if text:
            draft.values[key] = _id(text, flag)
    if wishes.provider:
        draft.values[records.PROVIDER] = wishes.provider
    if wishes.floating_networks:
        draft.values[records.FLOATING] = [_network(text) for text in wishes.floating_networks]
    method.settle(draft)
    access.settle(draft)
    _leave_open(draft)


def _leave_open(draft: records.Draft) -> None:
    if not (draft.values.get(records.SUBNET) or draft.values.get(records.NETWORK)):
        draft.values[records.SUBNET] = ""
        draft.notes[records.SUBNET] = (
            "Fill it in before rendering: `openstack subnet list` shows the ids."
        )
    floating = draft.values.get(records.FLOATING, [])
    if any(not network["name"] for network in floating):
        draft.notes[records.FLOATING] = (
            "Fill in the name before rendering: `openstack network list --external` shows it."
        )
    elif not floating and not draft.values.get(records.INTERNAL):
        draft.values[records.FLOATING] = []
        draft.notes[records.FLOATING] = (
            'Without one, only internal load balancers can be made. Write [{name: "public"}], as '
            "`openstack network list --external` has it."
        )


def _id(text: str, flag: str) -> str:
    if config.UUID.fullmatch(text):
        return text
    raise errors.SettingsError(
        f"{flag} {text} is no id, and names are the cloud's to know",
        remedy="Give the id (UUID), or leave --offline out.",
    )


def _network(text: str) -> dict[str, str]:
    """Read ID=NAME, a name or an id of an external network."""
    identity, both, name = text.partition("=")
    if both:
        return {"id": _id(identity, "--floating-network"), "name": name}
    known = bool(config.UUID.fullmatch(text))
    return {"id": text, "name": ""} if known else {"id": "", "name": text}
