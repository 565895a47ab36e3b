import os
from pathlib import Path

import pytest

from tests.fakes import terraform as fake
from tfgen import errors, terraform


def test_named_by_path(tmp_path: Path) -> None:
    """An engine is found by its path, and says what it is."""
    found = fake.install(tmp_path)
    engine = terraform.find(str(found.path), os.environ)
    assert engine == terraform.Engine(str(found.path), terraform.Product.TERRAFORM, "1.11.4")
    assert str(engine) == "terraform 1.11.4"
    assert engine.init_speaks_json
    assert not engine.excludes


def test_first_on_path(tmp_path: Path) -> None:
    """Without a choice terraform is taken, else tofu, from the PATH that is given."""
    found = fake.install(tmp_path, fake.Behaviour(version="1.12.6", product="opentofu"))
    tofu = found.path.rename(tmp_path / "tofu")
    found.path.with_suffix(".json").rename(tmp_path / "tofu.json")
    engine = terraform.find(None, {"PATH": str(tmp_path)})
    assert engine == terraform.Engine(str(tofu), terraform.Product.OPENTOFU, "1.12.6")
    assert engine.excludes
    both = fake.install(tmp_path)
    assert terraform.find(None, {"PATH": str(tmp_path)}).path == str(both.path)


def test_none_at_all(tmp_path: Path) -> None:
    """No engine is an error that says what to install."""
    with pytest.raises(errors.EngineError, match="neither terraform nor tofu") as caught:
        terraform.find(None, {"PATH": str(tmp_path)})
    assert "Install Terraform (1.7 or newer) or OpenTofu" in caught.value.remedy


def test_a_choice_that_is_not_there(tmp_path: Path) -> None:
    """A choice that cannot be run is never replaced by another engine."""
    fake.install(tmp_path)
    with pytest.raises(errors.EngineError, match="tofu is not an executable"):
        terraform.find("tofu", {"PATH": str(tmp_path)})


@pytest.mark.parametrize(
    ("product", "version", "floor"),
    [("terraform", "1.6.9", "1.7.0"), ("opentofu", "1.9.1", "1.10.0")],
)
def test_too_old(tmp_path: Path, product: str, version: str, floor: str) -> None:
    """An engine below our floor is an error that names found and expected."""
    found = fake.install(tmp_path, fake.Behaviour(version=version, product=product))
    with pytest.raises(errors.EngineError, match=f"{version}; expected at least {floor}"):
        terraform.find(str(found.path), os.environ)


def test_newest_is_fine(tmp_path: Path) -> None:
    """There is no upper bound, and a release candidate is read."""
    found = fake.install(tmp_path, fake.Behaviour(version="2.0.0-rc1"))
    assert terraform.find(str(found.path), os.environ).numbers == (2, 0, 0)


def test_no_engine_at_all(tmp_path: Path) -> None:
    """A program that is no engine is told by its own words."""
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\necho hello\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(errors.EngineError, match="exit code 3, hello"):
        terraform.find(str(program), os.environ)
