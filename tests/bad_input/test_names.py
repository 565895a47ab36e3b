"""Names at their longest, and texts that would be code: both are served like any other."""

import pytest

from tests.bad_input.scene import API, RUN, WEB, Scene
from tfgen import model

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

LONGEST = model.ServiceKey("n" * 63, "s" * 63)
INJECTION = 'x"}\n${file("/etc/passwd")}\n%{ if true }\\'


def test_names_of_63_characters(scene: Scene) -> None:
    """The longest names that Kubernetes has give one file, one load balancer and an address."""
    scene.place.service(str(LONGEST))
    before = scene.standing()

    said = scene.run(*RUN)

    assert said.code == 0, said.err
    after = scene.standing()
    assert after.of(WEB) == before.of(WEB)
    made, text, addresses = after.of(LONGEST)
    assert f'name = "demo_{LONGEST.label}"' in " ".join(text.decode().split())
    assert len(made) == len(before.of(WEB)[0])
    assert len(addresses["ingress"]) == 1
    assert scene.run(*RUN).code == 0
    assert scene.standing() == after


def test_a_name_of_64_characters(scene: Scene) -> None:
    """One more than Kubernetes allows (a file may say anything) is a problem of that Service."""
    scene.place.service(f"shop/{'s' * 64}")
    before = scene.standing()

    said = scene.run("render")

    assert said.code == 4
    assert f'metadata.name is "{"s" * 64}"; expected a DNS label of at most 63' in said.err
    assert scene.standing() == before


@pytest.mark.parametrize("place", ["annotations", "labels"])
def test_text_of_others_is_not_read(scene: Scene, place: str) -> None:
    """Quotes, newlines and templates in what is not ours reach neither file nor cloud."""
    for key in (WEB, API):
        stored = scene.place.cluster.services[key]
        stored["metadata"].setdefault(place, {})["example.com/note"] = INJECTION
        stored["spec"]["ports"][0]["name"] = INJECTION
    before = scene.standing()

    said = scene.run(*RUN)

    assert said.code == 0, said.err
    assert scene.standing() == before
