"""Services that are alike: filled into one text, and the same bytes as rendered alone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import rendered
from tfgen import model, render
from tfgen.render import alike, header

NAMES = ("shop/web", "shop/api", "a/b")


def _all_alike(*found: model.LoadBalancer) -> None:
    for lb in found:
        file = render.service_file(lb)
        parts = header.strip(file.text)
        assert file.text == render.service_document(lb)
        assert parts
        assert (file.digest, file.revision) == (parts.digest, render.revision(file.text))


@pytest.mark.parametrize("internal", [False, True])
def test_a_file_of_a_kind_is_what_is_rendered_alone(internal: bool) -> None:  # noqa: FBT001  a case
    """Names, sources and node ports differ; the first is rendered, the others are filled in."""
    many = [rendered.load_balancer(name, 80, 443, internal=internal) for name in NAMES]
    ports = (replace(many[1].ports[0], allowed_cidrs=("10.0.0.0/8", "192.0.2.0/24")),)
    _all_alike(*many, replace(many[1], ports=(*ports, *many[1].ports[1:])), *many)


def test_a_kind_has_a_text_from_its_second_service_on() -> None:
    """What is met once is rendered once; the text of the others has a gap for each name."""
    first, second, _ = (rendered.load_balancer(name, 8080) for name in NAMES)
    kind = alike.Kind()
    assert kind.forms(first) is None
    forms = kind.forms(second)
    assert forms
    assert {"address", "name", "description", "sources0", "tag3"} <= set(forms[0].names)
    assert "revision" in forms[1].names


@pytest.mark.parametrize(
    "change",
    [
        {"name": 'a"${x}%'},
        {"description": "%s and %(address)s"},
        {"description": "caf\u00e9"},
        {"tags": ("a\nb",)},
        {"tags": ()},
        {"more_tags": ("team=web", "${x}")},
        {"address_may_change": True},
        {"node_group": "100%s"},
    ],
)
def test_odd_texts_are_quoted_as_ever(change: dict[str, Any]) -> None:
    """What HCL would escape is not filled in; percent signs are no gaps."""
    lb = rendered.load_balancer("shop/web")
    odd = [replace(rendered.load_balancer(name), **change) for name in NAMES]
    _all_alike(lb, *odd, lb, *odd)


def test_ports_of_another_kind_are_another_text() -> None:
    """Whatever of a port stands in the file keeps kinds apart: a value more, and none is missed."""
    lb = rendered.load_balancer("shop/web", 80, 443)
    changes: tuple[dict[str, Any], ...] = (
        {"allowed_cidrs": ()},
        {"monitor": None},
        {"timeouts": None},
        {"connection_limit": 7},
        {"persistence": "SOURCE_IP"},
        {"monitor_port": False},
        {"lb_method": "SOURCE_IP"},
        {"protocol": model.Protocol.UDP, "listener_protocol": "UDP", "pool_protocol": "UDP"},
    )
    others = [
        replace(lb, ports=(replace(lb.ports[0], **change), lb.ports[1])) for change in changes
    ]
    _all_alike(lb, lb, *others, *others, lb)
