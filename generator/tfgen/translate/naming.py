"""What objects in the cloud are called, and the tags by which they are known to be ours."""

from tfgen import config, model


def name(namespace: str, own: str, settings: config.Settings) -> str:
    """Give the Octavia name of what is called so in a namespace, by the settings' template."""
    parts = {"cluster": settings.cluster, "namespace": namespace, "name": own}
    return settings.names.load_balancer.format_map(parts)


def second_name(key: model.ServiceKey, family: model.Family, settings: config.Settings) -> str:
    """Give the Octavia name of a Service's second load balancer: no Service's own holds a `_`."""
    return name(key.namespace, f"{key.name}_{family.lower()}", settings)


def description(service: model.ServiceKey, settings: config.Settings) -> str:
    """Describe what serves one Service."""
    return f"Kubernetes Service {service} of cluster {settings.cluster}"


def tags(owner: model.Owner, settings: config.Settings) -> tuple[str, ...]:
    """Give the tags that say whose object it is; ownership is decided by them alone."""
    kind = "group" if isinstance(owner, model.GroupKey) else "service"
    second = ("tfgen_second",) if isinstance(owner, model.SecondKey) else ()
    return (
        "tfgen",
        f"tfgen_cluster={settings.cluster}",
        *second,
        f"tfgen_{kind}={owner.label}",
        f"tfgen_tree={settings.tree}",
    )
