"""An Octavia whose load balancers fail, are failed over and are deleted; kept in a file.

What stands follows from the state of the stack, so that the fake engine makes load balancers here.
That it is a file lets a process that is killed leave behind what it had begun.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes import sky
from tfgen import cloud, errors, model

SINCE = "2026-01-01T00:00:00"
_TAGS = ("tfgen", "tfgen_cluster=demo", "tfgen_tree=3f9c1a2b")
_OURS = (*_TAGS, "tfgen_service=shop_web")
_BOTH = ("listener", "pool")
_LB, _FIP = "openstack_lb_loadbalancer_v2", "openstack_networking_floatingip_v2"
_KINDS = {
    "openstack_lb_listener_v2": "listener",
    "openstack_lb_pool_v2": "pool",
    "openstack_lb_monitor_v2": "monitor",
}


@dataclass(slots=True)
class Hospital(sky.FakeSky):
    """A cloud that is asked before a plan, and changed past the engine."""

    folder: Path = field(default_factory=Path)
    """Of the workshop: its tree is infra/, our file lies beside it."""
    ends: str = "ACTIVE"
    """What a failover ends with."""
    forbidden: bool = False
    """Whether a failover is kept for operators."""
    deleting: str = "GONE"
    """What a deletion ends with."""
    pruning: str = "ACTIVE"
    """What a change below a load balancer ends with."""
    gone_ports: set[str] = field(default_factory=set)
    since: str = SINCE
    strange: int = 0
    """Listeners on each load balancer that no state has."""
    tags: tuple[str, ...] = ()
    """Other tags than ours, as a single look gives them."""
    asked: list[str] = field(default_factory=list)
    """What was changed, and what was looked into."""

    @property
    def file(self) -> Path:
        """Where it is kept, for the fake engine to read: what is gone, and since which serial."""
        return self.folder / "octavia.json"

    def read(self) -> dict[str, Any]:
        """Read what is kept."""
        nothing: dict[str, Any] = {"statuses": {}, "gone": {}, "extra": {}, "lost": [], "more": {}}
        return dict(json.loads(self.file.read_text())) if self.file.exists() else nothing

    def write(self, whole: Mapping[str, Any]) -> None:
        """Write it as one step, at which a process can be killed."""
        new = str(self.file) + ".new"
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(handle, json.dumps(whole).encode())
        os.close(handle)
        os.replace(new, self.file)  # noqa: PTH105  tests/fakes/disk.py watches os

    def falls(self, identity: str, *statuses: str) -> None:
        """Let a load balancer have these statuses, one a look."""
        whole = self.read()
        whole["statuses"][identity] = list(statuses)
        self.write(whole)

    def loses(self, *kinds: str) -> None:
        """Let things be missing below the load balancers: "listener tcp-80"."""
        self.write({**self.read(), "lost": list(kinds)})

    def adds(self, identity: str, service: str, status: str = "ACTIVE") -> None:
        """Let one stand that no state has."""
        whole = self.read()
        whole["extra"][identity] = model.ServiceKey.parse(service).label
        whole["statuses"][identity] = [status]
        self.write(whole)

    def leaves(self, key: str, *kinds: str, tags: tuple[str, ...] = _OURS) -> None:
        """Let a listener and its pool be there that no state has, or one of them: "pool"."""
        whole = self.read()
        listener, pool = (kind in (kinds or _BOTH) for kind in _BOTH)
        whole["more"][key] = {"listener": listener, "pool": pool, "tags": list(tags)}
        self.write(whole)

    def load_balancers_of(self, cluster: str) -> tuple[cloud.LoadBalancer, ...]:
        """List what stands."""
        own = tuple(sky.FakeSky.load_balancers_of(self, cluster))
        found = [self._balancer(*pair) for pair in self._standing()]
        return (*own, *(each for each in found if each))

    def look(self, identity: str) -> cloud.LoadBalancer | None:
        """Look at one; a status of several in a row is over then."""
        found = next(
            (self._balancer(*pair) for pair in self._standing() if pair[0] == identity), None
        )
        whole = self.read()
        left = whole["statuses"].get(identity, [])
        if len(left) > 1:
            whole["statuses"][identity] = left[1:]
            self.write(whole)
        if left[1:2] == ["GONE"]:
            whole["gone"][identity] = self._serial()
            whole["extra"].pop(identity, None)
            del whole["statuses"][identity]
            self.write(whole)
        return found

    def fail_over(self, identity: str) -> None:
        """Begin a failover."""
        if self.forbidden:
            raise cloud.NotAllowedError(
                "Octavia does not let this user", remedy="It is for operators."
            )
        self.asked.append(f"failover {identity}")
        self.falls(identity, "PENDING_UPDATE", "PENDING_UPDATE", self.ends)

    def delete(self, identity: str) -> None:
        """Begin a deletion."""
        if self.read()["statuses"].get(identity, [""])[0].startswith("PENDING_"):
            raise errors.CloudError("Octavia is at work on it (status 409)")
        self.asked.append(f"delete {identity}")
        self.falls(identity, "PENDING_DELETE", "PENDING_DELETE", self.deleting)

    def listeners(self, identity: str) -> tuple[cloud.Listener, ...]:
        """List what no state has; what the state has is asked for nowhere."""
        self.asked.append(f"status of the listeners of {identity}")
        return tuple(
            cloud.Listener(f"li-{key}", f"demo_{key}", "TCP", _port(key), (*each["tags"],))
            for key, each in self.read()["more"].items()
            if each["listener"]
        )

    def pools(self, identity: str) -> tuple[cloud.Pool, ...]:
        """List what no state has, as above."""
        self.asked.append(f"status of the pools of {identity}")
        return tuple(
            cloud.Pool(f"po-{key}", f"demo_{key}", (*each["tags"],))
            for key, each in self.read()["more"].items()
            if each["pool"]
        )

    def delete_below(self, balancer: str, kind: str, identity: str) -> None:
        """Delete a listener or a pool; its load balancer is PENDING for a look."""
        self.asked.append(f"delete {kind} {identity}")
        whole = self.read()
        whole["more"][identity[len("li-") :]][kind.removesuffix("s")] = False
        whole["statuses"][balancer] = ["PENDING_UPDATE", self.pruning]
        self.write(whole)

    def has_port(self, port: str) -> bool:
        """Whether a port is there."""
        return port not in self.gone_ports

    def floating_ips(
        self, _cluster: str, _tree: str, *, bound: Collection[str] = ()
    ) -> tuple[cloud.FloatingIp, ...]:
        """List what the states have, bound to the load balancer that stands."""
        del bound
        standing = {label: identity for identity, label in reversed(self._standing())}
        return tuple(
            cloud.FloatingIp(
                address=values["address"],
                id=values["id"],
                port_id=f"port-{standing[label]}" if label in standing else "",
                tags=(*_TAGS, f"tfgen_service={label}"),
            )
            for _, label, values in self._objects(_FIP)
        )

    def status_tree(self, identity: str) -> Mapping[str, Any]:
        """Give what hangs on it: what the state has, less what is lost."""
        self.asked.append(f"status tree of {identity}")
        lost = self.read()["lost"]
        below: dict[str, set[str]] = {}
        for kind, word in _KINDS.items():
            for module, _, _ in self._objects(kind):
                key = module.rpartition("_")[2]
                if f"{word} {key}" not in lost:
                    below.setdefault(key, set()).add(word)
        listeners = [_listener(key, words) for key, words in below.items() if "listener" in words]
        left = self.read()["more"].items()
        more = [_left(key, each["pool"]) for key, each in left if each["listener"]]
        return {"statuses": {"loadbalancer": {"listeners": [*listeners, *more]}}}

    def _standing(self) -> list[tuple[str, str]]:
        """Give ids and labels of what stands."""
        whole, serial = self.read(), self._serial()
        made = [(values["id"], label) for _, label, values in self._objects(_LB)]
        there = [each for each in made if whole["gone"].get(each[0], -1) < serial]
        return [*there, *whole["extra"].items()]

    def _balancer(self, identity: str, label: str) -> cloud.LoadBalancer | None:
        statuses = self.read()["statuses"].get(identity, ["ACTIVE"])
        return cloud.LoadBalancer(
            name=f"demo_{label}",
            id=identity,
            tags=self.tags or (*_TAGS, f"tfgen_service={label}"),
            provisioning_status=statuses[0],
            operating_status="ONLINE",
            vip_address="10.0.0.9",
            vip_port_id=f"port-{identity}",
            listeners=len(self._objects("openstack_lb_listener_v2"))
            + self.strange
            + sum(each["listener"] for each in self.read()["more"].values()),
            children=frozenset(self._children()),
            since=self.since,
        )

    def _children(self) -> Iterator[str]:
        for kind in ("listener", "pool"):
            yield from (each["id"] for _, _, each in self._objects(f"openstack_lb_{kind}_v2"))
            left = self.read()["more"].items()
            yield from (f"{kind[:2]}-{key}" for key, each in left if each[kind])

    def _objects(self, kind: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Give module, label and values of what the states have of a kind."""
        return [
            (one.get("module", ""), one["name"].removeprefix("lb_"), instance["attributes"])
            for state in self._states()
            for one in state["resources"]
            if one["type"] == kind
            for instance in one["instances"]
        ]

    def _states(self) -> list[dict[str, Any]]:
        paths = sorted(self.folder.glob("infra/stacks/*/terraform.tfstate"))
        return [json.loads(path.read_text()) for path in paths]

    def _serial(self) -> int:
        return max((state["serial"] for state in self._states()), default=0)


def _port(key: str) -> int:
    return int(key.rpartition("-")[2])


def _left(key: str, pool: bool) -> dict[str, Any]:  # noqa: FBT001  whether it has one
    pools = [{"id": f"po-{key}"}] if pool else []
    return {"id": f"li-{key}", "name": f"demo_{key}", "pools": pools}


def _listener(key: str, words: set[str]) -> dict[str, Any]:
    monitor = {"health_monitor": {"id": f"mo-{key}"}} if "monitor" in words else {}
    pools = [{"id": f"po-{key}", **monitor}] if "pool" in words else []
    return {"id": f"li-{key}", "name": f"demo_{key}", "pools": pools}
