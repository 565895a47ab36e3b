"""A valid file with gaps is told apart from one that can be rendered."""

from pathlib import Path

import pytest

from tfgen import config, errors

SUBNET = "network: {subnet_id: 11111111-2222-3333-4444-555555555555"
NETWORK = "network: {network_id: 11111111-2222-3333-4444-555555555555"


def load(tmp_path: Path, network: str) -> config.Loaded:
    """Load settings with this network section."""
    file = tmp_path / "tfgen.yaml"
    file.write_text(f"cluster: demo\ntree: 3f9c1a2b4d5e6f70\n{network}")
    return config.load(file, environ={})


@pytest.mark.parametrize(
    "network",
    [SUBNET + "}", NETWORK + "}", SUBNET + ", floating_networks: [{name: public}]}"],
)
def test_settings_that_can_be_rendered(tmp_path: Path, network: str) -> None:
    """A subnet or a network is enough; a floating network needs its name alone."""
    loaded = load(tmp_path, network)
    config.require_complete(loaded)
    assert loaded.settings.network.subnet_id or loaded.settings.network.network_id


def test_every_gap_is_named_at_once(tmp_path: Path) -> None:
    """No subnet, and an external network known by its id alone, are told together."""
    one = "0" * 32
    loaded = load(tmp_path, f"network: {{floating_networks: [{{id: '{one}'}}]}}")
    with pytest.raises(errors.SettingsError) as raised:
        config.require_complete(loaded)
    assert "tfgen.yaml: network.subnet_id is empty" in raised.value.what
    assert "tfgen.yaml:3: network.floating_networks[0].name is empty" in raised.value.what
    assert f"openstack network show {one} -c name" in raised.value.what
