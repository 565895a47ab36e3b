"""Intent files read back: what `render` writes is what is read, whatever the values."""

from dataclasses import replace

from tests.fakes import rendered
from tfgen import model, render
from tfgen.inspection import written


def intent(load_balancer: model.LoadBalancer) -> written.Intent:
    """Render a load balancer, and read its file."""
    return written.read(render.service_document(load_balancer))


def allowing(load_balancer: model.LoadBalancer, *cidrs: str) -> model.LoadBalancer:
    """Give the load balancer with other source ranges."""
    ports = tuple(replace(port, allowed_cidrs=cidrs) for port in load_balancer.ports)
    return replace(load_balancer, ports=ports)


def test_ports_and_their_values_are_read() -> None:
    """Each port stands under its key, nested values under dotted names, lists joined."""
    found = intent(allowing(rendered.load_balancer("shop/web", 80, 443), "10.0.0.0/8", "::/0"))
    assert sorted(found.ports) == ["tcp-443", "tcp-80"]
    port = found.ports["tcp-443"]
    assert port["port"] == "443"
    assert port["pool.lb_method"] == "ROUND_ROBIN"
    assert port["monitor.delay"] == "5"
    assert port["timeouts.client_data"] == "50000"
    assert port["allowed_cidrs"] == "10.0.0.0/8, ::/0"
    assert found.sources == ("10.0.0.0/8", "::/0")


def test_a_port_that_cannot_be_limited_is_open_to_all() -> None:
    """Where Octavia is told nothing about sources, everyone may connect."""
    found = intent(allowing(rendered.load_balancer("shop/web")))
    assert found.ports["tcp-80"]["allowed_cidrs"] == "null"
    assert found.sources == ("0.0.0.0/0",)


def test_load_balancer_and_floating_ip_are_read() -> None:
    """Root resources are read by their kind; an internal one has no floating IP."""
    found = intent(rendered.load_balancer("shop/web"))
    assert found.balancer["name"] == "demo_shop_web"
    assert found.balancer["lifecycle.prevent_destroy"] == "true"
    assert found.floating_ip["pool"] == "public"
    assert intent(rendered.load_balancer("shop/web", internal=True)).floating_ip == {}


def test_text_of_a_service_is_read_as_text() -> None:
    """A description with braces, brackets and quotes neither opens nor closes anything."""
    nasty = 'a "quoted" ${x} }\n] = {'
    found = intent(replace(rendered.load_balancer("shop/web"), description=nasty))
    assert "quoted" in found.balancer["description"]
    assert found.ports["tcp-80"]["monitor.delay"] == "5"


def test_what_has_another_form_is_passed_over() -> None:
    """A file without our header says nothing."""
    assert written.read("resource x {}\n") == written.Intent()


def test_the_same_file_has_no_changes() -> None:
    """Nothing differs between a file and itself."""
    found = intent(rendered.load_balancer("shop/web", 80, 443))
    assert written.changes(found, found) == ()


def test_changes_name_port_value_before_and_after() -> None:
    """A change says where it is, what was and what will be; a new port is one line."""
    before = rendered.load_balancer("shop/web", 80, 8080)
    after = allowing(rendered.with_ports(before, 80, 443), "192.0.2.0/24")
    assert written.changes(intent(before), intent(after)) == (
        "port tcp-443 is new",
        "port tcp-8080 goes",
        "tcp-80 allowed_cidrs: 0.0.0.0/0 -> 192.0.2.0/24",
    )


def test_ports_that_change_alike_are_one_line() -> None:
    """What changes for several ports in the same way is said once."""
    before = rendered.load_balancer("shop/web", 80, 443)
    assert written.changes(intent(before), intent(allowing(before, "192.0.2.0/24"))) == (
        "tcp-443, tcp-80 allowed_cidrs: 0.0.0.0/0 -> 192.0.2.0/24",
    )


def test_many_changes_are_counted() -> None:
    """Of many changes the first are said and the others counted."""
    before = rendered.load_balancer("shop/web")
    after = replace(before, name="x", description="y", tags=("z",), member_subnet_id="m")
    found = written.changes(intent(before), intent(after))
    assert len(found) == 4
    assert found[-1].startswith("and ")
