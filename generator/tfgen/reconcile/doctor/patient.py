"""What is examined: settings, tree, engine, cluster and cloud, each opened when first needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tfgen import config, model, terraform, tree, workspace

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays
    from tfgen.kube import live


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person named on the command line."""

    environ: Mapping[str, str]
    config_file: Path | None = None
    out: Path | None = None
    kubeconfig: Path | None = None
    context: str | None = None
    engine: str | None = None
    twins: config.Twins | None = None
    """Gives the variables of all flags."""


class Patient:
    """Everything that checks look at. Each part may raise what its own door raises."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @cached_property
    def loaded(self) -> config.Loaded:
        """The settings."""
        flags = {"out": str(self.asked.out)} if self.asked.out else {}
        return config.load(
            self.asked.config_file,
            flags=flags,
            environ=self.asked.environ,
            twins=self.asked.twins,
        )

    @property
    def settings(self) -> config.Settings:
        """The settings' values."""
        return self.loaded.settings

    @cached_property
    def snapshot(self) -> tree.Snapshot:
        """The output tree."""
        return workspace.Tree(self.loaded.out).snapshot()

    @cached_property
    def engine(self) -> terraform.Engine:
        """The engine."""
        return terraform.find(self.asked.engine, self.asked.environ)

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The environment that engines get."""
        return config.engine_environment(self.settings, self.asked.environ)

    @cached_property
    def cluster(self) -> "live.Cluster":
        """The cluster."""
        from tfgen.kube import live

        return live.Cluster(self.asked.kubeconfig, self.asked.context)

    @cached_property
    def listing(self) -> model.Listing:
        """All Services and Nodes."""
        return self.cluster.listing()

    @cached_property
    def sky(self) -> "cloud.Cloud":
        """The cloud, logged in."""
        from tfgen import cloud

        return cloud.connect(self.settings, self.asked.environ)

    def stack(self, directory: Path, *, seconds: float) -> terraform.Stack:
        """Give a folder with the engine that drives it, each command bounded in time."""
        limits = terraform.Limits(short=seconds, init=seconds)
        return terraform.Stack(directory, self.engine, self.environment, limits=limits)

    def close(self) -> None:
        """Close what was opened."""
        if "sky" in self.__dict__:
            self.sky.close()
