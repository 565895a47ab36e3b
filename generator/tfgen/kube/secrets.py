"""Reading a kubernetes.io/tls Secret: the one kind that is ever read, by one command."""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from tfgen import errors, keypair
from tfgen.kube import call, live

TYPE = "kubernetes.io/tls"


def read(cluster: live.Cluster, namespace: str, name: str) -> keypair.KeyPair:
    """Read one Secret. Raises ClusterError where it is not there, not allowed, or of another kind.

    No message shows what it holds.
    """
    where = f"Secret {namespace}/{name}"
    path = f"/api/v1/namespaces/{namespace}/secrets/{name}"
    try:
        found = cluster.send(call.Call("get", "secrets", path))
    except call.ApiError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        raise errors.ClusterError(
            f"{where} does not exist",
            remedy=f"Make it: kubectl create secret tls {name} -n {namespace} --cert F --key F",
        ) from error
    if found.get("type") != TYPE:
        raise errors.ClusterError(
            f"{where} is of type {found.get('type')}; expected {TYPE}",
            remedy=f"Make it with: kubectl create secret tls {name} -n {namespace} ...",
        )
    return keypair.KeyPair(_part(found, "tls.crt", where), _part(found, "tls.key", where))


def _part(secret: Mapping[str, Any], name: str, where: str) -> bytes:
    data = secret.get("data")
    text = data.get(name) if isinstance(data, Mapping) else None
    try:
        found = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        found = b""
    if found:
        return found
    raise errors.ClusterError(
        f"{where}: {name} is missing, empty or not base64",
        remedy="Make the Secret anew with: kubectl create secret tls",
    )
