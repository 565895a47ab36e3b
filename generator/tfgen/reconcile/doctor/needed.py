"""How many objects of each kind the output tree stands for, when all of it is applied: pure."""

from collections import Counter
from collections.abc import Mapping

from tfgen import model, tree
from tfgen.inspection import written


def of(snapshot: tree.Snapshot) -> Mapping[str, int]:
    """Count by the names that quotas have here."""
    found: Counter[str] = Counter()
    counted: set[model.GroupKey | str | None] = set()
    for entry in snapshot.manifest.services.values() if snapshot.manifest else ():
        intent = written.read(snapshot.texts.get(entry.file, ""))
        known = snapshot.facts(entry.stack)
        nodes = sum(len(known.nodes(name)) for name in entry.node_groups) if known else 0
        sides = (entry, entry.of_second) if entry.second else (entry,)
        monitors = sum(port.get("monitor") != "null" for port in intent.ports.values())
        ports = len(entry.ports) * len(sides)
        own = 0 if entry.shares in counted or entry.attached else len(sides)
        floating = sum(side.has_floating_ip for side in sides if side) if own else 0
        counted |= {entry.shares} if entry.shares else set()
        found += Counter(
            {
                "load balancers": own,
                "ports": own,
                "floating IPs": floating,
                "listeners": ports,
                "pools": ports,
                "members": len(entry.ports) * nodes,
                "health monitors": monitors * len(sides),
            }
        )
    return found
