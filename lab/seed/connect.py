"""Connections as the users that a fresh laboratory is given."""

from typing import cast

import openstack
from openstack.connection import Connection
from openstack.identity.v3._proxy import Proxy as Identity

from lab import topology
from lab.ports import Port
from lab.settings import Settings


def connect(settings: Settings, user: str) -> Connection:
    """Connect as one of the laboratory's users, in the project of the same name."""
    return openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_url=f"{settings.url(Port.KEYSTONE)}/v3",
        username=user,
        password=f"{user}-secret",
        project_name=user,
        user_domain_name="Default",
        project_domain_name="Default",
        region_name=topology.REGION,
    )


def identity(connection: Connection) -> Identity:
    """Give Keystone's API; our Keystone has version 3 only."""
    return cast("Identity", connection.identity)
