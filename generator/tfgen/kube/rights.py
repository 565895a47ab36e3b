"""What this user may do, asked as the API server judges it: SelfSubjectAccessReview."""

from dataclasses import dataclass
from typing import Any

from tfgen import errors
from tfgen.kube import call, live

_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_RESOURCE = "selfsubjectaccessreviews.authorization.k8s.io"


@dataclass(frozen=True, slots=True)
class Right:
    """One right in the whole cluster; `verb`, `group` and `resource` as RBAC names them."""

    verb: str
    resource: str
    group: str = ""
    subresource: str = ""
    name: str = ""
    """Of the one object that it is about; empty: of all."""

    def __str__(self) -> str:
        what = f"{self.resource}/{self.subresource}" if self.subresource else self.resource
        group = f".{self.group}" if self.group else ""
        return " ".join(part for part in (self.verb, what + group, self.name) if part)


def allowed(cluster: live.Cluster, right: Right) -> bool:
    """Ask for one right. Raises ClusterError where that cannot be told."""
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": _attributes(right)},
    }
    answer = cluster.send(call.Call("create", _RESOURCE, _PATH, body=body))
    status: Any = answer.get("status")
    if not isinstance(status, dict) or not isinstance(status.get("allowed"), bool):
        raise errors.ClusterError(
            f"cluster {cluster.server}: the answer to an access review has no status.allowed",
            remedy="Is this the address of a Kubernetes API server?",
        )
    return bool(status["allowed"])


def _attributes(right: Right) -> dict[str, str]:
    """Give what is asked for; an empty namespace is all of them."""
    found = {
        "verb": right.verb,
        "resource": right.resource,
        "group": right.group,
        "subresource": right.subresource,
        "name": right.name,
    }
    return {name: value for name, value in found.items() if value}
