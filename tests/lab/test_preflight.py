import platform
import sys
from pathlib import Path

import pytest

from lab import LabError, preflight
from lab.settings import Settings
from lab.software import cache, debian, go, openstack


def test_all_that_is_missing_is_said_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine where we may not install, each program is named with its Debian package."""
    monkeypatch.setattr(debian, "can_install", lambda: False)
    monkeypatch.setattr(debian, "PLACES", "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LabError) as caught:
        preflight.check(settings)
    message = str(caught.value)
    assert "  - haproxy, for the load balancers (Debian: haproxy)" in message
    assert "  - nft, for floating IPs and security groups (Debian: nftables)" in message
    assert "  - Go 1.25.0 or later, to build kubectl (there is none on PATH" in message


def test_another_system(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without network namespaces is told so."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(LabError, match=r"Linux \(this is Darwin\)"):
        preflight.check(settings)


def test_not_root(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right that is missing is named before anything is started."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(LabError, match="root: the data plane makes network namespaces"):
        preflight.check(settings)
    assert not settings.home.exists()


def test_another_python(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenStack is locked for one Python: another is refused, and both are named."""
    monkeypatch.setattr(openstack, "PYTHON", (2, 7))
    with pytest.raises(LabError, match=rf"Python 2\.7, for .* \(this is {sys.version_info[0]}\."):
        preflight.check(settings)


def program(folder: Path, name: str, text: str = "") -> None:
    """Make a program."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("there", "built"),
    [
        ([], {"kubectl", "tofu"}),
        (["terraform"], {"kubectl"}),
        (["tofu"], {"kubectl"}),
        (["kubectl"], {"tofu"}),
        (["kubectl", "terraform"], set()),
    ],
)
def test_tools_are_built_where_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: list[str], built: set[str]
) -> None:
    """A kubectl and one engine are on the machine, or the laboratory builds them."""
    for name in there:
        program(tmp_path, name)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert {kit.name for kit in preflight.tools()} == built
    assert {go.KUBERNETES, go.PROVIDER_KIT, *preflight.tools()} == set(preflight.kits())


@pytest.mark.parametrize(
    ("says", "complaint"),
    [
        ("echo go1.19.8", "this is go1.19.8"),
        ("echo go1.24.9", "this is go1.24.9"),
        ("echo go1.25.0", ""),
        ("echo go1.100.1", ""),
        ("echo no toolchain >&2; exit 1", "no toolchain"),
    ],
)
def test_the_version_of_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, complaint: str
) -> None:
    """Go must be what the kit's go.mod asks for, after Go has chosen itself a toolchain there."""
    program(tmp_path, "go", f"test -f go.mod || exit 9\n{says}")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(go.Kit, "go", "1.25.0")
    found = preflight.go_complaint(go.KUBERNETES)
    assert complaint in found
    assert bool(found) == bool(complaint)


def test_what_is_in_the_cache_needs_no_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a full cache needs nothing to build with."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    for folder in (openstack.folder(), *(kit.folder for kit in preflight.kits())):
        folder.mkdir(parents=True)
        (folder / cache.COMPLETE).touch()
    assert list(preflight.builders()) == []


def test_data_of_other_ports(settings: Settings) -> None:
    """A catalog with other ports in it is not taken over."""
    settings.state.mkdir(parents=True)
    settings.save()
    (settings.state / "identity.done").touch()
    preflight.check_ports(settings)
    moved = Settings(home=settings.home, port=19000)
    with pytest.raises(LabError, match="was made with LAB_PORT=17000"):
        preflight.check_ports(moved)


def test_debian_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where we may install, a missing program is no complaint."""
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "PROGRAMS", (debian.Program("no-such", "some", "a test"),))
    assert list(preflight.programs()) == []
    assert debian.packages(debian.missing()) == ["some"]


def test_a_program_in_debians_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers lie in sbin, which a user's PATH may lack."""
    server = tmp_path / "server"
    server.touch(mode=0o755)
    monkeypatch.setattr(debian, "PLACES", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    assert debian.Program("server", "some", "a test").path() == server
