"""Certificates in Barbican: one secret for each content, under a name that says whose it is."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from openstack import exceptions as sdk

from tfgen import keypair
from tfgen.cloud import session

_KIND = "key-manager"
_PAGE = 100


@dataclass(frozen=True, slots=True, order=True)
class Stored:
    """One secret of ours: `tfgen_<cluster>_<tree>_<namespace>_<name>_<digest>`."""

    name: str
    ref: str
    """Its URL, as a listener names it."""


class Store:
    """The secrets of one tree. Every method may raise CloudError."""

    def __init__(self, cloud: session.Cloud, cluster: str, tree: str) -> None:
        self._cloud = cloud
        self._prefix = f"tfgen_{cluster}_{tree}_"

    def name(self, secret: str, digest: str) -> str:
        """Name a content: `shop/web-tls` and its digest; neither part can hold an underscore."""
        return f"{self._prefix}{secret.replace('/', '_')}_{digest}"

    def find(self, name: str) -> Stored | None:
        """Give the secret of a name, None where there is none; of several the first."""
        return next((each for each in sorted(self._listed(name=name)) if each.name == name), None)

    def all(self) -> tuple[Stored, ...]:
        """Give all secrets of the tree, sorted."""
        return tuple(sorted(s for s in self._listed() if s.name.startswith(self._prefix)))

    def add(self, name: str, bundle: keypair.Bundle) -> Stored:
        """Store a bundle; what Octavia reads is a PKCS12 file."""
        with self._cloud.asking(_KIND) as connection:
            made = connection.key_manager.create_secret(
                name=name,
                secret_type="opaque",  # noqa: S106  Barbican's word for its kind
                payload=base64.b64encode(bundle.pkcs12).decode(),
                payload_content_type="application/octet-stream",
                payload_content_encoding="base64",
            )
            return Stored(name, str(made.secret_ref or made.secret_id))

    def remove(self, stored: Stored) -> None:
        """Delete one; it is well if it is gone already."""
        with self._cloud.asking(_KIND) as connection:
            connection.key_manager.delete_secret(stored.ref.rpartition("/")[2])

    def _listed(self, **query: str) -> Iterator[Stored]:
        """List page after page; the library's own listing takes the second page for the first."""
        offset = 0
        with self._cloud.asking(_KIND) as connection:
            while True:
                asked = {**query, "limit": str(_PAGE), "offset": str(offset)}
                answer = connection.key_manager.get("/secrets", params=asked)
                sdk.raise_from_response(answer)
                found = answer.json()["secrets"]
                yield from (
                    Stored(str(each.get("name") or ""), str(each["secret_ref"])) for each in found
                )
                if len(found) < _PAGE:
                    return
                offset += _PAGE
