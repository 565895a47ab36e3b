"""What goes, what stays, and whose it is."""

import pytest

from tests.e2e.sites import Site
from tests.faults import ground as grounds
from tests.faults import whole
from tests.faults.fault import Fault
from tests.faults.ground import Ground

pytestmark = pytest.mark.faults


def serve(ground: Ground, name: str, **annotations: str) -> str:
    """Serve one more Service; its address."""
    keys = {f"tfgen.io/{key}": value for key, value in annotations.items() if key == "protect"}
    if "keep" in annotations:
        keys["loadbalancer.openstack.org/keep-floatingip"] = annotations["keep"]
    ground.apply(ground.service(name, annotations=keys))
    ground.tfgen("run", "--yes")
    ground.addresses[name] = ground.external_ip(name)
    return ground.addresses[name]


def delete(ground: Ground, name: str) -> None:
    """Delete a Service in the cluster."""
    ground.kubectl("delete", "service", name, "-n", ground.name)
    del ground.addresses[name]


def test_the_last_service_of_a_stack(ground: Ground, fault: Fault) -> None:
    """The last Service of a stack is deleted: the stack stays until its state is empty."""
    ground.extra = {"TFGEN_STACKS__MAX_SERVICES": "1"}
    serve(ground, "leaver")
    ground.extra = {}
    stack = ground.stack("leaver")
    delete(ground, "leaver")
    fault.does("kubectl delete service; then render, plan and apply")
    ground.tfgen("render")
    assert (stack / "terraform.tfstate").is_file()
    ground.tfgen("plan")
    assert "leaver" in whole.bound(ground)
    fault.mended()
    fault.told(ground.tfgen("apply", "--yes"), f"{ground.name}/leaver")
    assert not stack.exists()
    assert "leaver" not in whole.bound(ground)
    fault.whole()


def test_an_address_that_is_kept(ground: Ground, fault: Fault) -> None:
    """A Service whose floating IP is to be kept is deleted."""
    address = serve(ground, "kept", keep="true")
    delete(ground, "kept")
    fault.does("keep-floatingip is true, and the Service is deleted")
    fault.mended()
    fault.told(ground.tfgen("run", "--yes"), f"{ground.name}/kept")
    kept = ground.openstack.network.find_ip(address, ignore_missing=False)
    assert kept.port_id is None
    assert kept.id not in whole.known(ground)
    ground.openstack.network.delete_ip(kept)
    fault.whole()


def test_a_protected_service(ground: Ground, fault: Fault) -> None:
    """A protected Service is deleted in the cluster."""
    address = serve(ground, "safe", protect="true")
    ground.kubectl("delete", "service", "safe", "-n", ground.name)
    fault.does("tfgen.io/protect is true, and the Service is deleted")
    done = ground.tfgen("run", "--yes", code=4)
    fault.told(done, "tfgen.io/protect", "--allow-protected")
    assert whole.bound(ground)["safe"] == address
    assert ground.balancer("safe").provisioning_status == "ACTIVE"
    ground.apply(ground.service("safe", annotations={"tfgen.io/protect": "true"}))
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()
    ground.kubectl("annotate", "service", "safe", "-n", ground.name, "tfgen.io/protect-")
    ground.tfgen("run", "--yes")
    delete(ground, "safe")
    ground.tfgen("run", "--yes")
    whole.check(ground)


@pytest.mark.quick
def test_objects_with_our_names(ground: Ground, fault: Fault) -> None:
    """Others have objects with our names: a Service of that name comes, and goes."""
    fault.does("a load balancer, a listener and a floating IP with the names and words of ours")
    strange = [key for key, words in ground.foreign.items() if ground.name in words]
    assert len(strange) == 3
    serve(ground, "guest")
    delete(ground, "guest")
    fault.mended()
    fault.told(ground.tfgen("run", "--yes"), f"{ground.name}/guest")
    assert set(strange) <= set(grounds.foreign(ground))
    fault.whole()


@pytest.mark.quick
def test_two_trees_of_one_cluster(
    ground: Ground, fault: Fault, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A second tree is begun with the name of a cluster that has load balancers."""
    before = whole.traces(ground)
    second = Site(ground.lab, tmp_path_factory.mktemp("second"), ground.name, ground.cloud)
    second.init()
    fault.does("tfgen init, render and run in an empty folder, with the same cluster name")
    done = second.tfgen("run", "--yes", code=3)
    fault.told(done, "has load balancers of another tree", "from Git")
    assert whole.traces(ground) == before
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()
