"""Each option of a cloud.conf is carried over, or named with the reason why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfgen import errors
from tfgen.config import cloudconf, loading, template

SUBNET, NETWORK = "11111111-2222-3333-4444-555555555555", "c" * 32
ENABLED = ("defaults", "monitor", "enabled")
APP_PROTOCOL = ("defaults", "app_protocol")
SECRET = f"https://barbican/v1/secrets/{SUBNET}"
KUBESPRAY = f"""\
[Global]
auth-url="https://keystone:5000/v3"
username="k8s"
password="ge;heim"
region="RegionOne"
tenant-id="{NETWORK}"

[LoadBalancer]
create-monitor=true
monitor-delay=1m
monitor-timeout=30s
monitor-max-retries=3
subnet-id={SUBNET}
floating-network-id={NETWORK}
lb-method=SOURCE_IP_PORT
lb-provider=ovn
internal-lb=false
node-selector="pool=edge"
"""


def convert(section: str, line: str) -> cloudconf.Conversion:
    """Convert a file of one option."""
    return cloudconf.convert(f"[{section}]\n{line}\n", "cloud.conf")


def row(section: str, line: str) -> cloudconf.Row:
    """Give what became of one option."""
    return convert(section, line).rows[0]


def test_a_class_becomes_a_class() -> None:
    """What OCCM's classes carry, tfgen's do; the template writes them, and they read back."""
    text = f"""\
[LoadBalancerClass "gold"]
floating-network-id={NETWORK}
subnet-id={SUBNET}
member-subnet-id={SUBNET}
[LoadBalancerClass "Wide area"]
network-id={SUBNET}
"""
    found = cloudconf.convert(text, "cloud.conf")
    assert [row.setting for row in found.rows[:4]] == [
        "classes.gold.floating_networks",
        "classes.gold.subnet_id",
        "classes.gold.member_subnet_id",
        "classes.Wide area.network_id",
    ]
    written = template.document(
        {**found.values, ("cluster",): "demo", ("tree",): "0" * 16}, notes={}
    )
    classes = loading.parse(written, "tfgen.yaml").classes
    assert classes["gold"].model_fields_set == {
        "floating_networks",
        "subnet_id",
        "member_subnet_id",
    }
    assert classes["Wide area"].network_id == SUBNET


def test_kubesprays_file() -> None:
    """What has a setting today arrives there, read as the setting wants it."""
    assert cloudconf.convert(KUBESPRAY, "cloud.conf").values == {
        ("openstack", "auth_url"): "https://keystone:5000/v3",
        ("openstack", "region"): "RegionOne",
        ("openstack", "project_id"): NETWORK,
        ENABLED: True,
        APP_PROTOCOL: False,
        ("defaults", "monitor", "delay"): 60,
        ("defaults", "monitor", "timeout"): 30,
        ("defaults", "monitor", "max_retries"): 3,
        ("network", "subnet_id"): SUBNET,
        ("network", "floating_networks"): [{"id": NETWORK, "name": ""}],
        ("defaults", "lb_method"): "SOURCE_IP_PORT",
        ("octavia", "provider"): "ovn",
        ("defaults", "internal"): False,
        ("members", "node_selector"): "pool=edge",
    }


def test_credentials_are_neither_carried_nor_shown() -> None:
    """Nothing of [Global] but place, region and project is repeated."""
    conversion = cloudconf.convert(KUBESPRAY, "cloud.conf")
    hidden = [each for each in conversion.rows if each.value == "(hidden)"]
    assert [each.option for each in hidden] == ["[Global] username", "[Global] password"]
    assert not any(each.setting for each in hidden)
    assert "heim" not in str(conversion)
    secret = row("Global", "auth-url = https://me:geheim@keystone/v3")
    assert (secret.setting, secret.value) == ("", "(hidden)")


def test_monitors_are_off_unless_said() -> None:
    """OCCM's default is kept, and named among the rows."""
    conversion = cloudconf.convert("", "cloud.conf")
    assert conversion.values == {ENABLED: False, APP_PROTOCOL: False}
    assert [each.setting for each in conversion.rows] == [
        "defaults.app_protocol",
        "defaults.monitor.enabled",
    ]
    assert convert("LoadBalancer", "create-monitor").values == {
        ENABLED: True,
        APP_PROTOCOL: False,
    }


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("create-monitor = maybe", "expected true or false"),
        ("monitor-delay = 5", "expected a duration with a unit"),
        ("monitor-delay = 500ms", "expected a whole number of at least 1"),
        ("monitor-max-retries = 11", "expected a whole number of at most 10"),
        ("monitor-max-retries = x", "expected a whole number"),
        ("subnet-id = web", "expected the id (UUID)"),
        ("lb-method = RANDOM", "expected 'ROUND_ROBIN'"),
        ("subnet-id =", "empty: says nothing"),
        ("subnet-idd = x", "unknown to OCCM, which ignores it; subnet-id?"),
        ("max-shared-lb = 3", "there is no limit"),
        ("cascade-delete = true", "one object after the other"),
        ("use-octavia = true", "OCCM does not know it any more"),
    ],
)
def test_an_option_that_is_not_carried(line: str, note: str) -> None:
    """A bad value, an unknown name and a setting that is not built are told, each by its reason."""
    told = row("LoadBalancer", line)
    assert told.setting == ""
    assert note in told.note


@pytest.mark.parametrize(
    ("section", "line", "named", "note"),
    [
        ('LoadBalancerClass "x y"', "subnet-id = a", '[LoadBalancerClass "x y"]', "the id (UUID)"),
        ("LoadBalancerClass", f"subnet-id = {SUBNET}", "[LoadBalancerClass]", "no name"),
        ('LoadBalancerClass "x"', "flavor = a", '[LoadBalancerClass "x"]', "unknown to OCCM"),
        ("Networking", "public-network-name = p", "[Networking]", "not about load balancers"),
        ("BlockStorage", "bs-version = v3", "[BlockStorage]", "not about load balancers"),
        ("Other", "a = b", "[other]", "no section of OCCM"),
    ],
)
def test_other_sections(section: str, line: str, named: str, note: str) -> None:
    """Options of every section are listed, even of those that are not about load balancers."""
    told = row(section, line)
    assert told.option.startswith(named)
    assert note in told.note
    assert told.setting == ""


@pytest.mark.parametrize(
    ("text", "seconds"), [("5s", 5), ("1m30s", 90), ("1.5m", 90), ("2h", 7200), ("5900ms", 5)]
)
def test_durations(text: str, seconds: int) -> None:
    """Go's durations are read as whole seconds, cut as OCCM cuts them."""
    values = convert("LoadBalancer", f"monitor-delay = {text}").values
    assert values["defaults", "monitor", "delay"] == seconds


def test_monitor_times_that_octavia_refuses() -> None:
    """A timeout that is not less than the delay is not carried over, nor is the delay."""
    text = "[LoadBalancer]\nmonitor-delay = 5s\nmonitor-timeout = 5s\n"
    conversion = cloudconf.convert(text, "cloud.conf")
    assert conversion.values == {ENABLED: False, APP_PROTOCOL: False}
    assert all("must be less than the delay" in each.note for each in conversion.rows[:2])


def test_the_last_of_a_repeated_option_holds() -> None:
    """As in OCCM the last line wins, and the earlier one is told."""
    text = "[LoadBalancer]\nlb-provider = a\nlb-provider = b\n"
    conversion = cloudconf.convert(text, "cloud.conf")
    assert conversion.values["octavia", "provider"] == "b"
    assert [each.setting for each in conversion.rows[:2]] == ["", "octavia.provider"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["auth-url", "subnet-id", "monitor-delay", "monitor-timeout", "lb-method", "x"]
            ),
            st.one_of(st.just("5s"), st.just(SUBNET), st.text('aA5s"\\#; =@:/\n', max_size=12)),
        ),
        max_size=5,
    )
)
def test_whatever_is_read_gives_settings_that_hold(options: list[tuple[str, str]]) -> None:
    """Any file is refused with a message, or converted to values that tfgen.yaml takes."""
    text = "".join(f"{name} = {value}\n" for name, value in options)
    try:
        conversion = cloudconf.convert(f"[LoadBalancer]\n{text}[Global]\n{text}", "cloud.conf")
    except errors.SettingsError as error:
        assert error.what.startswith("cloud.conf:")  # noqa: PT017  both ways are fine
        return
    whole = {("cluster",): "x", ("tree",): "0" * 8, **conversion.values}
    assert loading.parse(template.document(whole, {}), "tfgen.yaml").cluster == "x"


@pytest.mark.parametrize(
    ("lines", "carried"),
    [
        (f"default-tls-container-ref = {SECRET}", True),
        ("default-tls-container-ref = vault/web", False),
        ("default-tls-container-ref = vault/web\ncontainer-store = external", True),
    ],
)
def test_the_certificate_of_all_services(lines: str, carried: bool) -> None:  # noqa: FBT001  a column
    """It is carried over as far as its store takes its form: else tfgen.yaml would be refused."""
    conversion = convert("LoadBalancer", lines)
    assert (("defaults", "tls", "container_ref") in conversion.values) is carried
    told = conversion.rows[0]
    assert bool(told.setting) is carried
    assert ("ends in secrets/UUID" in told.note) is not carried
