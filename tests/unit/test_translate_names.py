"""What a Service's load balancer is called in the cloud."""

import pytest

from tests.fakes import objects
from tfgen import model, render, translate

WEB = model.ServiceKey("shop", "web")


def _made(template: str) -> model.LoadBalancer:
    settings = objects.settings(names={"load_balancer": template})
    context = translate.Context(settings, {})
    made = translate.translate(objects.listing([objects.service("shop/web")]), context)
    return made.load_balancers[0]


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{cluster}_{namespace}_{name}", "demo_shop_web"),
        ("k8s {name}.{namespace} ({cluster})", "k8s web.shop (demo)"),
    ],
)
def test_the_settings_say_the_name(template: str, name: str) -> None:
    """Load balancer, and with the port's key all below it, are called by the template."""
    made = _made(template)
    assert made.name == name
    assert f'"{name}_tcp-80"' in render.service_document(made)


def test_a_name_changes_neither_labels_nor_tags() -> None:
    """Terraform's addresses and whose object it is do not hang on a name."""
    plain, other = _made("{cluster}_{namespace}_{name}"), _made("{name}/{namespace}/{cluster}")
    assert (other.tags, other.service.address) == (plain.tags, plain.service.address)
    before, after = render.service_document(plain), render.service_document(other)
    changed = {
        (old.split("=")[0].strip(), new.split("=")[0].strip())
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new and not old.startswith("# tfgen-digest")
    }
    assert changed <= {("name", "name"), ("input", "input")}
