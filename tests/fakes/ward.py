"""A Service that stands in a workshop, and what `tfgen repair` needs to mend it."""

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tests.fakes.hospital import SINCE, Hospital
from tests.fakes.workshop import Workshop
from tfgen import errors, model, policy
from tfgen.reconcile import apply, plan, repair

WEB = model.ServiceKey("shop", "web")
_NOTHING = policy.Allowed()
_AT = datetime.fromisoformat(SINCE).replace(tzinfo=UTC)


@dataclass
class Heard:
    """Hears what is said, and agrees or not."""

    agrees: bool = True
    said: list[str] = field(default_factory=list)
    choices: list[repair.Choice] = field(default_factory=list)
    plans: list[plan.Plans] = field(default_factory=list)
    reports: list[apply.Report] = field(default_factory=list)
    questions: int = 0

    def say(self, text: str) -> None:
        """Hear how far things are."""
        self.said.append(text)

    def found(self, choice: repair.Choice) -> None:
        """Hear what would be done, and be asked."""
        self.choices.append(choice)
        self._ask()

    def planned(self, plans: plan.Plans, *, ask: bool) -> None:
        """Hear what was planned."""
        self.plans.append(plans)
        if ask:
            self._ask()

    def applied(self, report: apply.Report) -> None:
        """Hear what was applied."""
        self.reports.append(report)

    def _ask(self) -> None:
        self.questions += 1
        if not self.agrees:
            raise errors.TfgenError("nothing was done")


@dataclass
class Ward:
    """Where a Service stands, or does not."""

    place: Workshop
    sky: Hospital
    heard: Heard = field(default_factory=Heard)
    minutes: float = 1
    """Since Octavia last changed anything."""

    @property
    def lb(self) -> str:
        """Give the id of the load balancer in the state."""
        found = self.place.work.stack("shop").state().instances
        return next(each.id for each in found if each.type == "openstack_lb_loadbalancer_v2")

    def half_made(self) -> None:
        """Leave no more in the state than a load balancer whose creation failed."""
        path = self.place.tree.stack("shop") / "terraform.tfstate"
        state = json.loads(path.read_text())
        kind = "openstack_lb_loadbalancer_v2"
        state["resources"] = [one for one in state["resources"] if one["type"] == kind]
        state["resources"][0]["instances"][0]["status"] = "tainted"
        path.write_text(json.dumps({**state, "outputs": {}}))

    @property
    def address(self) -> str:
        """Give what the state says that it answers on."""
        [found] = self.place.work.stack("shop").state().addresses("shop")
        return found.address

    def repair(
        self,
        owner: model.Owner = WEB,
        *,
        cure: repair.Cure | None = None,
        discard: str = "",
        dry_run: bool = False,
        allowed: policy.Allowed = _NOTHING,
    ) -> repair.Outcome:
        """Repair it, as a command would."""
        self.sky.asked.clear()
        now = datetime.fromtimestamp(_AT.timestamp() + 60 * self.minutes, UTC)
        ends = repair.Ends(self.sky, self.sky, poll=0, now=lambda: now)
        wanted = repair.Asked(cure, discard, dry_run=dry_run, allowed=allowed)
        return repair.repair(self.place.work, ends, owner, wanted, self.heard)

    @property
    def changed(self) -> list[str]:
        """What was changed in Octavia past the engine."""
        return [each for each in self.sky.asked if not each.startswith("status")]


def empty(folder: Path, *, internal: bool = False) -> Ward:
    """Make a workshop whose Service shop/web is rendered and not applied."""
    sky = Hospital(folder=folder)
    place = Workshop(folder, sky=sky)
    place.engine.behave(fake.Behaviour(cloud=str(sky.file)))
    place.tree.render(rendered.load_balancer("shop/web", internal=internal))
    return Ward(place, sky)


def standing(folder: Path, like: Path) -> Ward:
    """Make a workshop whose Service shop/web stands: a copy of one in which it was applied."""
    made = empty(folder)
    shutil.copytree(like / "infra", folder / "infra", dirs_exist_ok=True)
    return made


def applied(folder: Path, *, internal: bool = False) -> Path:
    """Make a workshop in which it was applied, to be copied."""
    made = empty(folder, internal=internal)
    made.place.plan()
    assert not made.place.apply().failures
    return folder
