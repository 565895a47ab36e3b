"""Settings and command lines that cannot be: nothing is asked and nothing is done."""

import pytest

from tests.bad_input.bad import FORMS, Bad, rows
from tests.bad_input.scene import RENDER, RUN, Scene

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

SUBNET = "11111111-1111-1111-1111-111111111111"


def nothing(_scene: Scene) -> None:
    """Leave all as it is: the command line is what is wrong."""


TABLE = rows(
    Bad(
        "an unknown key",
        lambda scene: scene.place.setting("backned: {type: local}"),
        what=(
            "tfgen.yaml:7: backned is not a setting; expected one of cluster, tree, ",
            "Did you mean backend?",
        ),
        remedy="",
    ),
    Bad(
        "an unknown key below another",
        lambda scene: scene.place.setting("members: {node_selektor: x}"),
        what=(
            "tfgen.yaml:7: members.node_selektor is not a setting; expected one of ",
            "Did you mean members.node_selector?",
        ),
        remedy="",
    ),
    Bad(
        "a value of the wrong type",
        lambda scene: scene.place.setting("stacks: {max_services: many}"),
        what=("stacks.max_services is 'many'; expected a whole number. Correct it.",),
        remedy="",
    ),
    Bad(
        "a name where an id is expected",
        lambda scene: scene.edit("tfgen.yaml", SUBNET, "my-subnet"),
        what=(
            "tfgen.yaml:5: network.subnet_id is 'my-subnet'; expected the id (UUID) of an",
            "Correct it.",
        ),
        remedy="",
    ),
    Bad(
        "no YAML",
        lambda scene: scene.write("tfgen.yaml", "cluster: ["),
        what=("tfgen.yaml:1: not YAML: expected the node content",),
        remedy="Correct the line: a setting is `key: value`, indented with spaces, given once.",
    ),
    Bad(
        "another cluster's name over the tree",
        lambda scene: scene.edit("tfgen.yaml", "cluster: demo", "cluster: other"),
        code=3,
        what=("setting cluster is 'other', and the tree was rendered with 'demo'",),
        remedy="Set cluster back to 'demo', or render into another folder (-o)",
    ),
    Bad(
        "an unknown flag",
        nothing,
        code=64,
        flags=("--servics", "shop/web"),
        what=("No such option: --servics", "--service"),
        remedy="Try: tfgen r",
    ),
    Bad(
        "a Service without its namespace",
        nothing,
        code=64,
        flags=("--service", "web"),
        what=("Invalid value for --service: 'web' is not NAMESPACE/NAME",),
        remedy="Try: tfgen r",
    ),
    Bad(
        "a number that is none",
        nothing,
        code=64,
        flags=("--allow-removals", "many"),
        what=("Invalid value for '--allow-removals' (env var: 'TFGEN_ALLOW_REMOVALS')",),
        remedy="Try: tfgen r",
    ),
)


@FORMS
@pytest.mark.parametrize("command", [RENDER, RUN], ids=["render", "run"])
@TABLE
def test_nothing_is_done(scene: Scene, bad: Bad, command: tuple[str, ...], form: str) -> None:
    """It is said what is wrong and where; neither cluster nor cloud nor engine is even asked."""
    scene.asks_for_more()
    bad.comes(scene)
    before = scene.standing()
    scene.place.cluster.requests.clear()
    scene.place.cloud.calls.clear()

    said = scene.run(*command, *bad.flags, "--format", form)

    bad.check(said, form)
    assert scene.standing() == before
    assert not scene.place.cluster.writes
    assert scene.place.cloud.calls == []
    assert scene.place.engine.calls() == []


def test_a_form_of_output_that_there_is_not(scene: Scene) -> None:
    """It is wrong usage, said in text, before anything is read."""
    before = scene.standing()
    said = scene.run(*RUN, "--format", "xml")
    assert said.code == 64
    assert "Invalid value for --format: 'xml' is not text or json" in said.err
    assert "Try: tfgen run --help" in said.err
    assert scene.standing() == before
    assert scene.place.cluster.requests == []
