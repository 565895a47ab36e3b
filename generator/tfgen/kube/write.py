"""Writing to Services: their status subresource, and Events about them. Nothing else is written."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from tfgen import errors, model, status
from tfgen.kube import call, live

MANAGER = "tfgen"
"""Our field manager, and who reports the Events."""

Service = Mapping[str, Any]
Wanted = Callable[[Service], dict[str, Any] | None]
"""Gives the patch that a Service wants, None where it wants none."""


class Outcome(StrEnum):
    """What became of one Service."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    GONE = "gone"
    """Deleted since the listing: nothing to write to."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did, and why it failed."""

    outcome: Outcome
    error: errors.ClusterError | None = None


def now() -> str:
    """Give this second, as Kubernetes writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def apply(cluster: live.Cluster, service: Service, wanted: Wanted) -> Written:
    """Bring one Service to what it should carry; a failure is a value, for others go on.

    Where someone changed the Service since the listing (409), it is read and judged once more.
    """
    try:
        return Written(_patched(cluster, service, wanted))
    except call.ApiError as error:
        if error.status != HTTPStatus.CONFLICT:
            return Written(Outcome.FAILED, error)
    except errors.ClusterError as error:
        return Written(Outcome.FAILED, error)
    try:
        fresh = cluster.service(key(service))
        return Written(Outcome.GONE if fresh is None else _patched(cluster, fresh, wanted))
    except errors.ClusterError as error:
        return Written(Outcome.FAILED, error)


def event(cluster: live.Cluster, service: Service, told: status.Event) -> None:
    """Write one Event about a Service. Raises ClusterError."""
    about = key(service)
    path = f"/apis/events.k8s.io/v1/namespaces/{about.namespace}/events"
    body = _event(service, told)
    query = {"fieldManager": MANAGER}
    cluster.send(call.Call("create", "events.events.k8s.io", path, query, body))


def key(service: Service) -> model.ServiceKey:
    """Give the identity of a Service that the API server listed."""
    metadata = service["metadata"]
    return model.ServiceKey(metadata["namespace"], metadata["name"])


def _patched(cluster: live.Cluster, service: Service, wanted: Wanted) -> Outcome:
    patch = wanted(service)
    if patch is None:
        return Outcome.UNCHANGED
    about = key(service)
    path = f"/api/v1/namespaces/{about.namespace}/services/{about.name}/status"
    try:
        cluster.send(call.Call("patch", "services/status", path, {"fieldManager": MANAGER}, patch))
    except call.ApiError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return Outcome.GONE
        raise
    return Outcome.WRITTEN


def _event(service: Service, told: status.Event) -> dict[str, Any]:
    about = key(service)
    # generateName does not do: it allows no dot at the end, and without one the Event of a
    # Service web-1 looks like that of another.
    name = f"{about.name}.{time.time_ns():x}"
    return {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": about.namespace},
        "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "reportingController": MANAGER,
        "reportingInstance": MANAGER,
        "action": "Publish",
        "reason": told.reason,
        "type": told.type,
        "note": told.note,
        "regarding": {
            "apiVersion": "v1",
            "kind": "Service",
            "namespace": about.namespace,
            "name": about.name,
            "uid": service["metadata"].get("uid", ""),
            "resourceVersion": service["metadata"].get("resourceVersion", ""),
        },
    }
