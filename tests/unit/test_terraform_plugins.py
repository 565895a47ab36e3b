import signal
import threading
from pathlib import Path

import pytest

from tfgen import errors
from tfgen.terraform import plugins
from tfgen.terraform.engine import Engine, Product
from tfgen.terraform.interruption import Interruption

TERRAFORM = Engine("/bin/terraform", Product.TERRAFORM, "1.11.4")
TOFU = Engine("/bin/tofu", Product.OPENTOFU, "1.12.6")


_AT_MOST = 10.0
"""Seconds after which an init that ought not to wait would be taken for one that does."""
_A_WHILE = 0.2


def second_waits(engine: Engine, environment: dict[str, str], patience: float = _AT_MOST) -> bool:
    """Tell whether an init waits while another one runs."""
    inside = threading.Event()

    def other() -> None:
        with plugins.alone(engine, environment):
            inside.set()

    thread = threading.Thread(target=other)
    with plugins.alone(engine, environment):
        thread.start()
        waited = not inside.wait(patience)
    thread.join()
    assert inside.is_set()
    return waited


@pytest.fixture
def configured(tmp_path: Path) -> dict[str, str]:
    """An environment whose CLI configuration names a plugin cache."""
    configuration = tmp_path / "cli.tfrc"
    configuration.write_text('plugin_cache_dir = "$HOME/cache"\n')
    return {"HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": str(configuration)}


def test_one_cache_one_init(configured: dict[str, str], tmp_path: Path) -> None:
    """Terraform's inits take turns where a plugin cache is shared."""
    assert second_waits(TERRAFORM, configured, _A_WHILE)
    assert (tmp_path / "cache").is_dir()


def test_opentofu_locks_by_itself(configured: dict[str, str]) -> None:
    """OpenTofu's inits run together: it locks its cache."""
    assert not second_waits(TOFU, configured)


def test_no_cache(tmp_path: Path) -> None:
    """Without a cache inits run together, also where there is no configuration at all."""
    mirror = tmp_path / "cli.tfrc"
    mirror.write_text('provider_installation { filesystem_mirror { path = "/mirror" } }\n')
    assert not second_waits(TERRAFORM, {"TF_CLI_CONFIG_FILE": str(mirror)})
    assert not second_waits(TERRAFORM, {"HOME": str(tmp_path)})


def test_configuration_at_home(tmp_path: Path) -> None:
    """The configuration in the home folder counts where none is named."""
    (tmp_path / ".terraformrc").write_text(f'plugin_cache_dir = "{tmp_path}/cache"\n')
    assert second_waits(TERRAFORM, {"HOME": str(tmp_path)}, _A_WHILE)


def test_a_cache_that_cannot_be_used(tmp_path: Path) -> None:
    """It is named, with the variable that names another one."""
    (tmp_path / "cache").write_text("a file")
    environment = {"TF_PLUGIN_CACHE_DIR": str(tmp_path / "cache")}
    with (
        pytest.raises(errors.EngineError, match=r"cache cannot be written to") as caught,
        plugins.alone(TERRAFORM, environment),
    ):
        pass
    assert "TF_PLUGIN_CACHE_DIR" in caught.value.remedy


def test_a_cache_is_not_waited_for_after_an_interrupt(configured: dict[str, str]) -> None:
    """Whoever asks to end while another init holds the cache is heard."""
    interruption = Interruption()
    interruption.receive(signal.SIGINT)
    with (
        plugins.alone(TERRAFORM, configured),
        pytest.raises(errors.Interrupted),
        plugins.alone(TERRAFORM, configured, interruption),
    ):
        pass
