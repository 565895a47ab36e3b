"""What holds of the layers of the settings."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.property import services
from tfgen.config import layers

_documents = st.dictionaries(services.texts, services.json)
_said = st.sampled_from(
    [
        {"TFGEN_GUARDS__STOP": "true"},
        {"TFGEN_CLUSTER": "other", "TFGEN_STACKS__MAX_SERVICES": "3"},
        {"TFGEN_CLAIM__NAMESPACES": "[a, b]"},
    ]
)


@given(_documents)
def test_an_empty_layer_changes_nothing(document: dict[str, Any]) -> None:
    """Neither do flags that say nothing, nor variables of others."""
    flags = {"out": None, "guards.stop": None}
    folded = layers.fold(document, {"PATH": "/bin", "OS_CLOUD": "x"}, flags)
    assert folded == layers.Layers(document)


@given(_documents, _said)
def test_an_empty_variable_changes_nothing(document: dict[str, Any], said: dict[str, str]) -> None:
    """`TFGEN_X=` says nothing, beside others that do."""
    empty = {"TFGEN_TREE": "", "TFGEN_OCTAVIA__PROVIDER": ""}
    assert layers.fold(document, {**said, **empty}, {}) == layers.fold(document, said, {})


@given(_documents, _said)
def test_folding_leaves_its_input_alone(document: dict[str, Any], said: dict[str, str]) -> None:
    """And gives the same again."""
    first = layers.fold(document, said, {})
    assert layers.fold(document, said, {}) == first
    assert layers.fold(first.data, said, {}).data == first.data
