"""What the small OpenStack says of itself: versions of its services, and the catalog in a token."""

from collections.abc import Mapping
from typing import Any, Protocol

Object = dict[str, Any]


class Cloud(Protocol):
    """The part of the cloud that is told."""

    url: str
    region: str
    project_id: str
    octavia_versions: list[str]
    services: list[str]


def versions(cloud: Cloud) -> Mapping[str, Object]:
    """Give the documents of version discovery; none of them needs a token."""

    def version(name: str, path: str, status: str) -> Object:
        links = [{"rel": "self", "href": f"{cloud.url}{path}"}]
        return {"id": name, "status": status, "links": links, "updated": "2016-12-11T00:00:00Z"}

    keystone = version("v3.14", "/identity/v3/", "stable")
    newest = len(cloud.octavia_versions) - 1
    octavia = [
        version(name, "/load-balancer/v2", "CURRENT" if index == newest else "SUPPORTED")
        for index, name in enumerate(cloud.octavia_versions)
    ]
    return {
        "/identity": {"versions": {"values": [keystone]}},
        "/identity/v3": {"version": keystone},
        "/network": {"versions": [version("v2.0", "/network/v2.0/", "CURRENT")]},
        "/load-balancer": {"versions": octavia},
    }


def token(cloud: Cloud) -> Object:
    """Give the token of a user of the project, with the catalog of services."""
    catalog = [
        {
            "id": service,
            "type": service,
            "name": service,
            "endpoints": [
                {
                    "id": f"{service}-public",
                    "interface": "public",
                    "region": cloud.region,
                    "region_id": cloud.region,
                    "url": f"{cloud.url}/{service}",
                }
            ],
        }
        for service in cloud.services
    ]
    domain = {"id": "default", "name": "Default"}
    return {
        "methods": ["password"],
        "expires_at": "2099-01-01T00:00:00.000000Z",
        "issued_at": "2020-01-01T00:00:00.000000Z",
        "user": {"id": "u", "name": "me", "domain": domain},
        "project": {"id": cloud.project_id, "name": "demo", "domain": domain},
        "roles": [{"id": "m", "name": "member"}],
        "catalog": catalog,
    }
