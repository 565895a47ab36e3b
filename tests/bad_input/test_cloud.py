"""A cloud or an engine that cannot be used: nothing is done, and once mended a run does it all."""

import pytest

from tests.bad_input.bad import FORMS, Bad, rows
from tests.bad_input.scene import API, RUN, WEB, Scene

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

MINE, OTHERS = "a" * 32, "b" * 32


def project(scene: Scene, name: str) -> None:
    """Let clouds.yaml lead to a project."""
    scene.place.cloud.project_id = name
    scene.write("clouds.yaml", scene.place.cloud.clouds_yaml())


def engine_path(scene: Scene, path: str) -> None:
    """Let PATH be this folder alone."""
    scene.environ.setenv("PATH", path)


TABLE = rows(
    Bad(
        "the cloud of another project",
        lambda scene: project(scene, OTHERS),
        mended=lambda scene: project(scene, MINE),
        code=3,
        what=(f"openstack.project_id of tfgen.yaml is {MINE}, and cloud demo has {OTHERS}",),
        remedy="Take the right cloud (openstack.cloud, OS_CLOUD, OS_*).",
    ),
    Bad(
        "another region",
        lambda scene: scene.edit("tfgen.yaml", "region: RegionOne", "region: RegionTwo"),
        mended=lambda scene: scene.edit("tfgen.yaml", "region: RegionTwo", "region: RegionOne"),
        code=3,
        what=("openstack.region of tfgen.yaml is RegionTwo, and cloud demo has RegionOne",),
        remedy="Take the right cloud (openstack.cloud, OS_CLOUD, OS_*).",
    ),
    Bad(
        "wrong credentials",
        lambda scene: setattr(scene.place.cloud, "password", "new"),
        mended=lambda scene: setattr(scene.place.cloud, "password", "geheim"),
        what=("Keystone at http://", "(cloud demo) refused the credentials: status 401"),
        remedy="Correct user, password and project, or renew the application credential, in "
        "clouds.yaml or the OS_* variables",
    ),
    Bad(
        "a cloud that clouds.yaml has not",
        lambda scene: scene.edit("tfgen.yaml", "cloud: demo", "cloud: dmo"),
        mended=lambda scene: scene.edit("tfgen.yaml", "cloud: dmo", "cloud: demo"),
        what=("dmo",),
        remedy="Did you mean 'demo'?",
    ),
    Bad(
        "Octavia down",
        lambda scene: scene.place.cloud.failing.update({"/load-balancer/v2/lbaas": 503}),
        mended=lambda scene: scene.place.cloud.failing.clear(),
        what=("Octavia at http://", "(cloud demo) failed: status 503"),
        remedy="Its own log says why; try again later.",
    ),
    Bad(
        "no engine on PATH",
        lambda scene: engine_path(scene, str(scene.place.folder)),
        mended=lambda scene: engine_path(scene, str(scene.place.engine.path.parent)),
        what=("no engine: neither terraform nor tofu is on PATH",),
        remedy="Install Terraform (1.7 or newer) or OpenTofu (1.10 or newer), or name one with "
        "--engine",
    ),
    Bad(
        "a Terraform that is too old",
        lambda scene: scene.behave(version="1.6.6"),
        mended=lambda scene: scene.behave(),
        what=("/bin/terraform is Terraform 1.6.6; expected at least 1.7.0",),
        remedy="Install a newer one, or name another with --engine.",
    ),
    Bad(
        "an OpenTofu that is too old",
        lambda scene: scene.behave(version="1.9.1", product="opentofu"),
        mended=lambda scene: scene.behave(),
        what=("/bin/terraform is OpenTofu 1.9.1; expected at least 1.10.0",),
        remedy="Install a newer one, or name another with --engine.",
    ),
)


@FORMS
@TABLE
def test_nothing_is_done_and_the_next_run_does_it(scene: Scene, bad: Bad, form: str) -> None:
    """Cloud and cluster are as they were, no plan is made; mended, all Services are served."""
    scene.asks_for_more()
    bad.comes(scene)
    before = scene.standing()

    said = scene.run(*RUN, "--format", form)

    bad.check(said, form)
    after = scene.standing()
    assert (after.cloud, after.cluster) == (before.cloud, before.cluster)
    assert after.of(WEB) == before.of(WEB)
    assert not scene.place.cluster.writes
    assert not scene.planned_or_applied()

    bad.mended(scene)
    said = scene.run(*RUN)

    assert said.code == 0, said.err
    healed = scene.standing()
    assert healed.of(WEB) == before.of(WEB)
    assert len(healed.of(API)[0]) == len(before.of(API)[0]) + 4
    assert healed.of(API)[2] == before.of(API)[2]


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("sync",)], ids=" ".join)
@TABLE
def test_other_commands_say_the_same(scene: Scene, bad: Bad, command: tuple[str, ...]) -> None:
    """`plan`, `apply` and `sync` stop with the same words, and touch neither cloud nor cluster."""
    bad.comes(scene)
    before = scene.standing()

    said = scene.run(*command)

    bad.check(said, "text")
    assert scene.standing() == before
    assert not scene.place.cluster.writes
    assert not scene.planned_or_applied()
