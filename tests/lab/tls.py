"""Certificates for listeners that end TLS, and the two forms in which Barbican keeps them."""

import base64
import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

from openstack.connection import Connection

from lab import commands


@dataclasses.dataclass(frozen=True, slots=True)
class Certificate:
    """One signed by itself for one name; `crt` is what a client is to trust (--cacert)."""

    name: str
    crt: Path
    key: Path


Keep = Callable[[Connection, Certificate], tuple[str, list[str]]]
"""Store a certificate: the reference for Octavia, and what to delete with it."""


def certificate(folder: Path, name: str) -> Certificate:
    """Make a certificate for a DNS name."""
    made = Certificate(name, folder / f"{name}.crt", folder / f"{name}.key")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", f"/CN={name}")
    alternative = ("-addext", f"subjectAltName=DNS:{name}")
    commands.run("openssl", *new, *alternative, "-keyout", made.key, "-out", made.crt)
    return made


def bundle(cloud: Connection, held: Certificate) -> tuple[str, list[str]]:
    """Keep it as Octavia likes it: one secret, a PKCS12 bundle without a password."""
    p12 = held.key.with_suffix(".p12")
    parts = ("-inkey", held.key, "-in", held.crt, "-passout", "pass:", "-out", p12)
    commands.run("openssl", "pkcs12", "-export", *parts)
    secret = cloud.key_manager.create_secret(
        name=held.name,
        payload=base64.b64encode(p12.read_bytes()).decode(),
        payload_content_type="application/octet-stream",
        payload_content_encoding="base64",
    )
    return str(secret.secret_ref), [str(secret.secret_ref)]


def container(cloud: Connection, held: Certificate) -> tuple[str, list[str]]:
    """Keep it as of old: a container of type certificate, with a secret for each part."""
    refs = {}
    for part, file in (("certificate", held.crt), ("private_key", held.key)):
        secret = cloud.key_manager.create_secret(
            name=f"{held.name}-{part}", payload=file.read_text(), payload_content_type="text/plain"
        )
        refs[part] = str(secret.secret_ref)
    named = [{"name": part, "secret_ref": ref} for part, ref in refs.items()]
    made = cloud.key_manager.create_container(name=held.name, type="certificate", secret_refs=named)
    return str(made.container_ref), [str(made.container_ref), *refs.values()]


@contextlib.contextmanager
def kept(cloud: Connection, held: Certificate, keep: Keep = bundle) -> Iterator[str]:
    """Have a certificate in Barbican meanwhile; the reference that a listener takes."""
    reference, all_of_it = keep(cloud, held)
    try:
        yield reference
    finally:
        for url in all_of_it:
            cloud.session.delete(url, raise_exc=False)
