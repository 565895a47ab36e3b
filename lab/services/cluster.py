"""The Kubernetes side: etcd, the API server, and what opens node ports."""

from lab import ports, probe
from lab.cluster import kube
from lab.machines.site import Site
from lab.ports import Port
from lab.services.record import PYTHON, Service, sources
from lab.settings import CHECKOUT, Settings
from lab.software import go


def etcd(settings: Settings) -> Service:
    """One etcd, that does not wait for the disk."""
    client = settings.url(Port.ETCD)
    peer = settings.url(Port.ETCD_PEER)
    return Service(
        name="etcd",
        version=go.module_version(
            (go.KUBERNETES.source / "go.mod").read_text(), "go.etcd.io/etcd/server/v3"
        ),
        address=client,
        command=(
            str(go.KUBERNETES.program("etcd")),
            f"--data-dir={settings.state}/kubernetes/etcd",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
            # The gateway is a client that etcd, when it stops, would wait for in vain: 7 seconds.
            "--enable-grpc-gateway=false",
            "--logger=zap",
            "--log-level=warn",
        ),
        ready=lambda: probe.http_get(ports.number(settings.port, Port.ETCD), "/health"),
        after=("certificates",),
    )


def kube_apiserver(settings: Settings) -> Service:
    """Give the real API server; no kubelet, no scheduler, no controllers."""
    keys = settings.state / "kubernetes"
    url = settings.url(Port.KUBERNETES, scheme="https")
    return Service(
        name="kube-apiserver",
        version=go.KUBERNETES.version,
        address=url,
        command=(
            str(go.KUBERNETES.program("kube-apiserver")),
            f"--etcd-servers={settings.url(Port.ETCD)}",
            f"--bind-address={ports.HOST}",
            f"--secure-port={ports.number(settings.port, Port.KUBERNETES)}",
            f"--tls-cert-file={keys}/api.crt",
            f"--tls-private-key-file={keys}/api.key",
            f"--client-ca-file={keys}/ca.crt",
            f"--service-account-key-file={keys}/service-accounts.pub",
            f"--service-account-signing-key-file={keys}/service-accounts.key",
            f"--service-account-issuer={url}",
            # The first is that of a Service which does not say which family it wants.
            "--service-cluster-ip-range=10.96.0.0/12,fd00:10:96::/112",
            "--authorization-mode=RBAC",
            # TaintNodesByCondition would taint every Node we make as not ready, for there is no
            # controller that takes the taint away.
            "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
        ),
        ready=lambda: kube.Client.of(settings).is_ready(),
        after=("etcd", "certificates"),
    )


def node_ports(settings: Settings) -> Service:
    """Our kube-proxy: Nodes and Services of the cluster become nodes with open ports."""
    return Service(
        name="node-ports",
        version="-",
        address=str(Site(settings.home, settings.prefix).nodes_socket),
        command=(PYTHON, "-m", "lab.cluster.proxy"),
        environment={"PYTHONPATH": str(CHECKOUT)},
        reads=sources("cluster/*.py"),
        ready=lambda: True,
        after=("kube-apiserver", "nodes"),
    )
