"""A user who may not write to Services: the load balancer stands, a later publish mends it."""

import pytest

from tests.bad_input.bad import FORMS
from tests.bad_input.scene import RUN, WEB, Scene
from tfgen import model

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

NEW = model.ServiceKey("shop", "new")
RIGHT = "patch services/status"
USER = "system:serviceaccount:ci:tfgen"


@FORMS
def test_nobody_may_patch_the_status(scene: Scene, form: str) -> None:
    """A run that served a Service and could not say so ends with 5; publish finishes the job."""
    scene.place.service(str(NEW))
    scene.place.cluster.forbidden.add(RIGHT)
    before = scene.standing()

    said = scene.run(*RUN, "--format", form)

    assert said.code == 5, said.err
    assert f"failed: Service {NEW}: cluster http://" in said.err
    assert f"{USER} may not {RIGHT}: 403 Forbidden" in said.err
    remedy = f"Give {USER} the roles of docs/rbac.yaml, then check with: kubectl auth can-i patch"
    assert remedy in said.err
    if form == "json":
        [told] = [
            each for each in said.document["publish"]["services"] if each["service"] == str(NEW)
        ]
        assert (told["outcome"], remedy in told["remedy"]) == ("failed", True)
    after = scene.standing()
    assert len(after.of(NEW)[0]) == len(before.of(WEB)[0])
    assert after.of(WEB) == before.of(WEB)
    assert after.cluster == before.cluster

    scene.place.cluster.forbidden.clear()
    said = scene.run("publish", "--format", form)

    assert said.code == 0, said.err
    healed = scene.standing()
    assert healed.cloud == after.cloud
    assert len(healed.of(NEW)[2]["ingress"]) == 1


def test_publish_alone_says_the_same(scene: Scene) -> None:
    """`tfgen publish` without the right names Service, right and remedy, and writes nothing."""
    scene.place.service(str(NEW))
    scene.place.cluster.forbidden.add(RIGHT)
    scene.run(*RUN)
    before = scene.standing()

    said = scene.run("publish")

    assert said.code == 5, said.err
    assert f"failed: Service {NEW}: cluster http://" in said.err
    assert "kubectl auth can-i patch services --subresource=status" in said.err
    assert scene.standing() == before
