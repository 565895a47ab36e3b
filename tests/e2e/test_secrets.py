"""TLS from a Secret, end to end: read, stored, reviewed, served, renewed, cleaned up."""

from collections.abc import Iterator

import pytest

from lab import topology
from tests import secrets as secrecy
from tests.e2e.sites import Site
from tests.lab import tls
from tfgen import resolved

pytestmark = pytest.mark.lab
CLIENT, NAME = topology.CLIENTS[1], "shop.example"


def put(site: Site, held: tls.Certificate) -> None:
    """Store a certificate as Secret web-tls."""
    make = ("kubectl", "create", "secret", "tls", "web-tls", "-n", site.name)
    parts = ("--cert", str(held.crt), "--key", str(held.key))
    made = site.run(*make, *parts, "--dry-run=client", "-o", "json").stdout
    site.kubectl("apply", "-f", "-", text=made)


def stored(site: Site) -> dict[str, str]:
    """Give what stands in Barbican for this site, reference by name."""
    found = site.openstack.key_manager.get("/secrets", params={"limit": "100"}).json()["secrets"]
    mine = f"tfgen_{site.name}_"
    return {each["name"]: each["secret_ref"] for each in found if each["name"].startswith(mine)}


def served(site: Site, trusted: tls.Certificate) -> bool:
    """Whether a client that trusts one certificate alone gets the page through HTTPS."""
    address = site.external_ip("web")
    options = ("--cacert", str(trusted.crt), "--resolve", f"{NAME}:443:{address}")
    return site.lab.get(f"https://{NAME}/", CLIENT, options=options).status == 200


@pytest.fixture
def asking(site: Site) -> Iterator[Site]:
    """A site whose Service ends TLS at port 443, with a Secret that is not there yet."""
    site.init()
    ports = [{"name": "http", "port": 80}, {"name": "https", "port": 443}]
    secret = {"tfgen.io/port.https.tls-secret": "web-tls"}
    site.apply(site.service("web", ports=ports, annotations=secret))
    yield site
    for reference in stored(site).values():
        site.openstack.session.delete(reference, raise_exc=False)


def certificate(site: Site, folder: str) -> tls.Certificate:
    """Make a certificate in a folder of its own, and its Secret."""
    place = site.folder / folder
    place.mkdir()
    made = tls.certificate(place, NAME)
    put(site, made)
    return made


def test_a_secret_that_is_not_there_holds_its_service(asking: Site) -> None:
    """Nothing is made, and each command says what to do."""
    held = asking.tfgen("run", "--yes", code=4)
    assert "Run: tfgen secrets sync" in held.stderr
    missing = asking.tfgen("secrets", "sync", code=4)
    assert f"Secret {asking.name}/web-tls does not exist" in missing.stderr
    assert (asking.load_balancers(), stored(asking)) == ([], {})


def test_a_certificate_from_a_secret_and_its_renewal(asking: Site) -> None:
    """Clients see it, the renewed one after a reviewed change; no key is anywhere but there."""
    first = certificate(asking, "first")
    asking.tfgen("secrets", "sync", "--check", code=2)
    assert stored(asking) == {}
    asking.tfgen("secrets", "sync")
    asking.tfgen("run", "--yes")
    [old] = stored(asking).values()
    known = resolved.loads((asking.tree / resolved.FILE).read_text())
    assert known.certificates[f"{asking.name}/web-tls"].container_ref == old
    assert served(asking, first)
    asking.tfgen("secrets", "sync", "--check")
    asking.tfgen("plan", "--exit-code")
    second = renew(asking)
    assert served(asking, second)
    asking.tfgen("secrets", "clean")
    [new] = stored(asking).values()
    assert new != old
    keys = {held.key.parent.name: held.key.read_text().split()[5] for held in (first, second)}
    assert secrecy.leaks(asking.tree, keys) == []


def renew(site: Site) -> tls.Certificate:
    """Put another certificate into the Secret, and let it be served; the old one is not lost."""
    made = certificate(site, "second")
    site.tfgen("secrets", "sync")
    site.tfgen("secrets", "clean")
    assert len(stored(site)) == 2, "the old one is in use until the apply"
    site.tfgen("run", "--yes")
    return made
