"""Settings are loaded from a file, TFGEN_* variables and flags, or everything wrong is said."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tfgen import config, errors

GOOD = """\
cluster: demo
tree: 3f9c1a2b4d5e6f70
network: {subnet_id: 11111111-2222-3333-4444-555555555555}
guards:
  stop: false
"""


def load(text: str, environ: Mapping[str, str] | None = None, **flags: object) -> config.Loaded:
    """Load this text as ./tfgen.yaml."""
    Path("tfgen.yaml").write_text(text, encoding="utf-8")
    return config.load(None, flags=flags, environ=environ or {})


def faults(text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """Load what cannot be loaded, and give the lines of the error."""
    with pytest.raises(errors.SettingsError) as raised:
        load(text, environ)
    lines = raised.value.what.splitlines()
    return [line.strip() for line in lines[1:]] if len(lines) > 1 else lines


def fault(text: str, environ: Mapping[str, str] | None = None) -> str:
    """Give the one thing that is wrong."""
    (only,) = faults(text, environ)
    return only


@pytest.mark.usefixtures("folder")
def test_defaults_fill_what_the_file_leaves_out() -> None:
    """A file with cluster and tree alone gives whole settings, and says where each came from."""
    loaded = load("cluster: demo\ntree: 3f9c1a2b4d5e6f70\n")
    assert loaded.settings == config.Settings(cluster="demo", tree="3f9c1a2b4d5e6f70")
    assert loaded.origins["cluster"] == "tfgen.yaml:1"
    assert loaded.origins["guards.max_removals.count"] == "default"


@pytest.mark.usefixtures("folder")
def test_a_flag_wins_over_a_variable_over_the_file() -> None:
    """The higher layer is taken, and the origin names it."""
    assert load(GOOD).origins["guards.stop"] == "tfgen.yaml:5"
    by_variable = load(GOOD, {"TFGEN_GUARDS__STOP": "true", "TFGEN_CLUSTER": "other"})
    assert by_variable.settings.guards.stop
    assert by_variable.settings.cluster == "other"
    assert by_variable.origins["guards.stop"] == "TFGEN_GUARDS__STOP"
    by_flag = load(GOOD, {"TFGEN_CLUSTER": "other"}, cluster="third")
    assert by_flag.settings.cluster == "third"
    assert by_flag.origins["cluster"] == "--cluster"


@pytest.mark.usefixtures("folder")
def test_a_flag_given_by_its_twin_is_told_as_the_variable() -> None:
    """The command line hands TFGEN_OUT over as the flag: the origin still names the variable."""
    loaded = load(GOOD, {"TFGEN_OUT": "there"}, out=Path("there"))
    assert loaded.origins["out"] == "TFGEN_OUT"


@pytest.mark.usefixtures("folder")
def test_variables_that_say_nothing() -> None:
    """Empty variables, absent flags and twins of flags that are no settings change nothing."""
    loaded = load(GOOD, {"TFGEN_OUT": "", "TFGEN_KUBECONFIG": "x", "PATH": "/bin"}, out=None)
    assert loaded.settings.out == "infra"


@pytest.mark.usefixtures("folder")
def test_a_variable_gives_text_as_it_is_and_other_values_as_yaml() -> None:
    """2.27 stays text for a text setting; lists, numbers and free maps are read as YAML."""
    loaded = load(
        GOOD,
        {
            "TFGEN_OCTAVIA__API_VERSION": "2.27",
            "TFGEN_DEFAULTS__LB_METHOD": "SOURCE_IP",
            "TFGEN_CLAIM__NAMESPACES": "[a, b]",
            "TFGEN_STACKS__MAX_SERVICES": "7",
            "TFGEN_BACKEND__TYPE": "http",
            "TFGEN_BACKEND__CONFIG__ADDRESS": "https://state.example/{stack}",
        },
    )
    assert loaded.settings.octavia.api_version == "2.27"
    assert loaded.settings.defaults.lb_method == "SOURCE_IP"
    assert loaded.settings.claim.namespaces == ["a", "b"]
    assert loaded.settings.stacks.max_services == 7
    assert loaded.settings.backend.config == {"address": "https://state.example/{stack}"}
    assert loaded.origins["backend.config.address"] == "TFGEN_BACKEND__CONFIG__ADDRESS"


def test_the_file_is_searched_upwards(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --config the nearest tfgen.yaml above the working directory is taken."""
    (folder / "tfgen.yaml").write_text(GOOD, encoding="utf-8")
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    loaded = config.load(None, environ={})
    assert loaded.path == folder / "tfgen.yaml"
    assert loaded.origins["cluster"] == f"{folder}/tfgen.yaml:1"


def test_out_counts_from_the_file_or_from_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`out` of the file is relative to the file, of a variable or flag to where one stands."""
    (folder / "tfgen.yaml").write_text(GOOD + "out: tree\n", encoding="utf-8")
    (folder / "a").mkdir()
    monkeypatch.chdir(folder / "a")
    assert config.load(None, environ={}).out == folder / "tree"
    assert config.load(None, environ={"TFGEN_OUT": "x"}).out == folder / "a" / "x"
    assert config.load(None, flags={"out": Path("y")}, environ={}).out == folder / "a" / "y"


@pytest.mark.usefixtures("folder")
def test_no_file_anywhere() -> None:
    """A missing file says where it was looked for and which command makes one."""
    with pytest.raises(errors.SettingsError, match=r"no tfgen\.yaml in") as raised:
        config.load(None, environ={})
    assert "tfgen init --cluster NAME" in raised.value.remedy
    with pytest.raises(errors.SettingsError, match=r"there\.yaml does not exist"):
        config.load(Path("there.yaml"), environ={})


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    """A folder in the file's place, and bytes that are no text, are named."""
    with pytest.raises(errors.SettingsError, match="cannot be read: Is a directory"):
        config.load(folder, environ={})
    (folder / "tfgen.yaml").write_bytes(b"cluster: \xff\n")
    with pytest.raises(errors.SettingsError, match="not UTF-8 text"):
        config.load(None, environ={})


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("cluster: demo\n\ttree: x\n", "tfgen.yaml:2"),
        ("cluster: demo\ncluster: other\n", "tfgen.yaml:2"),
        ("cluster: [demo\n", "tfgen.yaml:2"),
        ("cluster: !!python/object:os.system demo\n", "tfgen.yaml:1"),
        ("cluster: demo\n---\ncluster: other\n", "tfgen.yaml:"),
    ],
)
def test_text_that_is_no_yaml_of_ours(text: str, where: str) -> None:
    """Tabs, repeated keys, open brackets, foreign tags and two documents are named by line."""
    assert faults(text)[0].startswith(where)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", ["- a\n", "demo\n", "12\n"])
def test_a_document_that_is_no_map(text: str) -> None:
    """A list or a word is told to be no keys and values."""
    assert "expected keys and values" in fault(text)


@pytest.mark.usefixtures("folder")
def test_an_empty_file_lacks_what_is_mandatory() -> None:
    """Only what has no default is missed, each with its remedy."""
    assert faults("") == [
        "tfgen.yaml: cluster is missing; expected a value: it has no default. Add cluster.",
        (
            "tfgen.yaml: tree is missing; expected a value: it has no default. "
            "`tfgen init` writes a random one, as 16 hexadecimal digits."
        ),
    ]


@pytest.mark.usefixtures("folder")
def test_everything_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    """Types, unknown keys and rules between settings come in one error, line by line."""
    text = """\
cluster: Demo_1
tree: 12345678
opnstack: {}
defaults:
  monitor: {delay: 3, timeout: 3}
  lb_method: RANDOM
"""
    said = faults(text, {"TFGEN_GUARDS__STOP": "maybe"})
    assert [line.split(" is ")[0] for line in said] == [
        "TFGEN_GUARDS__STOP: guards.stop",
        "tfgen.yaml:1: cluster",
        "tfgen.yaml:2: tree",
        "tfgen.yaml:3: opnstack",
        "tfgen.yaml:5: defaults.monitor.timeout",
        "tfgen.yaml:6: defaults.lb_method",
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("guards: {stp: true}", "Did you mean guards.stop?"),
        ("subnet_id: x", "Did you mean network.subnet_id?"),
        ("claims: {}", "Did you mean claim?"),
        ("publish: {xyzzy: 1}", "expected one of events, ingress_hostname, hostname_suffix."),
        ("octavia: {api_version: 2.27}", 'Put quotes around it: api_version: "2.27".'),
        ("claim: {classless: 'yes'}", "is 'yes'; expected true or false."),
        ("claim: {classes: a}", "is 'a'; expected a list."),
        ("claim: [a]", "claim is ['a']; expected a section"),
        ("stacks: {max_services: 1.5}", "is 1.5; expected a whole number"),
        ("stacks: {max_services: 0}", "is 0; expected a whole number of at least 1."),
        ("defaults: {timeouts: {client_data: 0}}", "is 0; expected a whole number of at least 1."),
        ("defaults: {connection_limit: 0}", "expected -1 (no limit), or a whole number from 1"),
        ("network: {subnet_id: web}", "is 'web'; expected the id (UUID)"),
        ("openstack: {auth_url: keystone}", "expected an address that starts with http"),
        ("out: ''", "expected a text that is not empty"),
        ("1: x", "expected one of cluster"),
        ("claim: {classless: null}", "claim.classless is empty; expected true or false."),
        ("out: true", "out is true; expected text."),
        (f"out: [{'a' * 80}]", f"is ['{'a' * 58}...; expected text."),
        ("backend: {type: S3}", "backend.type is 'S3'; expected text of the form ^[a-z]"),
    ],
)
def test_one_wrong_setting(line: str, said: str) -> None:
    """A wrong setting is told with what was found and expected, and what to write instead."""
    told = fault(f"cluster: demo\ntree: 3f9c1a2b4d5e6f70\n{line}\n")
    assert told.startswith("tfgen.yaml:3: ")
    assert said in told


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("TFGEN_GUARDS", "Name it: TFGEN_GUARDS__MAX_REMOVALS."),
        ("TFGEN_GUARDS__STP", "Did you mean guards.stop?"),
        ("TFGEN_OPENSTACK__CLOUD__NAME", "openstack.cloud.name is not a setting"),
        ("TFGEN_CLAIM__CLASSES", "is '[a'; expected a value as tfgen.yaml takes it"),
    ],
)
def test_a_wrong_variable(name: str, said: str) -> None:
    """A TFGEN_* variable that names no setting, or gives no value, is told by its name."""
    told = fault(GOOD, {name: "[a"})
    assert told.startswith(f"{name}: ")
    assert said in told


@pytest.mark.usefixtures("folder")
def test_a_mistyped_twin_is_told_with_the_nearest() -> None:
    """A TFGEN_* variable that is neither a setting's nor a flag's says nothing that was meant."""
    Path("tfgen.yaml").write_text(GOOD, encoding="utf-8")
    environ = {"TFGEN_CLUSTR": "x", "TFGEN_ALOW_HELD": "1", "TFGEN_ZZZ": "x", "TFGEN_JOBS": "2"}
    twins = ("TFGEN_ALLOW_HELD", "TFGEN_JOBS")
    with pytest.raises(errors.SettingsError) as raised:
        config.load(None, environ=environ, twins=lambda: twins)
    expected = "the variable is none that tfgen reads; expected the variable of a setting or of a"
    assert [line.strip() for line in raised.value.what.splitlines()[1:]] == [
        f"TFGEN_ALOW_HELD: {expected} flag. Did you mean TFGEN_ALLOW_HELD?",
        f"TFGEN_CLUSTR: {expected} flag. Did you mean TFGEN_CLUSTER?",
        f"TFGEN_ZZZ: {expected} flag. Correct its name, or unset it.",
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "name",
    [
        "TFGEN_SERVICE_HOST",
        "TFGEN_SERVICE_PORT_HTTP",
        "TFGEN_PORT",
        "TFGEN_PORT_80_TCP_ADDR",
        "TFGEN_WEB_SERVICE_HOST",
        "TFGEN_WEB_PORT_443_TCP",
        "TFGEN_LAB_HOME",
    ],
)
def test_variables_of_others_are_left_alone(name: str) -> None:
    """Kubernetes gives pods variables for each Service, and one may be named tfgen."""
    Path("tfgen.yaml").write_text(GOOD, encoding="utf-8")
    assert config.load(None, environ={name: "x"}, twins=tuple).settings.cluster == "demo"


@pytest.mark.usefixtures("folder")
def test_a_variable_below_what_is_no_section() -> None:
    """A variable for a setting of a section that the file has wrong leaves the file's fault."""
    told = fault(
        "cluster: demo\ntree: 3f9c1a2b4d5e6f70\nguards: 5\n", {"TFGEN_GUARDS__STOP": "true"}
    )
    assert told.startswith("tfgen.yaml:3: guards is 5; expected a section")
    deeper = {"TFGEN_DEFAULTS__MONITOR__DELAY": "9"}
    told = fault("cluster: demo\ntree: 3f9c1a2b4d5e6f70\ndefaults: 5\n", deeper)
    assert told.startswith("tfgen.yaml:3: defaults is 5")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", ["cluster: \x00", "cluster: \ud83d"])
def test_characters_that_yaml_does_not_have(text: str) -> None:
    """Control characters are an error of the file, not a bug."""
    Path("tfgen.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(errors.SettingsError, match=r"tfgen\.yaml is not"):
        config.load(None, environ={})


@pytest.mark.usefixtures("folder")
def test_credentials_are_refused_and_never_repeated() -> None:
    """A password among the settings is answered with the place where it belongs, not shown."""
    for text, environ in (
        (GOOD + "openstack: {password: geheim}\n", {}),
        (GOOD, {"TFGEN_OPENSTACK__PASSWORD": "geheim"}),
    ):
        told = fault(text, environ)
        assert "clouds.yaml or in the OS_* variables" in told
        assert "geheim" not in told


@pytest.mark.usefixtures("folder")
def test_lines_are_found_behind_aliases_and_within_lists() -> None:
    """A fault in a list item names the item's line; an alias that holds itself ends."""
    text = GOOD.replace("network: {", "network: {floating_networks: [{name: a},\n {nam: b}], ")
    assert fault(text).startswith("tfgen.yaml:4: network.floating_networks[1].nam ")
    assert "more levels" in fault(GOOD + "backend: {config: {a: &a [*a]}}\n")
    assert fault(GOOD + "claim: {classes: &a [*a]}\n").startswith("tfgen.yaml:6: claim.classes[0]")
