"""A cluster that cannot be asked, or is another one: nothing is done anywhere."""

import pytest

from tests.bad_input import pages
from tests.bad_input.bad import FORMS, Bad, rows
from tests.bad_input.scene import RENDER, RUN, WEB, Scene

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

OTHER = "99999999-2222-4333-8444-555555555555"
MINE = "11111111-2222-4333-8444-555555555555"
USER = "system:serviceaccount:ci:tfgen"

COMMANDS = pytest.mark.parametrize("command", [RENDER, RUN, ("sync",)], ids=" ".join)

TABLE = rows(
    Bad(
        "no cluster",
        lambda scene: scene.environ.delenv("KUBECONFIG"),
        what=("no cluster is configured", "neither --kubeconfig nor KUBECONFIG is given"),
        remedy="Name a kubeconfig with --kubeconfig FILE, or read files with --from PATH.",
    ),
    Bad(
        "a kubeconfig that is not there",
        lambda _scene: None,
        flags=("--kubeconfig", "nowhere"),
        what=("kubeconfig nowhere does not exist",),
        remedy="Correct --kubeconfig.",
    ),
    Bad(
        "a kubeconfig that is broken",
        lambda scene: scene.write("kubeconfig", "clusters: ["),
        what=("kubeconfig ", "/kubeconfig cannot be used: ", "line 1"),
        remedy="Check it with: kubectl config view",
    ),
    Bad(
        "a context that the kubeconfig has not",
        lambda _scene: None,
        flags=("--context", "fakee"),
        what=("context 'fakee' is not in kubeconfig ",),
        remedy="Did you mean 'fake'? Known contexts: fake.",
    ),
    Bad(
        "a server that is no address",
        lambda scene: scene.edit("kubeconfig", scene.place.cluster.url, "there"),
        what=("kubeconfig", "the cluster's server is 'there'; expected https://HOST:PORT"),
        remedy="kubectl config set-cluster NAME --server=https://HOST:PORT",
    ),
    Bad(
        "a server that does not listen",
        lambda scene: scene.edit("kubeconfig", scene.place.cluster.url, "http://127.0.0.1:9"),
        what=("cluster http://127.0.0.1:9 cannot be reached (list services)", "refused"),
        remedy="Is the cluster up, and the right one? It comes from kubeconfig",
    ),
    Bad(
        "a token that nobody issued",
        lambda scene: setattr(scene.place.cluster, "status", 401),
        what=("cluster http://", "does not know us: list services: 401 Unauthorized"),
        remedy="log in again, then check with: kubectl auth whoami",
    ),
    Bad(
        "a user who may not list Services",
        lambda scene: scene.place.cluster.forbidden.add("list services"),
        what=("cluster http://", f"{USER} may not list services: 403 Forbidden"),
        remedy="docs/rbac.yaml, then check with: kubectl auth can-i list services --all-namesp",
    ),
    Bad(
        "a user who may not list Nodes",
        lambda scene: scene.place.cluster.forbidden.add("list nodes"),
        what=("cluster http://", f"{USER} may not list nodes: 403 Forbidden"),
        remedy="docs/rbac.yaml, then check with: kubectl auth can-i list nodes --all-namespaces",
    ),
    Bad(
        "the kubeconfig of another cluster",
        lambda scene: setattr(scene.place.cluster, "uid", OTHER),
        code=3,
        what=("is another cluster: its kube-system has the UID", OTHER, f"rendered from {MINE}"),
        remedy=f"--accept-cluster {OTHER}",
    ),
    Bad(
        "a cluster without Nodes",
        lambda scene: scene.place.cluster.nodes.clear(),
        code=3,
        what=("the input has no Node that could stand behind a load balancer",),
        remedy="see that members.node_selector matches some",
    ),
)


@FORMS
@COMMANDS
@TABLE
def test_nothing_is_done(scene: Scene, bad: Bad, command: tuple[str, ...], form: str) -> None:
    """It is said what is wrong; cloud, cluster and tree are as they were, no engine is started."""
    scene.asks_for_more()
    bad.comes(scene)
    before = scene.standing()

    said = scene.run(*command, *bad.flags, "--format", form)

    bad.check(said, form)
    assert scene.standing() == before
    assert not scene.place.cluster.writes
    assert not scene.planned_or_applied()


BROKEN = rows(
    Bad(
        "the connection is cut",
        lambda _scene: pages.BrokenPages(cutting=True),
        what=("cluster http://", "(list services): the connection broke before the answer was"),
        remedy="Is the cluster up, and the right one? It comes from kubeconfig",
    ),
    Bad(
        "the server fails",
        lambda _scene: pages.BrokenPages(),
        what=("cluster http://", "list services failed: 500 Internal Server Error: etcdserver"),
        remedy="The API server is busy or starting; try again.",
    ),
)


@FORMS
@COMMANDS
@BROKEN
def test_a_listing_that_breaks_after_its_first_page(
    scene: Scene, bad: Bad, command: tuple[str, ...], form: str
) -> None:
    """Half a listing is never taken for a whole one: the Services of the other half stay."""
    before = scene.standing()
    with bad.comes(scene) as broken:
        broken.services, broken.nodes = scene.place.cluster.services, scene.place.cluster.nodes
        broken.kubeconfig(scene.place.folder)

        said = scene.run(*command, "--format", form)

    bad.check(said, form)
    assert any("continue=" in request for request in broken.requests)
    assert scene.standing() == before
    assert not broken.writes
    assert not scene.planned_or_applied()


@TABLE
def test_publish_says_the_same(scene: Scene, bad: Bad) -> None:
    """What has no Nodes can be written to; in every other row nothing is, and it is said why."""
    del scene.place.cluster.services[WEB]["status"]["loadBalancer"]["ingress"]
    bad.comes(scene)
    before = scene.standing()

    said = scene.run("publish", *bad.flags)

    if scene.place.cluster.nodes:
        bad.check(said, "text")
        assert scene.standing() == before
        assert not scene.place.cluster.writes
    else:
        assert said.code == 0
        assert scene.standing().of(WEB)[2]["ingress"]
