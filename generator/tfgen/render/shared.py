"""The files that Services share: a few a stack, and the modules."""

from typing import Any

from tfgen import config, data
from tfgen.render import header, templates

_MODULES = ("octavia_port",)
NODE_ACCESS_FILE = "node_access.tf"
"""What opens the node ports of a stack, by its name there."""


def stack_documents(
    stack: str, settings: config.Settings, *, serves: bool = True
) -> dict[str, str]:
    """Render what is the same in every stack but for names in it, by path in the tree.

    The group of a stack that serves nothing would keep its state from ever being empty.
    """
    documents = {
        "versions.tf": _render("versions"),
        "providers.tf": _render("providers", region=settings.openstack.region or None),
        "variables.tf": _render("variables"),
        "backend.tf": _backend(stack, settings),
    }
    if settings.node_access.enabled and serves:
        documents[NODE_ACCESS_FILE] = _node_access(stack, settings)
    return {
        f"stacks/{stack}/{name}": header.add("tfgen.yaml", body) for name, body in documents.items()
    }


def module_documents(*, node_access: bool = False) -> dict[str, str]:
    """Give the modules that the stacks call, by path in the tree."""
    names = (*_MODULES, "node_access") if node_access else _MODULES
    return {
        f"modules/{name}/{path.name}": header.add(f"its module {name}", path.read_text())
        for name in names
        for path in sorted((data.folder("modules") / name).glob("*.tf"))
    }


def access_name(stack: str, settings: config.Settings) -> str:
    """Name the security group of a stack's node ports."""
    return f"{settings.cluster}_{stack}_nodes"


def _node_access(stack: str, settings: config.Settings) -> str:
    """Render a security group; its description tells from where, so that a change of that shows."""
    access = settings.node_access
    tags = ("tfgen", f"tfgen_cluster={settings.cluster}", f"tfgen_tree={settings.tree}")
    return _render(
        "node_access",
        name=access_name(stack, settings),
        description=f"Node ports in use, from {access.member_cidr}",
        cidr=access.member_cidr,
        ports=dict(sorted(access.node_ports.items())),
        tags=tags,
    )


def _backend(stack: str, settings: config.Settings) -> str:
    """Render the backend block; {cluster} and {stack} in its values are filled in."""
    names = {"{cluster}": settings.cluster, "{stack}": stack}
    arguments = {key: _fill(value, names) for key, value in settings.backend.config.items()}
    if settings.backend.type == "local":
        arguments.setdefault("path", "terraform.tfstate")
    return _render("backend", type=settings.backend.type, arguments=arguments)


def _fill(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401  as in tfgen.yaml
    if isinstance(value, dict):
        return {key: _fill(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, names) for inner in value]
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace(name, text)
    return value


def _render(template: str, /, **values: Any) -> str:  # noqa: ANN401  whatever HCL has a form for
    return templates.render(template, values)
