"""What of the project a Service may point at: nothing but what the settings open to its namespace.

Whoever may write a Service could else take the traffic or the certificate of any other one.
"""

import fnmatch

from tfgen import config, model
from tfgen.translate import values

_ALL = "*"


def may(settings: config.Settings, namespace: str, target: str) -> bool:
    """Whether Services of a namespace may point at an object, by id, address or reference."""
    return any(
        _means(each.id, target)
        and any(fnmatch.fnmatchcase(namespace, pattern) for pattern in each.namespaces)
        for each in settings.attach
    )


def check(
    reader: values.Reader,
    service: model.ServiceKey,
    settings: config.Settings,
    field: str,
    target: str,
) -> bool:
    """Note, under the name of the field, that a Service may not point at an object."""
    allowed = may(settings, service.namespace, target)
    if not allowed:
        reader.wrong(
            field,
            target,
            f"what Services of namespace {service.namespace} may point at (setting attach)",
            f"Add it there: attach: [{{id: {target}, namespaces: [{service.namespace}]}}].",
        )
    return allowed


def _means(said: str, target: str) -> bool:
    """Whether a setting means an object; of a reference the last part is its id."""
    return said == _ALL or _plain(said) in {_plain(target), _plain(target.rpartition("/")[2])}


def _plain(text: str) -> str:
    return text.lower().replace("-", "")
