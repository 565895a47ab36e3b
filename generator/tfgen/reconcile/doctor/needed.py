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
        nodes = len(known.nodes(entry.node_group)) if known else 0
        monitors = sum(port.get("monitor") != "null" for port in intent.ports.values())
        ports = len(entry.ports)
        own = 0 if entry.shares in counted or entry.attached else 1
        counted |= {entry.shares} if entry.shares else set()
        found += Counter(
            {
                "load balancers": own,
                "ports": own,
                "floating IPs": own if entry.has_floating_ip else 0,
                "listeners": ports,
                "pools": ports,
                "members": ports * nodes,
                "health monitors": monitors,
            }
        )
    return found
