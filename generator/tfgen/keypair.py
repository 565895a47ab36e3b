"""A certificate with its key: what a kubernetes.io/tls Secret holds, and what Barbican is given.

Octavia's amphorae take a PKCS12 bundle without a password, as one Barbican secret: certificate, key
and the certificates between it and its root.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

_LENGTH = 32
"""Characters of a digest: content is addressed by it."""
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Unusable(ValueError):  # noqa: N818  a verdict on what was found
    """Certificate or key cannot be used; `args[0]` says why, and shows nothing of the key."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Certificate (with its chain, leaf first) and key, as PEM. The key is never shown."""

    certificate: bytes
    key: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """What tells one content from another: of both parts, so that a new key is a new one."""
        lengths = f"{len(self.certificate)}:{len(self.key)}:".encode()
        return hashlib.sha256(lengths + self.certificate + self.key).hexdigest()[:_LENGTH]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A pair that was checked, as Octavia takes it."""

    digest: str
    names: tuple[str, ...]
    """DNS names of the certificate, sorted."""
    until: datetime
    pkcs12: bytes = field(repr=False)


def bundle(pair: KeyPair, now: datetime | None = None) -> Bundle:
    """Check a pair and put it into one bundle. Raises Unusable."""
    leaf, *chain = _certificates(pair.certificate)
    key = _key(pair.key)
    if _public(key.public_key()) != _public(leaf.public_key()):
        raise Unusable("the key is not that of the certificate")
    if leaf.not_valid_after_utc <= (now or datetime.now(UTC)):
        raise Unusable(f"the certificate ended on {leaf.not_valid_after_utc:%Y-%m-%d}")
    made = pkcs12.serialize_key_and_certificates(
        b"tfgen", key, leaf, chain or None, serialization.NoEncryption()
    )
    return Bundle(pair.digest, _names(leaf), leaf.not_valid_after_utc, made)


def _certificates(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise Unusable("tls.crt holds no certificate in PEM") from error


def _key(pem: bytes) -> _Key:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except TypeError as error:
        raise Unusable("tls.key is encrypted, and nobody knows its password here") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unusable("tls.key holds no private key in PEM") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unusable("tls.key is neither RSA nor of an elliptic curve, which is all that serves")
    return key


def _public(key: object) -> bytes:
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise Unusable("the certificate's key is neither RSA nor of an elliptic curve")
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(sorted(found.get_values_for_type(x509.DNSName)))
