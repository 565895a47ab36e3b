"""What a person agrees to before a plan may pass: one flag for each guard that can be opened."""

from typing import Annotated

import typer

from tfgen import policy
from tfgen.cli import session

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
NewState = Annotated[
    bool,
    typer.Option(
        "--new-state",
        envvar="TFGEN_NEW_STATE",
        help="Create anew what is listed but cannot be found any more.",
        rich_help_panel=_PANEL,
    ),
]


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
