from pathlib import Path

import pytest

from tfgen import errors, terraform
from tfgen.terraform import local


def test_no_state_yet(tmp_path: Path) -> None:
    """A file that is not there is the state that does not exist yet."""
    assert local.read(tmp_path / "terraform.tfstate", "shop") == terraform.State()


def test_only_its_engine_can_read_it(tmp_path: Path) -> None:
    """A state that OpenTofu encrypted is none to be restored: its engine has to be asked."""
    path = tmp_path / "terraform.tfstate"
    path.write_text('{"serial": 3, "lineage": "a", "meta": {}, "encrypted_data": "x"}')
    assert local.read(path, "shop") is None


@pytest.mark.parametrize("text", ["[]", "{}", "cut", '{"version": 4'])
def test_what_is_no_state(tmp_path: Path, text: str) -> None:
    """Anything else is told with its place and the way out."""
    path = tmp_path / "terraform.tfstate"
    path.write_text(text)
    with pytest.raises(errors.EngineError, match="the state of stack shop") as caught:
        local.read(path, "shop")
    assert "backup" in caught.value.remedy
