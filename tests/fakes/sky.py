"""A cloud as far as planning asks it: who we are, and which load balancers stand."""

from dataclasses import dataclass, field

from tfgen import cloud, config, errors, model


@dataclass(slots=True)
class FakeSky:
    """Answers from values; another project is refused as by the real one."""

    project_id: str = "0123456789abcdef0123456789abcdef"
    auth_url: str = "http://127.0.0.1:5000/v3"
    region: str = "RegionOne"
    standing: list[cloud.LoadBalancer] = field(default_factory=list)

    def check_project(self, settings: config.Settings) -> None:
        """Refuse another project."""
        if settings.openstack.project_id != self.project_id:
            raise errors.Refused("another project")

    def identity(self) -> cloud.Identity:
        """Say as which project, where."""
        return cloud.Identity(self.project_id, self.auth_url, self.region)

    def load_balancers_of(self, cluster: str) -> tuple[cloud.LoadBalancer, ...]:
        """List what stands with the tag of one cluster."""
        return tuple(each for each in self.standing if f"tfgen_cluster={cluster}" in each.tags)

    def stands(
        self,
        service: str,
        identity: str = "lb-1",
        status: str = "ACTIVE",
        tree: str = "3f9c1a2b",
    ) -> None:
        """Let a load balancer of a Service stand."""
        key = model.ServiceKey.parse(service)
        tags = ("tfgen_cluster=demo", f"tfgen_service={key.label}", f"tfgen_tree={tree}")
        self.standing.append(
            cloud.LoadBalancer(
                name=f"demo_{key.label}",
                id=identity,
                tags=tags,
                provisioning_status=status,
                operating_status="ONLINE",
                vip_address="10.0.0.9",
                vip_port_id="port-1",
            )
        )
