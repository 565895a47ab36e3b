"""Secrets to Barbican: each content once, nothing of a key anywhere, and nothing lost."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes import certificates as made
from tests.fakes import objects
from tests.fakes.cluster import FakeCluster
from tfgen import errors, keypair, model, resolved
from tfgen.cloud import barbican
from tfgen.kube import live, secrets
from tfgen.reconcile import certificates
from tfgen.reconcile.certificates import Change

T = "tfgen.io/"


@dataclass(slots=True)
class FakeStore:
    """Barbican in memory."""

    stored: dict[str, barbican.Stored] = field(default_factory=dict)
    bundles: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False

    def name(self, secret: str, digest: str) -> str:
        """Name a content as Barbican's does."""
        return f"tfgen_demo_{secret.replace('/', '_')}_{digest}"

    def find(self, name: str) -> barbican.Stored | None:
        """Give what is there."""
        if self.broken:
            raise errors.CloudError("Barbican answered 503")
        return self.stored.get(name)

    def add(self, name: str, bundle: keypair.Bundle) -> barbican.Stored:
        """Store it under the next number."""
        found = barbican.Stored(name, f"https://barbican/v1/secrets/{len(self.stored):08}")
        self.stored[name], self.bundles[name] = found, bundle.pkcs12
        return found

    def all(self) -> tuple[barbican.Stored, ...]:
        """Give all that is there."""
        return tuple(self.stored.values())

    def remove(self, stored: barbican.Stored) -> None:
        """Let it go."""
        del self.stored[stored.name]


@pytest.fixture
def cluster() -> Iterator[FakeCluster]:
    """An API server with Service shop/web, which names Secret web-tls."""
    with FakeCluster() as fake:
        fake.put(objects.service("shop/web", annotations={T + "tls-secret": "web-tls"}))
        put(fake, "shop/web-tls", made.pair(days=3_650))
        yield fake


@pytest.fixture
def store() -> FakeStore:
    """An empty Barbican."""
    return FakeStore()


def put(fake: FakeCluster, secret: str, pair: keypair.KeyPair, kind: str = secrets.TYPE) -> None:
    """Store a Secret as `kubectl create secret tls` does."""
    parts = {"tls.crt": pair.certificate, "tls.key": pair.key}
    data = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    fake.secrets[secret] = {"kind": "Secret", "type": kind, "data": data}


def sync(
    fake: FakeCluster, store: FakeStore, place: objects.Place, *, check: bool = False
) -> certificates.Report:
    """Run one pass, and write what it found."""
    connected = live.Cluster(fake.kubeconfig(place.root))
    report = certificates.sync(
        connected.listing(),
        place.loaded,
        lambda namespace, name: secrets.read(connected, namespace, name),
        store,
        check=check,
    )
    if not check:
        certificates.write(place.loaded, report)
    return report


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """A tree."""
    return objects.Place(tmp_path)


def file(place: objects.Place) -> resolved.Resolved:
    """Read the tree's file."""
    return resolved.loads(place.text(resolved.FILE))


def test_a_content_is_stored_once(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """Its reference stands in the tree; a second pass stores and writes nothing."""
    assert [row.change for row in sync(cluster, store, place).rows] == [Change.NEW]
    first = place.text(resolved.FILE)
    (found,) = file(place).certificates.values()
    assert found.container_ref == "https://barbican/v1/secrets/00000000"
    assert found.names == ("shop.example",)
    report = sync(cluster, store, place)
    assert ([row.change for row in report.rows], report.stale) == ([Change.UNCHANGED], False)
    assert (len(store.stored), place.text(resolved.FILE)) == (1, first)


def test_a_renewed_certificate_is_another_content(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """The old one stays until nothing uses it: the listener is changed by a reviewed apply."""
    sync(cluster, store, place)
    old = file(place).certificates["shop/web-tls"]
    put(cluster, "shop/web-tls", made.pair("new.example", 3_650))
    assert [row.change for row in sync(cluster, store, place).rows] == [Change.RENEWED]
    new = file(place).certificates["shop/web-tls"]
    assert new.container_ref != old.container_ref
    assert certificates.clean(store, [old.container_ref], file(place)) == ()
    gone = certificates.clean(store, [new.container_ref], file(place))
    assert [each.ref for each in gone] == [old.container_ref]
    assert [each.ref for each in store.all()] == [new.container_ref]


def test_a_check_stores_and_writes_nothing(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """It says that the tree is behind: exit code 2."""
    report = sync(cluster, store, place, check=True)
    assert report.code(check=True) is errors.ExitCode.CHANGES
    assert not store.stored
    assert not place.file(resolved.FILE).exists()


def test_a_secret_of_a_port_and_lists_of_them(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """Each is read in the Service's own namespace; what is not claimed names nothing."""
    own = {T + "port.80.tls-secret": "web-tls, more-tls"}
    cluster.put(objects.service("shop/web", annotations=own))
    cluster.put(objects.service("blog/www", type="ClusterIP", annotations={T + "tls-secret": "x"}))
    put(cluster, "shop/more-tls", made.pair("more.example", 3_650))
    rows = sync(cluster, store, place).rows
    assert [row.secret for row in rows] == ["shop/more-tls", "shop/web-tls"]
    assert {row.services for row in rows} == {(model.ServiceKey("shop", "web"),)}


def test_what_fails_keeps_what_it_had(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """A Secret that went, is not allowed, or is broken: the listener goes on, exit code 4."""
    sync(cluster, store, place)
    before = place.text(resolved.FILE)
    cluster.secrets.clear()
    report = sync(cluster, store, place)
    (row,) = report.rows
    assert row.error
    assert row.error.what == "Secret shop/web-tls does not exist"
    assert report.code(check=False) is errors.ExitCode.HELD
    put(cluster, "shop/web-tls", keypair.KeyPair(b"x", b"y"))
    (row,) = sync(cluster, store, place).rows
    assert row.error
    assert row.error.what == "Secret shop/web-tls: tls.crt holds no certificate in PEM"
    cluster.forbidden.add("get secrets")
    (row,) = sync(cluster, store, place).rows
    assert row.error
    assert "get secrets" in row.error.what
    assert place.text(resolved.FILE) == before


def test_a_secret_of_another_type_is_not_read(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """Opaque Secrets hold other things."""
    put(cluster, "shop/web-tls", made.pair(), "Opaque")
    (row,) = sync(cluster, store, place).rows
    assert row.error
    assert row.error.what == ("Secret shop/web-tls is of type Opaque; expected kubernetes.io/tls")


def test_barbican_in_trouble_changes_nothing(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """Its failure is that of each Secret."""
    sync(cluster, store, place)
    before, store.broken = place.text(resolved.FILE), True
    (row,) = sync(cluster, store, place).rows
    assert str(row.error) == "Barbican answered 503"
    assert place.text(resolved.FILE) == before


def test_no_key_reaches_the_tree_or_the_report(
    cluster: FakeCluster, store: FakeStore, place: objects.Place
) -> None:
    """Neither as PEM nor as what stands between its lines."""
    report = sync(cluster, store, place)
    body = made.pair(days=3_650).key.decode().splitlines()[1]
    said = f"{report!r}{certificates.document(report)!r}{place.text(resolved.FILE)}"
    assert body not in said
