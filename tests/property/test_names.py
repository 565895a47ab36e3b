"""What holds of the names in the cloud, whatever template a tfgen.yaml gives."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property import services
from tfgen import config, model
from tfgen.config import rules

_labels = st.text(alphabet="ab-", min_size=1, max_size=4)
_literals = st.text(alphabet="ab-_. ", max_size=3)
_order = st.permutations(["{cluster}", "{namespace}", "{name}"])


@st.composite
def _templates(draw: st.DrawFn) -> str:
    parts = draw(_order)
    return draw(_literals) + "".join(part + draw(_literals) for part in parts)


_identities = st.tuples(_labels, _labels, _labels)


def _name(template: str, identity: tuple[str, str, str]) -> str:
    cluster, namespace, name = identity
    return template.format(cluster=cluster, namespace=namespace, name=name)


_SOUND = _templates().filter(
    lambda template: not list(rules.broken(config.Names(load_balancer=template)))
)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(_SOUND, _identities, _identities)
def test_a_template_that_passes_tells_identities_apart(
    template: str, one: tuple[str, str, str], two: tuple[str, str, str]
) -> None:
    """Cluster, namespace and name can be read back from every name that it makes."""
    assert (_name(template, one) == _name(template, two)) is (one == two)


@given(services.names, services.names)
def test_the_longest_name_of_a_child_fits(namespace: str, name: str) -> None:
    """Octavia takes 255 characters; a template of 53 signs beside the parts is the longest."""
    template = f"{'x' * 53}{{cluster}}_{{namespace}}_{{name}}"
    assert not list(rules.broken(config.Names(load_balancer=template)))
    key = model.ServiceKey(namespace, name)
    child = f"{_name(template, ('c' * 63, key.namespace, key.name))}_tcp-65535"
    assert len(child) <= 255
