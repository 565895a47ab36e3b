"""The engine's environment: one identity, and nothing that changes what runs."""

from pathlib import Path

import pytest

from tfgen import config

OS = {"OS_USERNAME": "me", "OS_PASSWORD": "geheim", "OS_AUTH_URL": "http://other/v3"}


def environment(environ: dict[str, str], **openstack: str) -> dict[str, str]:
    """Give the engine's environment for settings of this cloud."""
    section = config.OpenStack(**openstack)
    settings = config.Settings(cluster="demo", tree="3f9c1a2b4d5e6f70", openstack=section)
    return config.engine_environment(settings, environ)


def test_a_named_cloud_is_the_only_identity() -> None:
    """With openstack.cloud set, OS_CLOUD is it and no other identity is left to mix."""
    told = environment({**OS, "OS_CLIENT_CONFIG_FILE": "/c.yaml"}, cloud="demo", region="r1")
    identity = {name: text for name, text in told.items() if name.startswith("OS_")}
    assert identity == {
        "OS_CLOUD": "demo",
        "OS_REGION_NAME": "r1",
        "OS_CLIENT_CONFIG_FILE": "/c.yaml",
    }


def test_without_a_named_cloud_the_variables_pass() -> None:
    """The OS_* variables are the identity; the recorded region fills a missing one only."""
    assert OS.items() <= environment(OS).items()
    assert environment(OS, region="r1")["OS_REGION_NAME"] == "r1"
    assert environment({**OS, "OS_REGION_NAME": "r2"}, region="r1")["OS_REGION_NAME"] == "r2"


def test_what_the_engine_needs_passes() -> None:
    """Paths, proxies, certificates, registry tokens and backends' credentials are kept."""
    environ = {
        "PATH": "/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        "https_proxy": "http://proxy",
        "NO_PROXY": "127.0.0.1",
        "SSL_CERT_FILE": "/ca.pem",
        "TF_CLI_CONFIG_FILE": "/terraformrc",
        "TF_TOKEN_app_terraform_io": "t",
        "TF_HTTP_PASSWORD": "p",
        "AWS_ACCESS_KEY_ID": "a",
        "GOOGLE_APPLICATION_CREDENTIALS": "/g",
        "PG_CONN_STR": "postgres://",
        "PGPASSWORD": "p",
        "KUBE_CONFIG_PATH": "/k",
    }
    assert environ.items() <= environment(environ).items()


@pytest.mark.parametrize(
    "name",
    [
        "TF_CLI_ARGS",
        "TF_CLI_ARGS_apply",
        "TF_VAR_node_groups",
        "TF_WORKSPACE",
        "TF_DATA_DIR",
        "TF_PLUGIN_CACHE_DIR",
        "TF_LOG",
        "KUBECONFIG",
        "LD_PRELOAD",
        "TFGEN_GUARDS__STOP",
    ],
)
def test_what_would_change_the_run_does_not_pass(name: str) -> None:
    """Variables that alter arguments, inputs or places of the engine are dropped."""
    assert name not in environment({name: "x"})


def test_the_engine_never_asks() -> None:
    """Automation is said whatever the environment says."""
    told = environment({"TF_INPUT": "1"})
    assert told == {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}


def test_files_are_named_absolutely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine runs elsewhere: relative paths, and ./clouds.yaml, are made absolute."""
    monkeypatch.chdir(tmp_path)
    assert environment({"TF_CLI_CONFIG_FILE": "rc"})["TF_CLI_CONFIG_FILE"] == f"{tmp_path}/rc"
    assert "OS_CLIENT_CONFIG_FILE" not in environment({}, cloud="demo")
    (tmp_path / "clouds.yaml").write_text("clouds: {}")
    found = environment({}, cloud="demo")["OS_CLIENT_CONFIG_FILE"]
    assert found == f"{tmp_path}/clouds.yaml"


@pytest.mark.parametrize(
    ("recorded", "live", "same"),
    [
        ("0" * 32, "00000000-0000-0000-0000-000000000000", True),
        ("A" * 32, "a" * 32, True),
        ("http://keystone/v3/", "http://keystone", True),
        ("http://keystone/identity", "http://keystone/v3", False),
        ("RegionOne", "regionone", False),
        ("eu-1", "eu1", False),
    ],
)
def test_what_is_the_same_place(recorded: str, live: str, same: bool) -> None:  # noqa: FBT001  a case
    """Ids are the same with or without dashes, addresses with or without version; names exactly."""
    assert config.same(recorded, live) is same
