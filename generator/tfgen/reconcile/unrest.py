"""Load balancers at which Octavia is at work before a plan: they are given a moment.

Octavia refuses every other change meanwhile, and an engine that is told so tries again for ten
minutes. Mostly it is over in seconds; where a worker has died, it never is.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

SECONDS = 30.0
"""How long they are waited for: a change takes an amphora 3 to 7 s."""
_POLL = 1.0


def left(
    look: "Callable[[], tuple[cloud.LoadBalancer, ...]]",
    ids: frozenset[str],
    over: Callable[[], object] = bool,
    pause: Callable[[float], None] = time.sleep,
) -> "tuple[cloud.LoadBalancer, ...]":
    """Give those of some load balancers that are PENDING to the end; `over`: it is given up.

    One list call a second, whatever their number. Raises CloudError.
    """
    for _ in range(int(SECONDS / _POLL)):
        found = tuple(each for each in look() if each.id in ids and each.pending)
        if not found or over():
            return found
        pause(_POLL)
    return tuple(each for each in look() if each.id in ids and each.pending)
