"""Waiting for Octavia: looks at one load balancer until it has come to rest, or is gone."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from tfgen import errors
from tfgen.reconcile.repair.case import Ends

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

Say: TypeAlias = Callable[[str], None]
_HEARTBEAT = 30.0
"""Seconds of silence after which a sign of life is given."""


def settled(ends: Ends, identity: str, say: Say, seconds: float) -> "cloud.LoadBalancer | None":
    """Wait until nothing is under way; None where it is gone then.

    Raises Refused where it is PENDING to the end: no step of ours ends that.
    """
    say(f"waiting for load balancer {identity}, {seconds:.0f} s at most")
    start = spoke = time.monotonic()
    while True:
        found = ends.mender.look(identity)
        if found is None or not found.pending:
            say(f"load balancer {identity} is {found.provisioning_status if found else 'gone'}")
            return found
        now = time.monotonic()
        if now - start >= seconds:
            raise late(found, seconds)
        if now - spoke >= _HEARTBEAT:
            say(f"load balancer {identity} is {found.provisioning_status} ({now - start:.0f} s)")
            spoke = now
        time.sleep(ends.poll)


def late(balancer: "cloud.LoadBalancer", seconds: float) -> errors.Refused:
    """Say that a load balancer did not come to rest."""
    since = f" (since {balancer.since} UTC)" if balancer.since else ""
    return errors.Refused(
        f"load balancer {balancer.id} is still {balancer.provisioning_status}{since}, "
        f"and {seconds:.0f} s were waited",
        remedy="Run the same command again, with more time (--timeout SECONDS) where the cloud is "
        "slow. What stays so for long only an operator of Octavia can end; nothing is deleted "
        "meanwhile.",
    )
