"""What stands behind pools in Octavia: chosen nodes, draining ones, and those of more weight."""

import pytest

from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

SELECTOR = "loadbalancer.openstack.org/node-selector"
NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12", "node-3": "10.0.0.13"}


def members(site: Site) -> dict[str, int]:
    """Read the members of the site's one pool: their weights, by address."""
    octavia = site.openstack.load_balancer
    [balancer] = site.load_balancers()
    [pool] = octavia.pools(loadbalancer_id=balancer.id)
    return {member.address: member.weight for member in octavia.members(pool.id)}


@pytest.mark.disruptive
def test_chosen_and_draining_nodes(site: Site) -> None:
    """A selector takes its nodes alone; a node that drains has weight 0, and no intent changes."""
    label = f"{site.name}=edge"
    try:
        site.kubectl("label", "node", "node-1", "node-2", label)
        site.init()
        site.apply(site.service("edge", annotations={SELECTOR: label}))
        site.tfgen("run", "--yes")
        assert members(site) == {NODES["node-1"]: 1, NODES["node-2"]: 1}
        intent = {path: path.read_bytes() for path in site.tree.rglob("*.tf")}

        site.kubectl("annotate", "node", "node-1", "tfgen.io/drain=true")
        site.kubectl("annotate", "node", "node-2", "tfgen.io/weight=5")
        site.tfgen("sync")

        assert members(site) == {NODES["node-1"]: 0, NODES["node-2"]: 5}
        assert {path: path.read_bytes() for path in intent} == intent
        site.tfgen("plan", "--exit-code", code=0)
    finally:
        site.kubectl("annotate", "node", "node-1", "node-2", "tfgen.io/drain-", "tfgen.io/weight-")
        site.kubectl("label", "node", "node-1", "node-2", f"{site.name}-")
