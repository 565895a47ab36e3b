"""The laboratory: a real OpenStack and Kubernetes on loopback. See lab/README.md.

    from lab import Lab
    lab = Lab.here()

`Lab` is imported when it is asked for: OpenStack's own environment imports parts of this package
too, and has not what `Lab` needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab.errors import LabError
    from lab.laboratory import Lab
    from lab.traffic.client import Answer, NoAnswer

__all__ = ["Answer", "Lab", "LabError", "NoAnswer"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    if name == "Lab":
        from lab.laboratory import Lab

        return Lab
    if name == "LabError":
        from lab.errors import LabError

        return LabError
    if name in {"Answer", "NoAnswer"}:
        from lab.traffic import client

        return getattr(client, name)
    raise AttributeError(name)
