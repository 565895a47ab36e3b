"""A cloud that refuses, is silent, or is something else: each is told with what to do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tests.fakes import small_cloud as small
from tfgen import errors
from tfgen.cloud import failure as failure_


@pytest.fixture
def openstack() -> Iterator[fake.FakeCloud]:
    """Run a cloud with one network, one external network and two load balancers of ours."""
    with small.running() as content:
        yield content


def test_a_wrong_password(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Wrong credentials are told with Keystone's address and status, and never shown."""
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(password="falsch"))
    told = small.failure(small.connect(tmp_path, openstack))
    assert told.what == (
        f"Keystone at {openstack.url}/identity/v3 (cloud demo) refused the credentials: status 401"
    )
    assert "clouds.yaml or the OS_* variables" in told.remedy
    assert "falsch" not in str(told)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "does not allow this user to read: status 403"),
        (404, "has no such page: status 404"),
        (409, "refused the request: status 409"),
        (503, "failed: status 503"),
    ],
)
def test_a_service_that_refuses(
    tmp_path: Path, openstack: fake.FakeCloud, status: int, told: str
) -> None:
    """A service's refusal names the service, its endpoint, the status and what to do."""
    openstack.failing["/network/v2.0/subnets"] = status
    said = small.failure(small.connect(tmp_path, openstack))
    assert said.what == f"Neutron at {openstack.url}/network (cloud demo) {told}"
    assert said.remedy


def test_octavia_down(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A failing Octavia is told as Octavia, not as the cloud."""
    openstack.failing["/load-balancer/v2/lbaas"] = 500
    with small.connect(tmp_path, openstack) as live, pytest.raises(errors.CloudError) as raised:
        live.load_balancers("demo", "3f9c1a2b4d5e6f70")
    assert raised.value.what.startswith(f"Octavia at {openstack.url}/load-balancer (cloud demo)")


MISSHAPEN = ("<html>Log in</html>", "{}", "[]", "null", '{"subnets": "x", "networks": "x"}')


@pytest.mark.parametrize("answer", MISSHAPEN)
def test_an_answer_of_something_else(
    tmp_path: Path, openstack: fake.FakeCloud, answer: str
) -> None:
    """A login page with status 200, or JSON of another form, is told as what stands between."""
    openstack.raw["/network/v2.0"] = answer
    told = small.failure(small.connect(tmp_path, openstack))
    assert told.what == (
        f"Neutron at {openstack.url}/network (cloud demo) gave an answer that is none of its API's"
    )
    assert "a proxy or a login page" in told.remedy


def test_a_status_tree_of_something_else(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """What is asked for by hand is told in the same words."""
    openstack.raw["/load-balancer/v2"] = "<html>Log in</html>"
    with (
        small.connect(tmp_path, openstack) as live,
        pytest.raises(errors.CloudError, match="none of"),
    ):
        live.status_tree("lb-1")


@pytest.mark.parametrize("answer", MISSHAPEN)
@pytest.mark.parametrize("path", ["/identity/v3/auth", "/identity"])
def test_a_keystone_of_something_else(
    tmp_path: Path, openstack: fake.FakeCloud, path: str, answer: str
) -> None:
    """Behind a login page Keystone gives no token, and that is no bug."""
    openstack.raw[path] = answer
    told = small.failure(small.connect(tmp_path, openstack))
    assert told.what.startswith(f"Keystone at {openstack.url}/identity/v3 (cloud demo) ")
    assert told.remedy


def test_a_connection_that_breaks() -> None:
    """What the system says of a connection is told as a service that cannot be reached."""
    asked = failure_.Asked("Octavia", "https://lb", "demo")
    with pytest.raises(errors.CloudError) as raised, failure_.worded(asked):
        raise ConnectionResetError("reset")
    assert raised.value.what == (
        "Octavia at https://lb (cloud demo) cannot be reached: ConnectionResetError"
    )


def test_no_such_service(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A cloud without Octavia says so."""
    openstack.services.remove("load-balancer")
    with small.connect(tmp_path, openstack) as live, pytest.raises(errors.CloudError) as raised:
        live.octavia_api_version()
    assert "no load-balancer (Octavia) endpoint in region RegionOne: it has none" in str(
        raised.value
    )


@pytest.mark.parametrize("status", [401, 503])
def test_keystones_page_cannot_be_read(
    tmp_path: Path, openstack: fake.FakeCloud, status: int
) -> None:
    """A failing first page ends at once, and is told as Keystone's."""
    openstack.failing["/identity/v3"] = status
    told = small.failure(small.connect(tmp_path, openstack))
    assert told.what.startswith(f"Keystone at {openstack.url}/identity/v3 (cloud demo)")
    assert f"status {status}" in told.what
    assert openstack.calls == ["GET /identity/v3"]


def test_a_cloud_that_does_not_answer(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A silent cloud ends in time, with the setting that gives it more."""
    text = openstack.clouds_yaml().replace('"region_name"', '"api_timeout": 0.2, "region_name"')
    (tmp_path / "clouds.yaml").write_text(text)
    openstack.silent.set()
    told = small.failure(small.connect(tmp_path, openstack))
    assert "did not answer in time" in told.what
    assert "api_timeout" in told.remedy


def test_a_cloud_that_is_not_there(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A closed port is told as such."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v3"
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(auth_url=url))
    told = small.failure(small.connect(tmp_path, openstack))
    assert told.what == f"Keystone at {url} (cloud demo) cannot be reached: connection refused"


def test_an_address_that_is_no_keystone(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """An auth_url with a wrong path is told as an address to correct."""
    (tmp_path / "clouds.yaml").write_text(
        openstack.clouds_yaml(auth_url=f"{openstack.url}/wrong/v3")
    )
    told = small.failure(small.connect(tmp_path, openstack))
    assert "auth_url" in told.remedy


def test_an_answer_that_is_no_keystone(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A service that is there, and is something else, is told as an address to correct."""
    url = f"{openstack.url}/load-balancer"
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(auth_url=url))
    told = small.failure(small.connect(tmp_path, openstack))
    assert told.what.startswith(f"Keystone at {url} (cloud demo)")
    assert "auth_url" in told.remedy


def test_a_service_without_tls(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Https where http is spoken is told as a matter of trust."""
    url = openstack.url.replace("http:", "https:")
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(auth_url=f"{url}/identity/v3"))
    told = small.failure(small.connect(tmp_path, openstack))
    assert "cannot be trusted" in told.what
    assert "cacert" in told.remedy
