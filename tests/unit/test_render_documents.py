"""The files of the tree: what stands in them, and that they are the same for the same values."""

from dataclasses import replace
from typing import Any

import hcl2
import jinja2
import pytest

from tests.fakes import objects
from tfgen import data, hcl, model, render, translate
from tfgen.render import templates

READABLE = hcl2.utils.SerializationOptions(strip_string_quotes=True)
L = "loadbalancer.openstack.org/"
INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"


def load_balancer(**spec: Any) -> model.LoadBalancer:  # noqa: ANN401  any field of a Service
    """Translate a Service."""
    context = translate.Context(objects.settings(), {})
    listing = objects.listing([objects.service("shop/web", **spec)])
    (made,) = translate.translate(listing, context).load_balancers
    return made


def parsed(lb: model.LoadBalancer) -> dict[str, Any]:
    """Render a Service's file, and read it with a parser of HCL."""
    found: dict[str, Any] = hcl2.loads(render.service_document(lb), serialization_options=READABLE)
    return found


def block(kind: str, lb: model.LoadBalancer) -> dict[str, Any]:
    """Give the first resource of a kind, or None."""
    blocks = next(r[kind] for r in parsed(lb)["resource"] if kind in r)
    found: dict[str, Any] = blocks["lb_shop_web"]
    return found


def test_every_argument_of_a_load_balancer_is_explicit() -> None:
    """What is left out later would never be reset."""
    assert block("openstack_lb_loadbalancer_v2", load_balancer()) == {
        "name": "demo_shop_web",
        "description": "Kubernetes Service shop/web of cluster demo",
        "admin_state_up": True,
        "loadbalancer_provider": "amphora",
        "flavor_id": None,
        "availability_zone": None,
        "vip_network_id": None,
        "vip_subnet_id": objects.SUBNET,
        "tags": [
            "tfgen",
            "tfgen_cluster=demo",
            "tfgen_service=shop_web",
            "tfgen_tree=3f9c1a2b4d5e6f70",
        ],
        "lifecycle": [{"prevent_destroy": True, "__is_block__": True}],
        "timeouts": [{"create": "20m", "update": "10m", "delete": "10m", "__is_block__": True}],
        "__is_block__": True,
    }


def test_ports_are_chained() -> None:
    """Each port waits for the one before it: siblings would race into 409s."""
    ports = [objects.port(80), objects.port(443), objects.port(53, "UDP")]
    modules = [next(iter(m.items())) for m in parsed(load_balancer(ports=ports))["module"]]
    assert {name: found["depends_on"] for name, found in modules} == {
        "lb_shop_web_tcp-80": [],
        "lb_shop_web_tcp-443": ["${module.lb_shop_web_tcp-80}"],
        "lb_shop_web_udp-53": ["${module.lb_shop_web_tcp-443}"],
    }


def test_an_internal_load_balancer_has_no_floating_ip() -> None:
    """Its address is the VIP."""
    made = parsed(load_balancer(annotations={INTERNAL: "true"}))
    assert [next(iter(resource)) for resource in made["resource"]] == [
        "openstack_lb_loadbalancer_v2",
        "terraform_data",
    ]
    address = made["output"][0]["lb_shop_web"]["value"]["address"]
    assert address == "${openstack_lb_loadbalancer_v2.lb_shop_web.vip_address}"


@pytest.mark.parametrize("internal", [True, False])
def test_the_revision_is_noted_last(*, internal: bool) -> None:
    """What is applied is noted once the last port and the floating IP stand, and put out then."""
    annotations = {INTERNAL: str(internal).lower()}
    lb = load_balancer(annotations=annotations, ports=[objects.port(80), objects.port(443)])
    made = parsed(lb)
    note = made["resource"][-1]["terraform_data"]["lb_shop_web"]
    floating_ip = ["${openstack_networking_floatingip_v2.lb_shop_web}"] * (not internal)
    assert note["depends_on"] == ["${module.lb_shop_web_tcp-443}", *floating_ip]
    assert note["input"] == render.revision(render.service_document(lb))
    found = made["output"][0]["lb_shop_web"]["value"]["revision"]
    assert found == "${terraform_data.lb_shop_web.output}"


def test_another_revision_for_whatever_the_cloud_is_asked() -> None:
    """The revision follows everything in the file that reaches the cloud, and nothing else."""
    web = load_balancer()
    again, open_to_fewer = replace(web), load_balancer(loadBalancerSourceRanges=["192.0.2.0/24"])
    unlocked, moved = replace(web, address_may_change=True), replace(web, node_group="other")
    revisions = [
        render.revision(render.service_document(each))
        for each in (web, again, open_to_fewer, unlocked, moved)
    ]
    assert revisions[0] == revisions[1]
    assert len(set(revisions)) == 4


def test_a_file_of_an_older_tfgen_has_no_revision() -> None:
    """It is read as having none."""
    assert render.revision('output "lb_shop_web" {\n  value = {}\n}\n') == ""


def test_consent_opens_the_lifecycle_of_both() -> None:
    """Load balancer and floating IP may then be destroyed; the pool's name is never compared."""
    free = replace(load_balancer(), address_may_change=True)
    kinds = ("openstack_lb_loadbalancer_v2", "openstack_networking_floatingip_v2")
    lifecycles = [block(kind, free)["lifecycle"][0] for kind in kinds]
    assert [found["prevent_destroy"] for found in lifecycles] == [False, False]
    assert lifecycles[1]["ignore_changes"] == ["pool"]


def test_a_file_says_where_it_comes_from() -> None:
    """The header names the Service and carries the digest of what follows."""
    text = render.service_document(load_balancer())
    parts = render.strip(text)
    assert parts
    assert parts.origin == "Service shop/web"
    assert parts.digest == render.body_digest(parts.body)
    assert not parts.edited
    assert text.endswith("}\n")


def test_the_stack_documents_differ_by_their_backend_alone() -> None:
    """All stacks share versions, provider and variables."""
    one, two = (render.stack_documents(name, objects.settings()) for name in ("one", "two"))
    assert {path.removeprefix("stacks/one/") for path in one} == {
        "backend.tf",
        "providers.tf",
        "variables.tf",
        "versions.tf",
    }
    for path, text in one.items():
        other = two[path.replace("one", "two")]
        assert (text == other) is ("backend" not in path or "terraform.tfstate" in text)


BACKENDS: list[tuple[dict[str, Any], str]] = [
    ({}, 'backend "local" {\n    path = "terraform.tfstate"\n  }'),
    ({"type": "local", "config": {"path": "../x.tfstate"}}, 'path = "../x.tfstate"'),
    (
        {"type": "s3", "config": {"bucket": "b", "key": "tfgen/{cluster}/{stack}.tfstate"}},
        'backend "s3" {\n    bucket = "b"\n    key    = "tfgen/demo/shop.tfstate"\n  }',
    ),
    (
        {"type": "s3", "config": {"key": "{stack}", "endpoints": {"s3": "https://h/{stack}"}}},
        'key = "shop"\n    endpoints = {\n      s3 = "https://h/shop"\n    }',
    ),
    ({"type": "http", "config": {"address": "https://h/{stack}", "retry_max": 3}}, "retry_max = 3"),
    ({"type": "pg", "config": {"schema_name": "{stack}", "x": ["{stack}"]}}, '"shop",\n    ]'),
    ({"type": "pg", "config": {"schema_name": '{stack}"${x}'}}, r'schema_name = "shop\"$${x}"'),
]


@pytest.mark.parametrize(("backend", "text"), BACKENDS)
def test_a_backend_has_this_stacks_own_key(backend: dict[str, Any], text: str) -> None:
    """{cluster} and {stack} are filled in, however deep; values are quoted like all others."""
    documents = render.stack_documents("shop", objects.settings(backend=backend))
    assert text in documents["stacks/shop/backend.tf"]


def test_the_provider_names_the_region_and_nothing_else() -> None:
    """Cloud and credentials come from the environment."""
    documents = render.stack_documents("s", objects.settings(openstack={"region": "R1"}))
    assert 'provider "openstack" {\n  region = "R1"\n}' in documents["stacks/s/providers.tf"]
    assert (
        "region = null" in render.stack_documents("s", objects.settings())["stacks/s/providers.tf"]
    )


def test_modules_are_copied_whole_under_our_header() -> None:
    """The tree is complete by itself: a pipeline needs nothing of tfgen's installation."""
    made = render.module_documents()
    source = data.folder("modules") / "octavia_port"
    assert set(made) == {f"modules/octavia_port/{path.name}" for path in source.glob("*.tf")}
    for path, text in made.items():
        parts = render.strip(text)
        assert parts
        assert parts.body == (source / path.rpartition("/")[2]).read_text()


def test_templates_decide_nothing() -> None:
    """Flat templates: no loops, no conditions, no macros, no filters; one expression a value."""
    for template in data.folder("templates").glob("*.j2"):
        text = template.read_text()
        assert "{%" not in text.replace("{%{", ""), template.name
        assert "|" not in text.replace("||", ""), template.name


def test_rendering_is_jinja2s_own() -> None:
    """The quicker context changes nothing."""
    values = {"type": "s3", "arguments": {"key": "a${b}"}}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(data.folder("templates")),
        finalize=hcl.literal,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  it is HCL
    )
    wanted = environment.get_template("backend.tf.j2").render(values)
    assert templates.render("backend", values) == wanted


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    """Never an empty text in its place."""
    with pytest.raises(jinja2.UndefinedError, match="'address' is undefined"):
        templates.render("output", {})
