"""The table of all Services: what each side says, and what differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes import rendered
from tfgen import inspection, manifest, model, render, status, tree
from tfgen.inspection import Kind
from tfgen.inspection.subject import InState
from tfgen.render import header

WEB = model.ServiceKey("shop", "web")
PORTS = {"shop_web": {"tcp-80": 30080}}


def entry(lb: model.LoadBalancer, **changed: Any) -> manifest.Entry:  # noqa: ANN401  its fields
    """Give the manifest's entry of a load balancer."""
    parts = header.strip(render.service_document(lb))
    made = manifest.Entry(
        service=lb.service,
        stack=lb.service.namespace,
        digest=parts.digest if parts else "",
        ports=tuple(port.key for port in lb.ports),
        node_group="default",
        internal=lb.internal,
        protect=False,
        frozen=lb.frozen,
    )
    return replace(made, **changed)


def whole(*entries: manifest.Entry) -> manifest.Manifest:
    """Give a manifest with these Services."""
    return manifest.Manifest(
        cluster="demo",
        tree="3f9c1a2b",
        stacks_by="namespace",
        stacks=tuple(sorted({one.stack for one in entries})),
        services={one.service: one for one in entries},
    )


def balancer(**changed: Any) -> inspection.Balancer:  # noqa: ANN401  its fields
    """Give the load balancer of shop/web as the cloud lists it in good health."""
    made = inspection.Balancer(
        id="11111111-0000-0000-0000-000000000000",
        name="demo_shop_web",
        service=WEB,
        provisioning="ACTIVE",
        operating="ONLINE",
        vip_address="10.0.3.7",
        floating_ip="172.24.1.2",
        listeners=1,
    )
    return replace(made, **changed)


def carrying(**annotations: str) -> dict[str, Any]:
    """Give the Service shop/web with annotations under our prefix."""
    named = {f"tfgen.io/{name.replace('_', '-')}": text for name, text in annotations.items()}
    metadata = {"namespace": "shop", "name": "web", "annotations": named}
    return {"metadata": metadata, "spec": {"type": "LoadBalancer"}, "status": {}}


@dataclass
class World:
    """A world in which shop/web is in sync on all sides, until a test changes it."""

    lb: model.LoadBalancer = field(default_factory=lambda: rendered.load_balancer("shop/web"))
    wanted: model.LoadBalancer | None = field(
        default_factory=lambda: rendered.load_balancer("shop/web")
    )
    entries: list[manifest.Entry] | None = None
    balancers: tuple[inspection.Balancer, ...] | None = field(default_factory=lambda: (balancer(),))
    problems: tuple[model.Problem, ...] = ()
    judgement: status.Judgement | None = None
    cluster: bool = True
    node_ports: Mapping[str, Mapping[str, int | None]] = field(default_factory=lambda: PORTS)
    states: Mapping[str, InState] | None = None

    def known(self) -> inspection.Known:
        """Say what was read of it."""
        entries = [entry(self.lb)] if self.entries is None else self.entries
        texts = {one.file: render.service_document(self.lb) for one in entries}
        judged = {WEB: self.judgement} if self.judgement else {}
        return inspection.Known(
            snapshot=tree.Snapshot(whole(*entries), texts),
            desired=self._desired(entries) if self.cluster else None,
            judgements=judged if self.cluster else None,
            balancers=self.balancers,
            states=self.states,
            node_ports={"shop": self.node_ports},
        )

    def _desired(self, entries: list[manifest.Entry]) -> tree.Desired:
        if self.wanted is None:
            gone = tuple(one.service for one in entries)
            return tree.Desired(whole(), gone=gone)
        after = entry(self.wanted)
        held = {problem.service for problem in self.problems}
        text = render.service_document(self.wanted)
        files = {} if after.service in held else {after.file: text}
        kept = entries if held else [after]
        return tree.Desired(whole(*kept), files=files, problems=self.problems)

    def row(self) -> inspection.Row:
        """Give the only row."""
        [row] = inspection.rows(self.known())
        return row

    def kinds(self) -> list[Kind]:
        """Give the kinds of differences of the only row."""
        return [difference.kind for difference in self.row().differences]

    def text(self) -> str:
        """Give the only difference of the only row, in words."""
        [difference] = self.row().differences
        return str(difference)


def test_in_sync() -> None:
    """Where tree, cluster and cloud agree, the row says so and what clients use."""
    row = World().row()
    assert (row.state, row.needs_someone, row.held) == ("in sync", False, False)
    assert (row.service, row.stack) == (WEB, "shop")
    assert row.file == "stacks/shop/lb_shop_web.tf"
    assert (row.address, row.ports, row.sources) == ("172.24.1.2", ("tcp-80",), ("0.0.0.0/0",))


def test_an_internal_one_has_its_vip() -> None:
    """The address of an internal load balancer is its VIP."""
    lb = rendered.load_balancer("shop/web", internal=True)
    row = World(lb=lb, wanted=lb, balancers=(balancer(floating_ip=""),)).row()
    assert (row.address, row.internal, row.state) == ("10.0.3.7", True, "in sync")


def test_a_side_that_was_not_asked_is_said() -> None:
    """Nothing is called in sync that could not be compared."""
    assert World(cluster=False).row().state == "cluster not asked"
    assert World(balancers=None).row().state == "cloud not asked"
    assert World(cluster=False, balancers=None).row().state == "cloud and cluster not asked"


def test_held_says_why() -> None:
    """A Service with a problem is held, in the words of the problem."""
    problem = model.Problem(WEB, "annotation a", '"many"', "a whole number", "Correct it.")
    row = World(problems=(problem,)).row()
    assert (row.state, row.held) == ("held", True)
    [difference] = row.differences
    assert difference.text == 'annotation a is "many"; expected a whole number'
    assert difference.remedy == "Correct it"


def test_held_is_remembered_without_the_cluster() -> None:
    """Without the cluster the manifest says what is held and why."""
    held = entry(World().lb, state=manifest.State.HELD, problems=("annotation a is wrong",))
    world = World(entries=[held], cluster=False)
    assert world.text() == "held: annotation a is wrong"


def test_held_and_never_rendered_has_a_row() -> None:
    """A new Service with a problem is in no tree, and yet it is in the table."""
    problem = model.Problem(WEB, "spec.ports", "empty", "at least one port")
    world = World(entries=[], problems=(problem,), balancers=())
    assert world.kinds() == [Kind.HELD]
    assert world.row().stack == ""


def test_new_service_is_not_rendered() -> None:
    """A claimed Service that the tree has not yet is not rendered, and no more than that."""
    world = World(entries=[], balancers=())
    assert world.text() == "not rendered: it is new (tfgen render)"


def test_changed_service_says_what_would_change() -> None:
    """A file that a rendering would change says what changes in it."""
    world = World(wanted=rendered.load_balancer("shop/web", 80, 443))
    assert world.text() == "not rendered: port tcp-443 is new (tfgen render)"


def test_gone_service_still_stands() -> None:
    """A Service that is gone keeps its row as long as the tree has it."""
    assert World(wanted=None).kinds() == [Kind.GONE]


def test_removed_service_stands_in_the_cloud() -> None:
    """A load balancer of ours that the tree has no more waits for its apply."""
    known = replace_known(World().known(), entries=())
    [row] = inspection.rows(known)
    assert [each.kind for each in row.differences] == [Kind.NOT_APPLIED]
    assert "the tree has it no more" in row.differences[0].text


def replace_known(known: inspection.Known, *, entries: tuple[manifest.Entry, ...]) -> Any:  # noqa: ANN401  Known
    """Give what is known of the cloud beside another tree."""
    return inspection.Known(
        snapshot=tree.Snapshot(whole(*entries), {}),
        desired=tree.Desired(whole(*entries)),
        balancers=known.balancers,
    )


def test_awaiting_facts() -> None:
    """A port whose node port nobody knows has no members, and sync is what it needs."""
    world = World(node_ports={})
    assert world.kinds() == [Kind.AWAITING_FACTS]
    assert "tcp-80" in world.text()


def test_not_applied_while_the_cloud_has_nothing() -> None:
    """A rendered Service without a load balancer waits for its plan."""
    assert World(balancers=()).kinds() == [Kind.NOT_APPLIED]


def test_vanished_where_its_address_was_published() -> None:
    """A published address without a load balancer is graver than one that is still to come."""
    judgement = status.Judgement(WEB, carrying(external_ip="172.24.1.2", tree="3f9c1a2b"))
    assert World(balancers=(), judgement=judgement).kinds() == [Kind.VANISHED]


def test_half_applied() -> None:
    """Ports and floating IP that the cloud does not have yet are named."""
    world = World(balancers=(balancer(listeners=0, floating_ip=""),))
    [difference] = world.row().differences
    assert difference.text == (
        "the cloud has 0 of its ports, the tree 1; it has no floating IP yet"
    )


def test_became_internal() -> None:
    """A floating IP under a Service that is internal by now waits for its apply."""
    lb = rendered.load_balancer("shop/web", internal=True)
    assert World(lb=lb, wanted=lb).kinds() == [Kind.NOT_APPLIED]


def test_changed_since_it_was_published() -> None:
    """The digest that was published tells that the file has changed since."""
    service = carrying(digest="sha256:0123", external_ip="172.24.1.2", tree="3f9c1a2b")
    assert World(judgement=status.Judgement(WEB, service)).kinds() == [Kind.NOT_APPLIED]
    service = carrying(digest=entry(World().lb).digest, tree="3f9c1a2b")
    assert World(judgement=status.Judgement(WEB, service)).kinds() == []


def test_two_load_balancers_of_one_service() -> None:
    """Two load balancers with one tag are never chosen between."""
    world = World(balancers=(balancer(), balancer(id="22222222-0000-0000-0000-000000000000")))
    assert world.kinds() == [Kind.FAILED]
    assert world.row().balancer is None


def test_octavia_gave_it_up() -> None:
    """A load balancer in ERROR says how to rebuild it."""
    world = World(balancers=(balancer(provisioning="ERROR", operating="ERROR"),))
    assert world.kinds() == [Kind.FAILED]
    assert "tfgen repair" in world.text()


def test_busy_needs_nobody() -> None:
    """A change on its way is a difference, and not one that needs someone."""
    row = World(balancers=(balancer(provisioning="PENDING_UPDATE"),)).row()
    assert (row.state, row.needs_someone) == ("busy", False)


def test_unhealthy_members() -> None:
    """An operating status that is no good one points to explain."""
    world = World(balancers=(balancer(operating="DEGRADED"),))
    assert world.kinds() == [Kind.UNHEALTHY]
    assert "tfgen explain shop/web" in world.text()


def test_who_is_gone_needs_no_members() -> None:
    """The members of a Service that is gone answer no more, and that is as it should be."""
    assert World(wanted=None, balancers=(balancer(operating="ERROR"),)).kinds() == [Kind.GONE]


def test_not_published() -> None:
    """A Service that does not show its address yet waits for publish."""
    address = model.Address(WEB, "11111111", "10.0.3.7", "172.24.1.2", stack="shop")
    standing = status.Standing(status.Phase.APPLIED, "3f9c1a2b", address)
    world = World(judgement=status.Judgement(WEB, carrying(), standing))
    assert world.kinds() == [Kind.NOT_PUBLISHED]
    assert "shows no address" in world.text()


def test_another_tree_publishes_it() -> None:
    """A Service that another tree writes to is said to be that tree's."""
    judgement = status.Judgement(WEB, carrying(tree="ffffffff"), failure="tree ffffffff has it")
    assert World(judgement=judgement).kinds() == [Kind.FOREIGN]


def test_states_tell_of_ports() -> None:
    """Where states were read, ports that are missing or left in them are named."""
    listener = "module.lb_shop_web_{}.openstack_lb_listener_v2.this"
    root = "openstack_lb_loadbalancer_v2.lb_shop_web"
    state = InState.of([root, listener.format("tcp-8080"), "null_resource.mine"], tainted=[root])
    texts = [str(each) for each in World(states={"shop": state}).row().differences]
    assert len(texts) == 3
    assert "tainted" in texts[0]
    assert "tcp-80 is not in the state" in texts[1]
    assert "tcp-8080 is still in the state" in texts[2]


def test_the_gravest_is_first() -> None:
    """Differences stand in the order of their gravity."""
    world = World(
        wanted=rendered.load_balancer("shop/web", 443),
        balancers=(balancer(provisioning="ERROR"),),
        node_ports={},
    )
    assert world.row().state == "failed, not rendered, awaiting facts"
