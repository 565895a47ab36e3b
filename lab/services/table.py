"""The one table of services."""

from lab.services import basis, cloud, cluster, dataplane, rival
from lab.services.record import Service
from lab.settings import Settings

FACTORIES = (
    basis.mariadb,
    basis.epmd,
    basis.rabbitmq,
    cloud.keystone,
    cloud.neutron,
    cloud.barbican,
    cloud.octavia,
    cloud.octavia_worker,
    cluster.etcd,
    cluster.kube_apiserver,
    cluster.node_ports,
    dataplane.nodes,
    dataplane.agent,
    rival.occm,
)


def services(settings: Settings) -> dict[str, Service]:
    """All services of a laboratory, by name, in the order in which they are shown."""
    return {service.name: service for service in (factory(settings) for factory in FACTORIES)}
