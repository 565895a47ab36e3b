"""The OpenStack cloud controller manager (OCCM), for comparisons. Only on request."""

from lab import ports, probe
from lab.ports import Port
from lab.services.record import Service
from lab.settings import Settings
from lab.software import go


def occm(settings: Settings) -> Service:
    """Give the real OCCM, of its controllers only the one for Services of type LoadBalancer."""
    return Service(
        name="occm",
        version=go.OCCM.version,
        address=ports.address(settings.port, Port.OCCM),
        command=(
            str(go.OCCM.program("openstack-cloud-controller-manager")),
            "--cloud-provider=openstack",
            f"--cloud-config={settings.etc}/cloud.conf",
            f"--kubeconfig={settings.etc}/kubeconfig",
            f"--cluster-name={settings.prefix}",
            f"--concurrent-service-syncs={settings.occm_workers}",
            # Its node controllers would look for the nodes in Nova, and delete them.
            "--controllers=service-lb-controller",
            "--leader-elect=false",
            f"--bind-address={ports.HOST}",
            f"--secure-port={ports.number(settings.port, Port.OCCM)}",
            "--authentication-skip-lookup=true",
            f"--cert-dir={settings.state}/occm",
        ),
        reads=(settings.etc / "cloud.conf",),
        ready=lambda: probe.tcp(ports.number(settings.port, Port.OCCM)),
        after=("kube-apiserver", "neutron", "octavia"),
        optional=True,
    )
