"""A certificate and its key become one bundle, or a reason why not."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.fakes import certificates
from tfgen import keypair

PAIR, NOW = certificates.pair(), certificates.NOW


def test_a_pair_becomes_a_bundle() -> None:
    """With its key, its names and its last day; Octavia wants no password."""
    made = keypair.bundle(PAIR, NOW)
    key, leaf, others = pkcs12.load_key_and_certificates(made.pkcs12, None)
    assert leaf is not None
    assert certificates.pem(key) == PAIR.key  # type: ignore[arg-type]  # an elliptic one
    assert (made.names, f"{made.until:%Y-%m-%d}", others) == (("shop.example",), "2026-12-26", [])


def test_the_chain_comes_along_leaf_first() -> None:
    """Clients that know the root alone need what lies between."""
    chain = certificates.pair("ca.example").certificate
    made = keypair.bundle(replace(PAIR, certificate=PAIR.certificate + chain), NOW)
    _, leaf, others = pkcs12.load_key_and_certificates(made.pkcs12, None)
    assert leaf
    assert leaf.subject.rfc4514_string() == "CN=shop.example"
    assert [each.subject.rfc4514_string() for each in others] == ["CN=ca.example"]


def test_a_digest_tells_contents_apart() -> None:
    """Another key is another content, and so is what moved from one part to the other."""
    one = keypair.KeyPair(b"ab", b"c").digest
    assert one == keypair.KeyPair(b"ab", b"c").digest
    assert one != keypair.KeyPair(b"a", b"bc").digest


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        (keypair.KeyPair(b"none", PAIR.key), "tls.crt holds no certificate in PEM"),
        (keypair.KeyPair(PAIR.certificate, b"none"), "tls.key holds no private key in PEM"),
        (
            keypair.KeyPair(PAIR.certificate, certificates.pair("other.example").key),
            "the key is not that of the certificate",
        ),
        (
            keypair.KeyPair(
                PAIR.certificate, certificates.pem(ec.generate_private_key(ec.SECP256R1()), "pw")
            ),
            "tls.key is encrypted, and nobody knows its password here",
        ),
        (
            keypair.KeyPair(
                PAIR.certificate, certificates.pem(ed25519.Ed25519PrivateKey.generate())
            ),
            "tls.key is neither RSA nor of an elliptic curve, which is all that serves",
        ),
        (certificates.pair("old.example", -1), "the certificate ended on 2026-11-25"),
    ],
)
def test_what_cannot_be_used_says_why(pair: keypair.KeyPair, why: str) -> None:
    """And never shows a part of a key."""
    with pytest.raises(keypair.Unusable) as raised:
        keypair.bundle(pair, NOW)
    assert raised.value.args == (why,)


def test_a_key_is_not_shown() -> None:
    """In no repr, so in no traceback and no log."""
    assert "PRIVATE" not in repr(PAIR)
    assert repr(keypair.bundle(PAIR, NOW).pkcs12) not in repr(keypair.bundle(PAIR, NOW))
