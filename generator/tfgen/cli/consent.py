"""What a person agrees to before a plan may pass: one flag for each guard that can be opened."""

from typing import Annotated

import typer

from tfgen import config, policy
from tfgen.cli import output, session
from tfgen.reconcile import consents

_PANEL = "What you allow"

Removals = Annotated[
    int,
    typer.Option(
        "--allow-removals",
        envvar="TFGEN_ALLOW_REMOVALS",
        metavar="N",
        min=0,
        help="Let this many Services, or members of a pool, go.",
        rich_help_panel=_PANEL,
    ),
]
AddressChange = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-address-change",
        envvar="TFGEN_ALLOW_ADDRESS_CHANGE",
        metavar="NS/NAME",
        help="Let this Service's address change (repeatable).",
        rich_help_panel=_PANEL,
    ),
]
Protected = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-protected",
        envvar="TFGEN_ALLOW_PROTECTED",
        metavar="NS/NAME",
        help="Let this held Service change, or parts of this protected one go (repeatable).",
        rich_help_panel=_PANEL,
    ),
]
Exposure = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-exposure",
        envvar="TFGEN_ALLOW_EXPOSURE",
        metavar="NS/NAME",
        help="Let this Service become reachable from everywhere (repeatable).",
        rich_help_panel=_PANEL,
    ),
]
Write = Annotated[
    bool,
    typer.Option(
        "--write-consent",
        envvar="TFGEN_WRITE_CONSENT",
        help="Write what these flags open to tfgen-consent.json of the tree, for these plans "
        "alone.",
        rich_help_panel=_PANEL,
    ),
]
NewState = Annotated[
    bool,
    typer.Option(
        "--new-state",
        envvar="TFGEN_NEW_STATE",
        help="Create anew what is listed but cannot be found any more.",
        rich_help_panel=_PANEL,
    ),
]


def written(loaded: config.Loaded, documents: consents.Documents, verdict: policy.Verdict) -> None:
    """Write what was opened, and say where it stands."""
    if not verdict.opened:
        output.note("there is nothing to agree to: no consent is written")
        return
    known = consents.agreed(loaded, documents)
    consents.write(loaded, known, verdict.opened)
    path = config.display(loaded.out / policy.CONSENT_FILE)
    output.note(f"what was agreed to stands in {path}, for these plans alone: commit it")


def allowed(
    removals: int,
    address_change: list[str] | None,
    protected: list[str] | None,
    exposure: list[str] | None,
    *,
    new_state: bool,
) -> policy.Allowed:
    """Read the flags. Raises BadParameter for what is not NAMESPACE/NAME."""
    return policy.Allowed(
        removals=removals,
        address_change=session.services(address_change, "--allow-address-change"),
        protected=session.services(protected, "--allow-protected"),
        new_state=new_state,
        exposure=session.services(exposure, "--allow-exposure"),
    )
