"""Looks at the laboratory: databases read-only, the API server, states and tree as files."""

import hashlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lab import Lab, database
from lab.cluster import kube
from tests.soak.seen import (
    Balancer,
    Entry,
    FloatingIp,
    Listener,
    Member,
    Monitor,
    Node,
    Pool,
    Seen,
    Service,
)

Rows = list[dict[str, Any]]
_GONE = ("DELETED", "PENDING_DELETE")
_EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
_PORT = re.compile(r"_(tcp|udp|sctp)-[0-9]+$")
_TRIES = 20
"""To read a state that an engine is writing."""


def look(lab: Lab, tree: Path, namespace: str) -> Seen:
    """Look at everything once; the cloud before the states, for states follow it."""
    above = cloud(lab)
    client = kube.Client.of(lab.settings)
    entries = _entries(tree)
    return Seen(
        balancers=above.balancers,
        floating_ips=above.floating_ips,
        services=dict(_services(client.get(f"/api/v1/namespaces/{namespace}/services"))),
        nodes=dict(_nodes(client.get("/api/v1/nodes"))),
        state=dict(_in_states(tree)),
        entries=entries,
        facts=frozenset(_facts(tree)),
        files={
            str(path.relative_to(tree)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(tree.glob("stacks/*/lb*.tf"))
        },
    )


def cloud(lab: Lab) -> Seen:
    """Look at Octavia and Neutron alone."""
    return Seen(balancers=tuple(_balancers(lab)), floating_ips=_floating_ips(lab))


def _rows(lab: Lab, base: str, *statements: str) -> tuple[Rows, ...]:
    with database.cursor(lab.settings, base) as sql:
        return tuple(_all(sql, statement) for statement in statements)


def _all(sql: Any, statement: str) -> Rows:  # noqa: ANN401  pymysql has no types
    sql.execute(statement)
    return list(sql.fetchall())


def _balancers(lab: Lab) -> Iterator[Balancer]:
    found = _rows(
        lab,
        "octavia",
        "select b.*, v.ip_address, v.port_id from load_balancer b "
        "join vip v on v.load_balancer_id = b.id",
        "select * from listener",
        "select * from listener_cidr",
        "select * from pool",
        "select * from health_monitor",
        "select * from member",
        "select * from tags",
    )
    rows, listeners, cidrs, pools, monitors, members, tags = map(_standing, found)
    below = _pools(pools, monitors, members)
    sources = _many(cidrs, "listener_id", "cidr")
    tagged = _many(tags, "resource_id", "tag")
    for row in sorted(rows, key=lambda row: str(row["name"])):
        mine = [each for each in listeners if each["load_balancer_id"] == row["id"]]
        used = {each["default_pool_id"] for each in mine}
        yield Balancer(
            id=row["id"],
            name=row["name"],
            tags=frozenset(tagged[row["id"]]),
            address=row["ip_address"],
            port_id=row["port_id"] or "",
            listeners=tuple(
                _listener(each, frozenset(sources[each["id"]]), below.get(each["default_pool_id"]))
                for each in sorted(mine, key=lambda each: int(each["protocol_port"]))
            ),
            stray_pools=tuple(
                below[each["id"]]
                for each in pools
                if each["load_balancer_id"] == row["id"] and each["id"] not in used
            ),
            status=row["provisioning_status"],
        )


def _standing(rows: Rows) -> Rows:
    return [row for row in rows if row.get("provisioning_status") not in _GONE]


def _many(rows: Rows, key: str, value: str) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row[value])
    return found


def _pools(pools: Rows, monitors: Rows, members: Rows) -> dict[str, Pool]:
    watched = {row["pool_id"]: row for row in monitors}
    return {
        row["id"]: Pool(
            method=row["lb_algorithm"],
            monitor=_monitor(watched[row["id"]]) if row["id"] in watched else None,
            members=frozenset(_member(each) for each in members if each["pool_id"] == row["id"]),
            id=row["id"],
        )
        for row in pools
    }


def _monitor(row: Mapping[str, Any]) -> Monitor:
    return Monitor(
        row["delay"],
        row["timeout"],
        row["rise_threshold"],
        row["fall_threshold"],
        row["type"],
        row["id"],
    )


def _member(row: Mapping[str, Any]) -> Member:
    return Member(row["ip_address"], row["protocol_port"], row["weight"], bool(row["enabled"]))


def _listener(row: Mapping[str, Any], sources: frozenset[str], pool: Pool | None) -> Listener:
    kinds = ("client_data", "member_connect", "member_data", "tcp_inspect")
    client, connect, member, inspect = (row[f"timeout_{kind}"] for kind in kinds)
    return Listener(
        port=row["protocol_port"],
        limit=row["connection_limit"],
        timeouts=(client, connect, member, inspect),
        sources=sources,
        pool=pool,
        protocol=row["protocol"],
        id=row["id"],
    )


def _floating_ips(lab: Lab) -> tuple[FloatingIp, ...]:
    rows, tags = _rows(
        lab,
        "neutron",
        "select f.*, s.description from floatingips f "
        "join standardattributes s on s.id = f.standard_attr_id",
        "select * from tags",
    )
    tagged = _many(tags, "standard_attr_id", "tag")
    return tuple(
        FloatingIp(
            id=row["id"],
            address=row["floating_ip_address"],
            port_id=row["fixed_port_id"] or "",
            tags=frozenset(tagged[row["standard_attr_id"]]),
            description=row["description"] or "",
        )
        for row in sorted(rows, key=lambda row: str(row["floating_ip_address"]))
    )


def _services(listed: Mapping[str, Any]) -> Iterator[tuple[str, Service]]:
    for item in listed["items"]:
        ingress = item.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}]
        yield (
            item["metadata"]["name"],
            Service(
                uid=item["metadata"]["uid"],
                address=ingress[0].get("ip", ""),
                node_ports={
                    each["port"]: each.get("nodePort", 0) for each in item["spec"]["ports"]
                },
            ),
        )


def _nodes(listed: Mapping[str, Any]) -> Iterator[tuple[str, Node]]:
    for item in listed["items"]:
        found = item["metadata"]
        said = found.get("annotations") or {}
        address = next(
            each["address"]
            for each in item["status"]["addresses"]
            if each["type"] == "InternalIP" and ":" not in each["address"]
        )
        drains = said.get("tfgen.io/drain") == "true"
        weight = 0 if drains else int(said.get("tfgen.io/weight", "1"))
        counts = _EXCLUDED not in (found.get("labels") or {})
        yield found["name"], Node(address, counts, weight)


def _in_states(tree: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(tree.glob("stacks/*/terraform.tfstate")):
        for resource in _document(path).get("resources", ()):
            where = resource.get("module", resource["name"]).removeprefix("module.")
            for instance in resource["instances"] if _in_cloud(resource["type"]) else ():
                yield str(instance["attributes"].get("id", "")), _PORT.sub("", where)


def _in_cloud(kind: str) -> bool:
    return kind.startswith("openstack_")


def _document(path: Path) -> dict[str, Any]:
    """Read a JSON file, again while somebody writes it."""
    for _ in range(_TRIES):
        try:
            found: dict[str, Any] = json.loads(path.read_text() or "{}")
        except (json.JSONDecodeError, FileNotFoundError):
            time.sleep(0.1)
        else:
            return found
    return {}


def _entries(tree: Path) -> dict[str, Entry]:
    found = tree / "tfgen-manifest.json"
    services = _document(found)["services"] if found.exists() else {}
    return {
        key.partition("/")[2]: Entry(
            held=each["state"] == "held",
            protect=each["protect"],
            keep=each.get("keep_floating_ip", False),
            group=each.get("group", ""),
            file=each["file"],
        )
        for key, each in services.items()
    }


def _facts(tree: Path) -> Iterable[str]:
    for path in sorted(tree.glob("stacks/*/facts.auto.tfvars.json")):
        for group in (_document(path).get("node_groups") or {}).values():
            yield from group or ()
