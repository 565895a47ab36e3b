"""Security groups for the node ports in use: settings, files, and what a plan of them is."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects, plans
from tfgen import config, errors, policy, render, terraform
from tfgen.config import cloudconf, faults, rules
from tfgen.policy import Guard
from tfgen.reconcile import scope

CIDR, PORT = "10.0.0.0/24", "22222222-2222-4222-8222-222222222222"
ON: dict[str, Any] = {"node_access": {"enabled": True, "member_cidr": CIDR}}
FILE, MAIN = "stacks/shop/node_access.tf", "modules/node_access/main.tf"
GROUP = "module.node_access.openstack_networking_secgroup_v2.this"
BINDING = 'module.node_access.openstack_networking_port_secgroup_associate_v2.this["node-1"]'
TREE = plans.tree(plans.entry("shop/web"))


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def rule(number: int, *actions: str, protocol: str = "tcp") -> plans.Json:
    """Give a plan's entry of a node port that is open."""
    key = f"{protocol}-{number}"
    address = f'module.node_access.openstack_networking_secgroup_rule_v2.this["{key}"]'
    return plans.change(address, *actions)


def group(*actions: str, **sides: Any) -> plans.Json:  # noqa: ANN401  plan JSON
    """Give a plan's entry of the security group."""
    whole = {"before": {"tags": plans.TAGS}, "after": {"tags": plans.TAGS}, **sides}
    return plans.change(GROUP, *actions, **whole)


def told(*changes: plans.Json) -> policy.Change:
    """Give the one owner that a plan is about."""
    (found,) = policy.changes(plans.plan(*changes))
    return found


def judged(*changes: plans.Json) -> list[Guard]:
    """Give the guards that refuse a plan."""
    verdict = policy.check(
        plans.plan(*changes), manifest=TREE, settings=plans.SETTINGS, allowed=policy.Allowed()
    )
    return [refusal.guard for refusal in verdict.refusals]


# Settings.


def test_from_where_is_told_before_anything_is_rendered(tmp_path: Path) -> None:
    """A group that is open to nobody would be of no use: the gap is named."""
    file = tmp_path / "tfgen.yaml"
    head = f"cluster: demo\ntree: 3f9c1a2b\nnetwork: {{network_id: {PORT}}}\n"
    file.write_text(f"{head}node_access: {{enabled: true}}\n")
    with pytest.raises(errors.SettingsError, match=r"node_access\.member_cidr is empty") as raised:
        config.require_complete(config.load(file, environ={}))
    assert "openstack subnet show" in raised.value.what
    file.write_text(f"{head}node_access: {{enabled: true, member_cidr: 10.0.0.9/24}}\n")
    loaded = config.load(file, environ={})
    config.require_complete(loaded)
    assert loaded.settings.node_access.member_cidr == CIDR
    file.write_text(head)
    config.require_complete(config.load(file, environ={}))


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("{member_cidr: 10.0.0.9}", "expected a CIDR such as 192.0.2.0/24"),
        ("{node_ports: {node-1: web}}", "is 'web'; expected the id (UUID)"),
        ("{node_ports: {node-1: ''}}", "node_access.node_ports.node-1 is empty"),
    ],
)
def test_a_wrong_setting(tmp_path: Path, section: str, said: str) -> None:
    """What is no CIDR, and no id of a port, is told where it stands."""
    file = tmp_path / "tfgen.yaml"
    file.write_text(f"cluster: demo\ntree: 3f9c1a2b\nnode_access: {section}\n")
    with pytest.raises(errors.SettingsError) as raised:
        config.load(file, environ={})
    assert said in raised.value.what


def test_a_node_without_its_port_is_a_broken_rule() -> None:
    """An empty id would ask Neutron for nothing."""
    (broken,) = rules.broken(config.settings.NodeAccess(node_ports={"node-1": ""}))
    assert faults.dotted(broken.key) == "node_ports.node-1"
    assert "openstack port list" in broken.remedy
    assert not [*rules.broken(config.settings.NodeAccess(node_ports={"node-1": PORT}))]


def test_occms_option_is_carried_over() -> None:
    """From where, and to which nodes, OCCM finds out by itself: the row says what is to do."""
    found = cloudconf.convert("[LoadBalancer]\nmanage-security-groups = true\n", "cloud.conf")
    assert found.values["node_access", "enabled"] is True
    assert "fill in node_access.member_cidr" in found.rows[0].note


# Files.


def test_off_by_default(place: objects.Place) -> None:
    """Nothing of it stands in a tree that does not ask for it."""
    place.render([objects.service()])
    assert not {path for path in place.files() if "node_access" in path}


def test_a_stack_opens_its_node_ports(place: objects.Place) -> None:
    """The file says who and from where; which ports is a matter of facts."""
    place.settings = {"node_access": {**ON["node_access"], "node_ports": {"node-1": PORT}}}
    place.render([objects.service()])
    text = place.text(FILE)
    assert 'name        = "demo_shop_nodes"' in text
    assert f'cidr        = "{CIDR}"' in text
    assert "node_ports  = var.node_ports" in text
    assert f'node-1 = "{PORT}"' in text
    assert '"tfgen_tree=3f9c1a2b4d5e6f70"' in text
    assert "30080" not in text
    assert place.facts()["node_ports"] == {"shop_web": {"tcp-80": 30080}}
    assert MAIN in place.files()


def test_a_new_node_port_changes_facts_alone(place: objects.Place) -> None:
    """So it needs no review."""
    place.settings = ON
    place.render([objects.service()])
    before = place.files()
    place.render([objects.service(ports=[{**objects.port(80), "nodePort": 30999}])])
    after = place.files()
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {"stacks/shop/facts.auto.tfvars.json"}


def test_switched_off_it_goes_with_its_module(place: objects.Place) -> None:
    """The files that are left are those of a tree that never had it."""
    place.render([objects.service()])
    plain = place.files()
    place.settings = ON
    place.render([objects.service()])
    place.settings = {}
    place.render([objects.service()])
    assert place.files() == plain


def test_the_module_stays_while_a_stack_calls_it(place: objects.Place) -> None:
    """A rendering of one stack takes nothing from another."""
    both = [objects.service("shop/web"), objects.service("blog/web")]
    place.settings = ON
    place.render(both)
    place.settings = {}
    place.render(both, stacks=frozenset({"shop"}))
    assert FILE not in place.files()
    assert {MAIN, "stacks/blog/node_access.tf"} <= place.files().keys()
    place.render(both)
    assert not {path for path in place.files() if "node_access" in path}


def test_a_stack_that_serves_nothing_has_none(place: objects.Place) -> None:
    """Its state can be empty then, and its folder can go."""
    place.settings = ON
    place.render([objects.service("shop/web"), objects.service("blog/web")])
    place.render([objects.service("blog/web")])
    assert FILE not in place.files()
    assert "stacks/blog/node_access.tf" in place.files()


def test_names_of_nodes_and_stacks_are_quoted() -> None:
    """Nodes may be called by their DNS names."""
    access = {**ON["node_access"], "node_ports": {"n1.example": PORT}}
    documents = render.stack_documents("shop", objects.settings(node_access=access))
    assert f'"n1.example" = "{PORT}"' in documents[FILE]


# Plans.


def test_a_node_port_that_changes_is_a_fact() -> None:
    """One opens, one closes: sync may apply it."""
    found = told(rule(30080, "delete"), rule(30081, "create"))
    assert found.about == "Node access"
    assert found.effects == ("closes node port tcp-30080", "opens node port tcp-30081")
    assert found.facts_only


@pytest.mark.parametrize(
    "changes",
    [
        (rule(30080, "delete", "create"),),
        (group("create"), rule(30080, "create")),
        (group("update"), rule(30080, "create"), rule(30081, "delete")),
        (group("delete"), rule(30080, "delete")),
        (plans.change(BINDING, "create"),),
    ],
    ids=["from elsewhere", "new", "from elsewhere, and another port", "gone", "at a node"],
)
def test_whatever_else_is_reviewed(changes: tuple[plans.Json, ...]) -> None:
    """Who may reach nodes, and which nodes, are decisions of people."""
    assert not told(*changes).facts_only


def test_from_where_stands_in_the_groups_description() -> None:
    """So no change of it can pass for one of node ports alone."""
    for cidr in (CIDR, "0.0.0.0/0"):
        access = {"enabled": True, "member_cidr": cidr}
        text = render.stack_documents("shop", objects.settings(node_access=access))[FILE]
        assert f'description = "Node ports in use, from {cidr}"' in text


def test_what_comes_with_its_group_goes_without_saying() -> None:
    """Hundreds of ports are one line; the nodes that get the group are named."""
    ports = [rule(number, "create") for number in range(30000, 30100)]
    found = told(group("create"), plans.change(BINDING, "create"), *ports)
    assert found.effects == ("creates security group of the nodes", "gives it to node node-1")
    found = told(group("delete"), plans.change(BINDING, "delete"), rule(30080, "delete"))
    assert found.effects == ("removes security group of the nodes", "takes it from node node-1")


def test_guards_let_it_come_and_go() -> None:
    """It is no part of a load balancer; the binding of a node's port is ours to take away."""
    assert judged(group("create"), rule(30080, "create"), plans.change(BINDING, "create")) == []
    assert judged(group("delete"), rule(30080, "delete"), plans.change(BINDING, "delete")) == []
    assert judged(rule(30080, "delete"), rule(30081, "create")) == []


def test_another_trees_group_is_left_alone() -> None:
    """Whose it is its tags say."""
    other = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff"]
    assert judged(group("update", before={"tags": other})) == [Guard.OWNERSHIP]
    assert judged(group("delete", before={"tags": []})) == [Guard.OWNERSHIP]
    assert judged(group("update")) == []


def test_a_group_of_somebodys_own_file_is_not_taken_for_ours() -> None:
    """What a person adds to a stack is theirs, and is told by its address."""
    mine = plans.change("openstack_networking_secgroup_v2.mine", "update")
    assert judged(mine) == []
    assert told(mine).about == "Other resources"
    binding = "openstack_networking_port_secgroup_associate_v2.mine"
    assert judged(plans.change(binding, "delete")) == [Guard.DELETE]


def test_no_load_balancer_hides_behind_its_name() -> None:
    """Only what the module has is of a node access."""
    found = policy.named("module.node_access.openstack_lb_loadbalancer_v2.lb_shop_web")
    assert (found.service, found.of_nodes) == (None, False)
    assert policy.named(BINDING).port == "node-1"
    assert policy.named(GROUP).of_nodes


def test_upsert_only_closes_nothing() -> None:
    """That guard allows no destroy at all."""
    settings = plans.SETTINGS.model_copy(update={"guards": config.Guards(write="upsert-only")})
    verdict = policy.check(
        plans.plan(rule(30080, "delete")),
        manifest=TREE,
        settings=settings,
        allowed=policy.Allowed(),
    )
    assert [one.about for one in verdict.refusals] == ["Node access"]
    assert "allows no delete: node port tcp-30080" in verdict.refusals[0].what


def test_a_plan_of_some_services_has_it() -> None:
    """A new Service whose neighbour is kept out would find its node ports closed."""
    engine = terraform.Engine("/bin/terraform", terraform.Product.TERRAFORM, "1.11.4")
    entries = (plans.entry("shop/web"), plans.entry("shop/api"))
    only = frozenset({plans.key("shop/web")})
    part = scope.Part(entries, terraform.State(), only, node_access=True)
    assert part.asked(engine, refresh=True).targets[-1] == "module.node_access"
    held = terraform.State("l", instances=(terraform.Instance(GROUP, "", "1"),))
    part = scope.Part(entries, held, only)
    assert part.asked(engine, refresh=True).targets[-1] == "module.node_access"
    part = scope.Part(entries, terraform.State(), only)
    assert "module.node_access" not in part.asked(engine, refresh=True).targets
