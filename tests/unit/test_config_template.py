"""The tfgen.yaml of `tfgen init` says what was settled, and shows all else as comments."""

import re
from typing import Any

from tfgen import config
from tfgen.config import loading, template

VALUES: dict[tuple[str, ...], Any] = {
    ("cluster",): "demo-1",
    ("tree",): "12345678",
    ("openstack", "cloud"): "no",
    ("network", "subnet_id"): "1" * 32,
    ("network", "floating_networks"): [
        {"id": "2" * 32, "name": "public # 1"},
        {"id": "", "name": "other"},
    ],
    ("octavia", "api_version"): "2.27",
    ("defaults", "monitor", "enabled"): False,
}


def settings(text: str) -> config.Settings:
    """Load the text of a file."""
    return loading.parse(text, "tfgen.yaml")


def uncommented(text: str) -> str:
    """Take the comment sign from every line that is a setting, as an editor would."""
    return re.sub(r"(?m)^( *)# ( *\w+:(?: (?![A-Z]).*)?)$", r"\1\2", text)


def test_what_was_settled_is_said() -> None:
    """The file loads to the values it was made from, and to defaults."""
    made = settings(template.document(VALUES, {}))
    assert made.cluster == "demo-1"
    assert made.tree == "12345678"
    assert made.openstack.cloud == "no"
    assert [network.name for network in made.network.floating_networks] == ["public # 1", "other"]
    assert made.octavia.api_version == "2.27"
    assert not made.defaults.monitor.enabled
    assert made.guards == config.Guards()


def test_every_setting_stands_there() -> None:
    """Each setting that there is, is a line of the file or a commented one."""
    text = template.document(VALUES, {})
    names = re.findall(r"(?m)^[ #]*(\w+):", text)
    for section, value in settings(text).model_dump().items():
        assert section in names
        assert not isinstance(value, dict) or set(value) <= set(names)


def test_uncommented_defaults_change_nothing() -> None:
    """Taking the comment sign from all commented settings gives the same settings."""
    text = template.document(VALUES, {})
    assert uncommented(text) != text
    assert settings(uncommented(text)) == settings(text)


def test_comments_are_the_settings_sentences_and_notes() -> None:
    """The sentence of a setting stands above it, and a note after the sentence."""
    text = template.document(VALUES, {("network", "subnet_id"): "Fill it in."})
    assert (
        "  # Subnet of the VIP (or give network_id).\n"
        "  # Fill it in.\n"
        '  subnet_id: "11111111111111111111111111111111"\n'
    ) in text
    assert max(len(line) for line in text.splitlines()) <= 100
