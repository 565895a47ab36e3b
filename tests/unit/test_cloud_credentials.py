"""Which cloud is asked: clouds.yaml, the variables, the region, and the recorded project."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tests.fakes import small_cloud as small
from tfgen import cloud, errors


@pytest.fixture
def openstack() -> Iterator[fake.FakeCloud]:
    """Run a cloud with one network, one external network and two load balancers of ours."""
    with small.running() as content:
        yield content


def test_the_recorded_project_is_compared(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Project, address and region as recorded pass, with or without dashes and /v3."""
    recorded = small.settings(
        project_id="aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
        auth_url=f"{openstack.url}/identity/",
        region="RegionOne",
    )
    with small.connect(tmp_path, openstack) as live:
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
    with small.connect(tmp_path, openstack) as live, pytest.raises(errors.Refused) as raised:
        live.check_project(small.settings(**recorded))
    assert raised.value.code is errors.ExitCode.REFUSED
    assert told in raised.value.what


def test_no_such_region(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A region without the service is told with the regions that have it."""
    (tmp_path / "clouds.yaml").write_text(openstack.clouds_yaml().replace("RegionOne", "RegionTwo"))
    told = small.failure(small.connect(tmp_path, openstack))
    assert "no network (Neutron) endpoint in region RegionTwo: it has one in RegionOne" in told.what
    assert "openstack.region" in told.remedy


def test_a_region_is_chosen_of_several(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Where clouds.yaml lists regions, openstack.region chooses one of them, and no other."""
    (tmp_path / "clouds.yaml").write_text(
        openstack.clouds_yaml().replace('"region_name": "RegionOne"', '"regions": ["R0", "R1"]')
    )
    with small.connect(tmp_path, openstack, region="R1") as live:
        assert live.identity().region == "R1"
    with pytest.raises(errors.CloudError, match="no region 'R2'; it has R0, R1"):
        small.connect(tmp_path, openstack, region="R2")


def test_the_entrys_own_region_is_compared(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A region in tfgen.yaml other than the only one of clouds.yaml is refused, not taken."""
    live = small.connect(tmp_path, openstack, region="RegionTwo")
    with live, pytest.raises(errors.Refused, match="RegionTwo, and cloud demo has RegionOne"):
        live.check_project(small.settings(region="RegionTwo"))


def test_an_endpoint_of_ones_own(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """An endpoint that clouds.yaml overrides is the one that is asked."""
    openstack.services.remove("load-balancer")
    override = f'"load_balancer_endpoint_override": "{openstack.url}/load-balancer", '
    text = openstack.clouds_yaml().replace('"region_name"', f'{override}"region_name"')
    (tmp_path / "clouds.yaml").write_text(text)
    with small.connect(tmp_path, openstack) as live:
        assert live.providers() == ("amphora", "octavia")


def test_an_unknown_cloud(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A name that clouds.yaml does not have is answered with the nearest that it has."""
    with pytest.raises(errors.CloudError, match="cloud 'dmo' is not in") as raised:
        small.connect(tmp_path, openstack, "dmo")
    assert "Did you mean 'demo'?" in raised.value.remedy


def test_a_clouds_yaml_that_is_not_there(tmp_path: Path) -> None:
    """A file that OS_CLIENT_CONFIG_FILE names must exist; another is not taken instead."""
    missing = {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "none.yaml")}
    with pytest.raises(errors.CloudError, match="which does not exist"):
        cloud.connect(small.settings(cloud="demo"), missing)


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
        cloud.connect(small.settings(cloud="demo"), {"OS_CLIENT_CONFIG_FILE": str(file)})
    assert told in raised.value.what


def test_a_timeout_that_is_none(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A value that the library only reads later is told now."""
    text = openstack.clouds_yaml().replace('"region_name"', '"api_timeout": "x", "region_name"')
    (tmp_path / "clouds.yaml").write_text(text)
    with pytest.raises(errors.CloudError, match="the entry of cloud demo cannot be used"):
        small.connect(tmp_path, openstack)


@pytest.mark.usefixtures("folder")
def test_no_clouds_yaml_anywhere() -> None:
    """A named cloud without any clouds.yaml says where one is looked for."""
    with pytest.raises(errors.CloudError, match=r"there is no clouds\.yaml here") as raised:
        cloud.connect(small.settings(cloud="demo"), {})
    assert "OS_CLIENT_CONFIG_FILE" in raised.value.remedy
    assert cloud.names({}) == ()


def test_credentials_that_lack_something(tmp_path: Path) -> None:
    """An entry without auth_url is told before anything is asked."""
    file = tmp_path / "clouds.yaml"
    file.write_text("clouds: {demo: {auth: {username: me, password: geheim}}}")
    with pytest.raises(errors.CloudError, match="lack auth_url"):
        cloud.connect(small.settings(cloud="demo"), {"OS_CLIENT_CONFIG_FILE": str(file)})


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
    with cloud.connect(small.settings(), variables) as live:
        assert live.identity().project_id == openstack.project_id
        assert [subnet.name for subnet in live.subnets()] == ["demo-subnet", "public-subnet"]


def test_a_named_cloud_ignores_the_variables(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Stray OS_* variables do not mix into the identity of a named cloud."""
    file = tmp_path / "clouds.yaml"
    file.write_text(openstack.clouds_yaml())
    stray = {"OS_CLIENT_CONFIG_FILE": str(file), "OS_USERNAME": "x", "OS_PROJECT_ID": "f" * 32}
    with cloud.connect(small.settings(cloud="demo"), stray) as live:
        assert live.identity().project_id == openstack.project_id


def test_no_cloud_at_all() -> None:
    """Neither a name nor variables: the message says where a name can be given."""
    with pytest.raises(errors.CloudError, match="no cloud is named") as raised:
        cloud.connect(small.settings(), {})
    assert "OS_CLOUD" in raised.value.remedy
