"""The cloud adapter, with the real client library against a small cloud on loopback."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tfgen import cloud, config, errors, model
from tfgen.cloud import failure as failure_

TAGS = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=3f9c1a2b4d5e6f70"]
NET, PUBLIC = "b" * 32, "c" * 32


@pytest.fixture
def openstack() -> Iterator[fake.FakeCloud]:
    """Run a cloud with one network, one external network and two load balancers of ours."""
    content = fake.FakeCloud(
        networks=[
            {"id": NET, "name": "demo-net", "router:external": False},
            {"id": PUBLIC, "name": "public", "router:external": True},
        ],
        subnets=[
            {"id": "s1", "name": "demo-subnet", "cidr": "10.0.0.0/16", "network_id": NET},
            {"id": "s2", "name": "public-subnet", "cidr": "172.24.0.0/16", "network_id": PUBLIC},
        ],
        load_balancers=[
            balancer("web", "lb-1", "10.0.0.100"),
            balancer("internal", "lb-2", "10.0.0.101"),
            {**balancer("web", "lb-3", "10.0.0.102"), "tags": ["tfgen", "tfgen_cluster=other"]},
        ],
        floating_ips=[
            {
                "id": "fip-1",
                "floating_ip_address": "172.24.0.5",
                "port_id": "port-lb-1",
                "tags": TAGS,
            }
        ],
    )
    with fake.running(content):
        yield content


def balancer(name: str, identity: str, address: str, status: str = "ACTIVE") -> fake.Object:
    """Make a load balancer of Service shop/<name>."""
    return {
        "id": identity,
        "name": f"demo_shop_{name}",
        "tags": [*TAGS, f"tfgen_service=shop_{name}"],
        "provisioning_status": status,
        "operating_status": "ONLINE",
        "vip_address": address,
        "vip_port_id": f"port-{identity}",
        "project_id": "a" * 32,
    }


def connect(
    tmp_path: Path, content: fake.FakeCloud, name: str = "demo", **openstack: str
) -> cloud.Cloud:
    """Connect by a clouds.yaml that names the fake as `demo`."""
    file = tmp_path / "clouds.yaml"
    if not file.exists():
        file.write_text(content.clouds_yaml())
    return cloud.connect(settings(cloud=name, **openstack), {"OS_CLIENT_CONFIG_FILE": str(file)})


def settings(**openstack: str) -> config.Settings:
    """Make settings with this openstack section."""
    section = config.OpenStack(**openstack)
    return config.Settings(cluster="demo", tree="3f9c1a2b4d5e6f70", openstack=section)


def address(name: str, identity: str, vip: str, public: str = "") -> model.Address:
    """Make an address as a state would claim it."""
    return model.Address(model.ServiceKey("shop", name), identity, vip, public or vip)


WEB = address("web", "lb-1", "10.0.0.100", "172.24.0.5")
INTERNAL = address("internal", "lb-2", "10.0.0.101")


def test_who_we_are(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """The identity is the project of the token, and where it came from."""
    with connect(tmp_path, openstack) as live:
        assert live.identity() == cloud.Identity(
            "a" * 32, f"{openstack.url}/identity/v3", "RegionOne"
        )


def test_what_the_cloud_offers(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Subnets know their network and whether it is external; Octavia tells version, providers."""
    with connect(tmp_path, openstack) as live:
        assert live.subnets() == (
            cloud.Subnet("demo-subnet", "s1", "10.0.0.0/16", "demo-net", NET, external=False),
            cloud.Subnet("public-subnet", "s2", "172.24.0.0/16", "public", PUBLIC, external=True),
        )
        assert live.external_networks() == (cloud.ExternalNetwork("public", PUBLIC),)
        assert live.octavia_api_version() == "2.27"
        assert live.providers() == ("amphora", "octavia")


def test_versions_are_compared_as_numbers(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """2.9 is older than 2.10."""
    openstack.octavia_versions = ["v2.10", "v2.9", "v2.0"]
    with connect(tmp_path, openstack) as live:
        assert live.octavia_api_version() == "2.10"


def test_addresses_of_one_tree(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Load balancers with our tags are joined with the floating IPs at their VIP ports."""
    with connect(tmp_path, openstack) as live:
        assert live.addresses("demo", "3f9c1a2b4d5e6f70") == (INTERNAL, WEB)
        assert live.addresses("demo", "0" * 16) == ()


def test_one_list_call_each(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """However many load balancers there are, each list is asked once; pages are followed."""
    with connect(tmp_path, openstack) as live:
        live.addresses("demo", "3f9c1a2b4d5e6f70")
        openstack.calls.clear()
        live.addresses("demo", "3f9c1a2b4d5e6f70")
        assert openstack.calls == [
            "GET /load-balancer/v2/lbaas/loadbalancers",
            "GET /network/v2.0/floatingips",
        ]
        openstack.page = 1
        assert live.addresses("demo", "3f9c1a2b4d5e6f70") == (INTERNAL, WEB)


def test_load_balancers_that_are_not_settled(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """ERROR and PENDING_* are told with the Service they belong to, ACTIVE is not."""
    openstack.load_balancers += [
        balancer("broken", "lb-8", "10.0.0.8", "ERROR"),
        balancer("busy", "lb-9", "10.0.0.9", "PENDING_UPDATE"),
    ]
    with connect(tmp_path, openstack) as live:
        found = live.unsettled("demo", "3f9c1a2b4d5e6f70")
    assert [(str(each.service), each.failed, each.pending) for each in found] == [
        ("shop/broken", True, False),
        ("shop/busy", False, True),
    ]


def test_confirmed_addresses(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A floating IP at the VIP port, and an internal VIP, are confirmed as they stand."""
    with connect(tmp_path, openstack) as live:
        told = live.confirm([WEB, INTERNAL])
    assert told == cloud.Confirmation((WEB, INTERNAL), ())


def test_the_recorded_project_is_compared(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Project, address and region as recorded pass, with or without dashes and /v3."""
    recorded = settings(
        project_id="aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
        auth_url=f"{openstack.url}/identity/",
        region="RegionOne",
    )
    with connect(tmp_path, openstack) as live:
        live.check_project(recorded)
        assert live.identity().project_id == "a" * 32


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        ({"project_id": "b" * 32}, f"project_id of tfgen.yaml is {'b' * 32}, and cloud demo has"),
        ({"auth_url": "https://other/v3"}, "auth_url of tfgen.yaml is https://other/v3"),
        ({"region": "RegionTwo"}, "region of tfgen.yaml is RegionTwo, and cloud demo has Region"),
    ],
)
def test_another_project_is_refused(
    tmp_path: Path, openstack: fake.FakeCloud, recorded: dict[str, str], told: str
) -> None:
    """A cloud other than the recorded one is a refusal that names both."""
    with connect(tmp_path, openstack) as live, pytest.raises(errors.Refused) as raised:
        live.check_project(settings(**recorded))
    assert raised.value.code is errors.ExitCode.REFUSED
    assert told in raised.value.what


def failure(live: cloud.Cloud) -> errors.CloudError:
    """Ask for subnets, which fails."""
    with live, pytest.raises(errors.CloudError) as raised:
        live.subnets()
    return raised.value


def test_a_wrong_password(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Wrong credentials are told with Keystone's address and status, and never shown."""
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(password="falsch"))
    told = failure(connect(tmp_path, openstack))
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
    said = failure(connect(tmp_path, openstack))
    assert said.what == f"Neutron at {openstack.url}/network (cloud demo) {told}"
    assert said.remedy


def test_octavia_down(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A failing Octavia is told as Octavia, not as the cloud."""
    openstack.failing["/load-balancer/v2/lbaas"] = 500
    with connect(tmp_path, openstack) as live, pytest.raises(errors.CloudError) as raised:
        live.load_balancers("demo", "3f9c1a2b4d5e6f70")
    assert raised.value.what.startswith(f"Octavia at {openstack.url}/load-balancer (cloud demo)")


def test_all_trees_of_a_cluster(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """One list has the load balancers of every tree of the cluster, and of no other cluster."""
    tags = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff", "tfgen_service=shop_web"]
    openstack.load_balancers.append({**balancer("web", "lb-4", "10.0.0.103"), "tags": tags})
    with connect(tmp_path, openstack) as live:
        found = {each.id: each.trees for each in live.load_balancers_of("demo")}
        ours = [each.id for each in live.load_balancers("demo", "3f9c1a2b4d5e6f70")]
    mine = frozenset({"3f9c1a2b4d5e6f70"})
    assert found == {"lb-1": mine, "lb-2": mine, "lb-4": frozenset({"ffffffff"})}
    assert "lb-4" not in ours


MISSHAPEN = ("<html>Log in</html>", "{}", "[]", "null", '{"subnets": "x", "networks": "x"}')


@pytest.mark.parametrize("answer", MISSHAPEN)
def test_an_answer_of_something_else(
    tmp_path: Path, openstack: fake.FakeCloud, answer: str
) -> None:
    """A login page with status 200, or JSON of another form, is told as what stands between."""
    openstack.raw["/network/v2.0"] = answer
    told = failure(connect(tmp_path, openstack))
    assert told.what == (
        f"Neutron at {openstack.url}/network (cloud demo) gave an answer that is none of its API's"
    )
    assert "a proxy or a login page" in told.remedy


def test_a_status_tree_of_something_else(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """What is asked for by hand is told in the same words."""
    openstack.raw["/load-balancer/v2"] = "<html>Log in</html>"
    with connect(tmp_path, openstack) as live, pytest.raises(errors.CloudError, match="none of"):
        live.status_tree("lb-1")


@pytest.mark.parametrize("answer", MISSHAPEN)
@pytest.mark.parametrize("path", ["/identity/v3/auth", "/identity"])
def test_a_keystone_of_something_else(
    tmp_path: Path, openstack: fake.FakeCloud, path: str, answer: str
) -> None:
    """Behind a login page Keystone gives no token, and that is no bug."""
    openstack.raw[path] = answer
    told = failure(connect(tmp_path, openstack))
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
    with connect(tmp_path, openstack) as live, pytest.raises(errors.CloudError) as raised:
        live.octavia_api_version()
    assert "no load-balancer (Octavia) endpoint in region RegionOne: it has none" in str(
        raised.value
    )


def test_no_such_region(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A region without the service is told with the regions that have it."""
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml().replace("RegionOne", "RegionTwo"))
    told = failure(connect(tmp_path, openstack))
    assert "no network (Neutron) endpoint in region RegionTwo: it has one in RegionOne" in told.what
    assert "openstack.region" in told.remedy


def test_a_region_is_chosen_of_several(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Where clouds.yaml lists regions, openstack.region chooses one of them, and no other."""
    (tmp_path / "clouds.yaml").write_text(
        openstack.clouds_yaml().replace('"region_name": "RegionOne"', '"regions": ["R0", "R1"]')
    )
    with connect(tmp_path, openstack, region="R1") as live:
        assert live.identity().region == "R1"
    with pytest.raises(errors.CloudError, match="no region 'R2'; it has R0, R1"):
        connect(tmp_path, openstack, region="R2")


def test_the_entrys_own_region_is_compared(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A region in tfgen.yaml other than the only one of clouds.yaml is refused, not taken."""
    live = connect(tmp_path, openstack, region="RegionTwo")
    with live, pytest.raises(errors.Refused, match="RegionTwo, and cloud demo has RegionOne"):
        live.check_project(settings(region="RegionTwo"))


@pytest.mark.parametrize("status", [401, 503])
def test_keystones_page_cannot_be_read(
    tmp_path: Path, openstack: fake.FakeCloud, status: int
) -> None:
    """A failing first page ends at once, and is told as Keystone's."""
    openstack.failing["/identity/v3"] = status
    told = failure(connect(tmp_path, openstack))
    assert told.what.startswith(f"Keystone at {openstack.url}/identity/v3 (cloud demo)")
    assert f"status {status}" in told.what
    assert openstack.calls == ["GET /identity/v3"]


def test_a_cloud_that_does_not_answer(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A silent cloud ends in time, with the setting that gives it more."""
    text = openstack.clouds_yaml().replace('"region_name"', '"api_timeout": 0.2, "region_name"')
    (tmp_path / "clouds.yaml").write_text(text)
    openstack.silent.set()
    told = failure(connect(tmp_path, openstack))
    assert "did not answer in time" in told.what
    assert "api_timeout" in told.remedy


def test_a_cloud_that_is_not_there(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A closed port is told as such."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v3"
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(auth_url=url))
    told = failure(connect(tmp_path, openstack))
    assert told.what == f"Keystone at {url} (cloud demo) cannot be reached: connection refused"


def test_an_address_that_is_no_keystone(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """An auth_url with a wrong path is told as an address to correct."""
    (tmp_path / "clouds.yaml").write_text(
        openstack.clouds_yaml(auth_url=f"{openstack.url}/wrong/v3")
    )
    told = failure(connect(tmp_path, openstack))
    assert "auth_url" in told.remedy


def test_an_answer_that_is_no_keystone(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A service that is there, and is something else, is told as an address to correct."""
    url = f"{openstack.url}/load-balancer"
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(auth_url=url))
    told = failure(connect(tmp_path, openstack))
    assert told.what.startswith(f"Keystone at {url} (cloud demo)")
    assert "auth_url" in told.remedy


def test_an_endpoint_of_ones_own(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """An endpoint that clouds.yaml overrides is the one that is asked."""
    openstack.services.remove("load-balancer")
    override = f'"load_balancer_endpoint_override": "{openstack.url}/load-balancer", '
    text = openstack.clouds_yaml().replace('"region_name"', f'{override}"region_name"')
    (tmp_path / "clouds.yaml").write_text(text)
    with connect(tmp_path, openstack) as live:
        assert live.providers() == ("amphora", "octavia")


def test_a_service_without_tls(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Https where http is spoken is told as a matter of trust."""
    url = openstack.url.replace("http:", "https:")
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml(auth_url=f"{url}/identity/v3"))
    told = failure(connect(tmp_path, openstack))
    assert "cannot be trusted" in told.what
    assert "cacert" in told.remedy


def test_an_unknown_cloud(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A name that clouds.yaml does not have is answered with the nearest that it has."""
    with pytest.raises(errors.CloudError, match="cloud 'dmo' is not in") as raised:
        connect(tmp_path, openstack, "dmo")
    assert "Did you mean 'demo'?" in raised.value.remedy


def test_a_clouds_yaml_that_is_not_there(tmp_path: Path) -> None:
    """A file that OS_CLIENT_CONFIG_FILE names must exist; another is not taken instead."""
    missing = {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "none.yaml")}
    with pytest.raises(errors.CloudError, match="which does not exist"):
        cloud.connect(settings(cloud="demo"), missing)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("clouds:\n  demo: [\n", "clouds.yaml:3 is not YAML"),
        ("\x00", "clouds.yaml cannot be read: ReaderError"),
        ("- a\n", "clouds.yaml is no map of clouds"),
        ("clouds: 3\n", "clouds.yaml is no map of clouds"),
        ("clouds: {demo: 3}\n", "the entry of cloud demo cannot be used: it is int"),
        ("clouds: {demo: {auth_type: odd}}\n", "cannot be used: NoMatchingPlugin"),
        ("clouds: {demo: {auth: 3}}\n", "the entry of cloud demo cannot be used"),
    ],
)
def test_a_clouds_yaml_that_cannot_be_used(tmp_path: Path, text: str, told: str) -> None:
    """A broken clouds.yaml is told as such, never as a bug, and no other file is taken."""
    file = tmp_path / "clouds.yaml"
    file.write_text(text)
    with pytest.raises(errors.CloudError) as raised:
        cloud.connect(settings(cloud="demo"), {"OS_CLIENT_CONFIG_FILE": str(file)})
    assert told in raised.value.what


def test_a_timeout_that_is_none(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A value that the library only reads later is told now."""
    text = openstack.clouds_yaml().replace('"region_name"', '"api_timeout": "x", "region_name"')
    (tmp_path / "clouds.yaml").write_text(text)
    with pytest.raises(errors.CloudError, match="the entry of cloud demo cannot be used"):
        connect(tmp_path, openstack)


@pytest.mark.usefixtures("folder")
def test_no_clouds_yaml_anywhere() -> None:
    """A named cloud without any clouds.yaml says where one is looked for."""
    with pytest.raises(errors.CloudError, match=r"there is no clouds\.yaml here") as raised:
        cloud.connect(settings(cloud="demo"), {})
    assert "OS_CLIENT_CONFIG_FILE" in raised.value.remedy
    assert cloud.names({}) == ()


def test_credentials_that_lack_something(tmp_path: Path) -> None:
    """An entry without auth_url is told before anything is asked."""
    file = tmp_path / "clouds.yaml"
    file.write_text("clouds: {demo: {auth: {username: me, password: geheim}}}")
    with pytest.raises(errors.CloudError, match="lack auth_url"):
        cloud.connect(settings(cloud="demo"), {"OS_CLIENT_CONFIG_FILE": str(file)})


def test_the_variables_are_a_cloud(openstack: fake.FakeCloud) -> None:
    """Without a named cloud the OS_* variables are used."""
    variables = {
        "OS_AUTH_URL": f"{openstack.url}/identity/v3",
        "OS_USERNAME": "me",
        "OS_PASSWORD": openstack.password,
        "OS_PROJECT_ID": openstack.project_id,
        "OS_USER_DOMAIN_NAME": "Default",
        "OS_REGION_NAME": "RegionOne",
    }
    with cloud.connect(settings(), variables) as live:
        assert live.identity().project_id == openstack.project_id
        assert [subnet.name for subnet in live.subnets()] == ["demo-subnet", "public-subnet"]


def test_a_named_cloud_ignores_the_variables(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Stray OS_* variables do not mix into the identity of a named cloud."""
    file = tmp_path / "clouds.yaml"
    file.write_text(openstack.clouds_yaml())
    stray = {"OS_CLIENT_CONFIG_FILE": str(file), "OS_USERNAME": "x", "OS_PROJECT_ID": "f" * 32}
    with cloud.connect(settings(cloud="demo"), stray) as live:
        assert live.identity().project_id == openstack.project_id


def test_no_cloud_at_all() -> None:
    """Neither a name nor variables: the message says where a name can be given."""
    with pytest.raises(errors.CloudError, match="no cloud is named") as raised:
        cloud.connect(settings(), {})
    assert "OS_CLOUD" in raised.value.remedy


def test_quotas_are_counted(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """What the project has is counted against its limits, and what of it is the tree's."""
    openstack.limits = {"load_balancer": 10, "member": 50, "floatingip": 5}
    openstack.pools = [
        {
            "id": "p1",
            "tags": TAGS,
            "members": [{"id": "m1"}, {"id": "m2"}],
            "healthmonitor_id": "h",
        },
        {"id": "p2", "tags": [], "members": [{"id": "c"}], "healthmonitor_id": None},
    ]
    with connect(tmp_path, openstack) as live:
        quotas = {each.name: each for each in live.quotas("demo", "3f9c1a2b4d5e6f70")}
    assert quotas["load balancers"] == cloud.Quota("load balancers", 10, used=3, ours=2)
    assert quotas["members"] == cloud.Quota("members", 50, used=3, ours=2)
    assert quotas["members"].left == 47
    assert quotas["health monitors"] == cloud.Quota("health monitors", -1, used=1, ours=1)
    assert quotas["pools"].left is None
    assert quotas["floating IPs"] == cloud.Quota("floating IPs", 5, used=1, ours=1)
    assert quotas["ports"] == cloud.Quota("ports", -1, used=3, ours=2)


def test_redirects(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """L7 policies are given by the listener that they hang on, with their first rule."""
    mine = {"project_id": openstack.project_id}
    openstack.redirects = [
        {"id": "l7-1", "listener_id": "li-1", "rules": [{"id": "rule-1"}], **mine},
        {"id": "l7-2", "listener_id": "li-2", "rules": [], **mine},
        {"id": "l7-3", "listener_id": "li-3", "rules": [], "project_id": "b" * 32},
    ]
    with connect(tmp_path, openstack) as live:
        assert live.redirects() == {"li-1": ("l7-1", "rule-1"), "li-2": ("l7-2", "")}


def test_status_tree(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """What hangs on a load balancer is given as Octavia says it; an unknown one is an error."""
    openstack.trees["lb-1"] = {"id": "lb-1", "listeners": []}
    with connect(tmp_path, openstack) as live:
        assert live.status_tree("lb-1") == {"statuses": {"loadbalancer": openstack.trees["lb-1"]}}
        with pytest.raises(errors.CloudError, match="status 404"):
            live.status_tree("lb-9")
