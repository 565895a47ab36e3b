"""The rival on this laboratory: the OpenStack cloud controller manager (OCCM)."""

import dataclasses

from lab import config, say, start
from lab.seed import networks
from lab.services import table
from lab.settings import Settings
from lab.software import go
from lab.supervision import Supervisor


def up(settings: Settings, reporter: say.Reporter, workers: int) -> None:
    """Run OCCM, with so many Services worked on at once; a running one is started anew if need be.

    It serves every Service of type LoadBalancer without a loadBalancerClass.
    """
    settings = dataclasses.replace(settings, occm_workers=workers)
    start.up(settings, reporter)
    if text := go.OCCM.build(settings.log / "build-occm.log"):
        reporter.line(text)
    subnet, public = networks.ids(settings)
    text = config.render(settings, "cloud.conf", subnet=subnet, floating_network=public)
    config.write(settings.etc / "cloud.conf", text)
    services = table.services(settings)
    supervisor = Supervisor(settings)
    supervisor.apply(services.values())
    reporter.line(start.start(supervisor, services["occm"]) or "occm was up")


def down(settings: Settings) -> None:
    """Stop OCCM. What it made in OpenStack stays."""
    Supervisor(settings).stop("occm")
