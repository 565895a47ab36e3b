"""Everything that a pass over stacks needs, on fakes: a tree, an engine, a cloud."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.fakes import rendered
from tests.fakes import sky as fake_sky
from tests.fakes import terraform as fake
from tfgen import cloud, config, model, policy, terraform
from tfgen.reconcile import apply, known, plan, recover, scope, work


@dataclass
class Workshop:
    """A place in which Services can be planned and applied."""

    folder: Path
    settings: config.Settings = rendered.SETTINGS
    sky: fake_sky.FakeSky = field(default_factory=fake_sky.FakeSky)
    watcher: work.Watcher = field(default_factory=work.Nobody)
    below: recover.Below = field(default_factory=recover.Below)
    """What hangs on each load balancer."""
    others: dict[str, cloud.Standing] = field(default_factory=dict)
    """Load balancers that exist without tfgen, by id."""

    def __post_init__(self) -> None:
        self.engine = fake.install(self.folder / "bin")
        self.tree = rendered.Tree(self.folder / "infra")

    @property
    def work(self) -> work.Work:
        """A pass as it would start now."""
        loaded = config.Loaded(
            settings=self.settings,
            path=self.folder / "tfgen.yaml",
            origins={},
            out=self.tree.root,
        )
        return work.Work(
            loaded=loaded,
            manifest=known.tree(loaded),
            sky=work.look(self.sky, self.settings),
            engine=terraform.find(str(self.engine.path), os.environ),
            environment=dict(os.environ),
            watcher=self.watcher,
            below=lambda _balancer: self.below,
            unsettled=self._unsettled,
            attached=self.others.get,
        )

    def _unsettled(self, ids: frozenset[str]) -> tuple[cloud.LoadBalancer, ...]:
        """Octavia comes to no end with what is PENDING."""
        return tuple(each for each in self.sky.standing if each.id in ids and each.pending)

    def plan(self, *services: str, **options: object) -> plan.Plans:
        """Plan, all or some Services."""
        chosen = frozenset(map(model.ServiceKey.parse, services))
        asked = plan.Options(only=scope.Scope(services=chosen))
        return plan.plan(self.work, replace(asked, **options))  # type: ignore[arg-type]  # a test's shorthand

    def apply(self, *names: str, allowed: policy.Allowed | None = None) -> apply.Report:
        """Apply what was saved."""
        do = self.work
        chosen = names or do.manifest.stacks
        return apply.apply(do, apply.prepare(do, chosen, allowed or policy.Allowed()))

    def bring(self, *services: str) -> None:
        """Render Services, plan and apply them."""
        self.tree.render(*map(rendered.load_balancer, services))
        self.plan()
        report = self.apply()
        assert not report.failures
