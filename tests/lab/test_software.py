import re
from pathlib import Path

import pytest

from lab import LabError, commands
from lab.settings import CHECKOUT
from lab.software import debian, go, openstack, schemas


@pytest.mark.parametrize("kit", go.KITS.values(), ids=lambda kit: kit.name)
def test_each_kit_knows_its_version(kit: go.Kit) -> None:
    """The version comes from the lock, so it cannot differ from what is built."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", kit.version)
    assert (kit.source / "go.sum").exists()


def test_kubectl_is_of_the_same_release_as_the_server() -> None:
    """It comes from the same lock, but is a kit of its own: most machines need not build it."""
    assert go.KUBECTL.version == go.KUBERNETES.version
    assert go.KUBECTL.folder.name.startswith("kubectl-")


def test_what_each_lock_asks_of_go() -> None:
    """The version of Go is read off go.mod."""
    assert all(re.fullmatch(r"1\.\d+\.\d+", kit.go) for kit in go.KITS.values())


def test_a_release_that_mends_mariadb() -> None:
    """Within a series, the files are of one form: nobody has to wipe because Debian was updated."""
    text = "mariadbd  Ver 10.11.{}-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"
    assert schemas.mariadb_series(text.format(14)) == "10.11"
    assert schemas.mariadb_series(text.format(19)) == "10.11"
    assert schemas.mariadb_series("something else") == "something else"


def test_what_builds_comes_from_the_lock() -> None:
    """Sources are built by the lock's setuptools, with hashes, and by no newer one."""
    lines = openstack.pin(openstack.BUILDER).splitlines()
    assert re.fullmatch(r"setuptools==\S+ \\", lines[0])
    assert lines[1].strip().startswith("--hash=sha256:")
    assert all(line.startswith(" ") for line in lines[1:])
    with pytest.raises(LabError, match="no unheard-of in"):
        openstack.pin("unheard-of")


def test_the_version_of_a_module_that_is_not_there() -> None:
    """A module that was renamed upstream is named."""
    with pytest.raises(LabError, match="example/none"):
        go.module_version("require example/some v1.2.3\n", "example/none")


def test_another_lock_is_another_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed go.sum is built anew; an unchanged one is found."""
    for name in ("go.mod", "go.sum"):
        target = tmp_path / "tools" / "provider" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((CHECKOUT / "tools" / "provider" / name).read_bytes())
    before = go.PROVIDER_KIT.folder
    monkeypatch.setattr(go, "CHECKOUT", tmp_path)
    assert go.PROVIDER_KIT.folder == before
    with (tmp_path / "tools" / "provider" / "go.sum").open("a") as file:
        file.write("another line\n")
    assert go.PROVIDER_KIT.folder != before


def test_another_lock_is_another_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed requirements.txt is installed anew."""
    before = openstack.folder()
    changed = tmp_path / "requirements.txt"
    changed.write_bytes(openstack.REQUIREMENTS.read_bytes() + b"# more\n")
    monkeypatch.setattr(openstack, "REQUIREMENTS", changed)
    assert openstack.folder() != before


def test_every_requirement_has_a_hash() -> None:
    """Pip refuses all of a file with hashes if one line has none; and no index is named in it."""
    text = openstack.REQUIREMENTS.read_text()
    pins = re.findall(r"^[a-z0-9].*", text, re.MULTILINE | re.IGNORECASE)
    assert len(pins) > 100
    assert all(re.fullmatch(r"\S+==\S+( ; .*)? \\", pin) for pin in pins)
    assert len(re.findall(r"(?:^|\n)\S+==\S+.*\n +--hash=sha256:", text)) == len(pins)
    assert "://" not in text


def test_the_mirror_serves_both_engines(tmp_path: Path) -> None:
    """Terraform and OpenTofu each look below their own registry's name."""
    (tmp_path / "provider").write_text("program")
    go.lay_mirror(tmp_path)
    found = sorted(path.parts[len(tmp_path.parts) + 1] for path in tmp_path.rglob("*_v*"))
    assert found == ["registry.opentofu.org", "registry.terraform.io"]


def test_no_service_is_started_by_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While packages are installed there is a policy that forbids starts; afterwards it is gone."""
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "POLICY", policy)
    with debian.no_services(), pytest.raises(commands.CommandError, match="code 101"):
        commands.run(policy, "rabbitmq-server", "start")
    assert not policy.exists()


def test_a_policy_of_the_machine_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's own policy is there again afterwards, even if the installation fails."""
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 104\n")
    monkeypatch.setattr(debian, "POLICY", policy)
    with pytest.raises(RuntimeError), debian.no_services():
        raise RuntimeError
    assert "104" in policy.read_text()
