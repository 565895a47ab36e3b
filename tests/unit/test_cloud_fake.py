"""The fake cloud behaves as the real services do, where the adapter's tests rely on it."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.fakes import openstack as fake


@pytest.fixture
def openstack() -> Iterator[fake.FakeCloud]:
    """Run a cloud with three load balancers, two of them tagged."""
    tagged = {"tags": ["a", "b"], "project_id": "a" * 32}
    content = fake.FakeCloud(
        load_balancers=[
            {"id": "1", **tagged},
            {"id": "2", **tagged},
            {"id": "3", "tags": ["a"], "project_id": "a" * 32},
        ],
        networks=[{"id": "n", "name": "public", "router:external": True}],
    )
    with fake.running(content):
        yield content


def log_in(openstack: fake.FakeCloud, password: str, project: str = "a" * 32) -> requests.Response:
    """Ask Keystone for a token."""
    user = {"name": "me", "domain": {"name": "Default"}, "password": password}
    identity: dict[str, Any] = {"methods": ["password"], "password": {"user": user}}
    body: dict[str, Any] = {"auth": {"identity": identity, "scope": {"project": {"id": project}}}}
    return requests.post(f"{openstack.url}/identity/v3/auth/tokens", json=body, timeout=5)


def get(openstack: fake.FakeCloud, path: str) -> dict[str, Any]:
    """Read a page with a good token."""
    token = log_in(openstack, "geheim").headers["X-Subject-Token"]
    answer = requests.get(f"{openstack.url}{path}", headers={"X-Auth-Token": token}, timeout=5)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def ids(document: dict[str, Any]) -> list[str]:
    """Give the ids of listed load balancers."""
    return [each["id"] for each in document["loadbalancers"]]


BALANCERS = "/load-balancer/v2/lbaas/loadbalancers"


def test_tokens_are_given_to_the_right_user_only(openstack: fake.FakeCloud) -> None:
    """A wrong password and another project are refused; lists need a token."""
    assert log_in(openstack, "geheim").status_code == 201
    assert log_in(openstack, "falsch").status_code == 401
    assert log_in(openstack, "geheim", "b" * 32).status_code == 401
    assert requests.get(f"{openstack.url}{BALANCERS}", timeout=5).status_code == 401


def test_lists_are_filtered(openstack: fake.FakeCloud) -> None:
    """All tags of a query must be there, and fields be equal."""
    assert ids(get(openstack, BALANCERS)) == ["1", "2", "3"]
    assert ids(get(openstack, f"{BALANCERS}?tags=a,b")) == ["1", "2"]
    assert ids(get(openstack, f"{BALANCERS}?project_id={'b' * 32}")) == []
    networks = "/network/v2.0/networks?router:external"
    assert get(openstack, f"{networks}=False")["networks"] == []
    assert len(get(openstack, f"{networks}=True")["networks"]) == 1


def test_lists_are_paged(openstack: fake.FakeCloud) -> None:
    """A page names the next one, which keeps the filter."""
    openstack.page = 1
    first = get(openstack, f"{BALANCERS}?tags=a,b")
    following = first["loadbalancers_links"][0]["href"].removeprefix(openstack.url)
    second = get(openstack, following)
    assert ids(first) + ids(second) == ["1", "2"]
    assert "loadbalancers_links" not in second


def test_it_fails_as_told_and_keeps_a_log(openstack: fake.FakeCloud) -> None:
    """A path told to fail does so, unknown paths are 404, and every call is written down."""
    openstack.failing["/identity"] = 503
    assert requests.get(f"{openstack.url}/identity/v3", timeout=5).status_code == 503
    assert requests.get(f"{openstack.url}/nowhere", timeout=5).status_code == 404
    assert openstack.calls == ["GET /identity/v3", "GET /nowhere"]


def test_it_is_silent_as_told(openstack: fake.FakeCloud) -> None:
    """A silent cloud keeps its clients waiting."""
    openstack.silent.set()
    with pytest.raises(requests.Timeout):
        requests.get(f"{openstack.url}/identity/v3", timeout=0.1)
