"""Users, projects, roles and the catalog."""

from collections.abc import Iterable

from openstack.identity.v3._proxy import Proxy as Identity

from lab import ports, topology
from lab.ports import Port
from lab.seed import connect
from lab.settings import Settings

CATALOG = {
    "neutron": ("network", Port.NEUTRON),
    "octavia": ("load-balancer", Port.OCTAVIA),
    "barbican": ("key-manager", Port.BARBICAN),
}
ROLES = (
    "load-balancer_observer",
    "load-balancer_global_observer",
    "load-balancer_member",
    "load-balancer_quota_admin",
    "load-balancer_admin",
    "creator",
)
PROJECTS = ("demo", "other")
TENANT_ROLES = ("member", "reader", "load-balancer_member", "creator")
APPLICATION = "tfgen"
APPLICATION_PASSWORD = "tfgen-app-secret"  # noqa: S105 - of every laboratory; it protects nothing


def make(settings: Settings) -> str:
    """Make all of it; the id of the demo user's application credential."""
    admin = connect.identity(connect.connect(settings, "admin"))
    for role in ROLES:
        admin.find_role(role) or admin.create_role(name=role)
    service_users(admin)
    catalog(admin, settings)
    grant(admin, "admin", "admin", ["load-balancer_admin"])
    for project in PROJECTS:
        admin.find_project(project) or admin.create_project(name=project, domain_id="default")
        user(admin, project, project)
        grant(admin, project, project, TENANT_ROLES)
    return application_credential(settings)


def user(admin: Identity, name: str, project: str) -> None:
    """Make a user whose password is its name and `-secret`."""
    home = admin.find_project(project, ignore_missing=False)
    admin.find_user(name) or admin.create_user(
        name=name, password=f"{name}-secret", domain_id="default", default_project_id=home.id
    )


def grant(admin: Identity, project: str, user: str, roles: Iterable[str]) -> None:
    """Give a user roles in a project."""
    where = admin.find_project(project, ignore_missing=False)
    who = admin.find_user(user, ignore_missing=False)
    for role in roles:
        what = admin.find_role(role, ignore_missing=False)
        admin.assign_project_role_to_user(where, who, what)


def service_users(admin: Identity) -> None:
    """Make the users as which the services speak to one another."""
    admin.find_project("service") or admin.create_project(name="service", domain_id="default")
    for name in CATALOG:
        user(admin, name, "service")
        grant(admin, "service", name, ["admin", "service"])


def catalog(admin: Identity, settings: Settings) -> None:
    """Say where the services are."""
    for name, (kind, port) in CATALOG.items():
        service = admin.find_service(name) or admin.create_service(name=name, type=kind)
        there = {endpoint.interface for endpoint in admin.endpoints(service_id=service.id)}
        for interface in {"public", "internal", "admin"} - there:
            admin.create_endpoint(
                service_id=service.id,
                interface=interface,
                region_id=topology.REGION,
                url=ports.url(settings.port, port),
            )


def application_credential(settings: Settings) -> str:
    """Make the demo user's application credential anew; its id."""
    demo = connect.connect(settings, "demo")
    mine = str(demo.current_user_id)
    api = connect.identity(demo)
    for old in api.application_credentials(mine):
        api.delete_application_credential(mine, old)
    made = api.create_application_credential(
        mine, APPLICATION, secret=APPLICATION_PASSWORD, unrestricted=True
    )
    return str(made.id)
