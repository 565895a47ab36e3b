import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tests.fakes.workshop import Workshop
from tfgen import cloud, config, errors, manifest, model, policy, terraform
from tfgen.reconcile import apply, plan, work

WEB = model.ServiceKey("shop", "web")


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop with two Services in two stacks, rendered and planned."""
    place = Workshop(tmp_path)
    place.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("blog/www"))
    place.plan()
    return place


def objects(shop: Workshop, stack: str) -> int:
    """Count the objects in a stack's state."""
    return len(shop.work.stack(stack).state().instances)


def test_what_was_planned_is_applied(shop: Workshop) -> None:
    """Saved plans are applied, addresses are known, and the plans are used up."""
    report = shop.apply()
    assert report.code is errors.ExitCode.DONE
    assert sorted(report.stacks) == ["blog", "shop"]
    assert [address.service for address in report.stacks["shop"].addresses] == [WEB]
    assert not list(shop.tree.root.rglob("*.tfplan*"))
    again = shop.apply()
    assert (again.stacks, again.code) == ({}, errors.ExitCode.DONE)


def test_nothing_is_applied_without_a_plan(shop: Workshop) -> None:
    """A stack that has no saved plan is left as it is."""
    (shop.tree.stack("blog") / "tfgen.tfplan").unlink()
    assert list(shop.apply().stacks) == ["shop"]
    assert objects(shop, "blog") == 0


def test_what_a_guard_refuses_is_not_applied(shop: Workshop) -> None:
    """The guards judge a saved plan once more, and stop its stack and no other."""
    do = replace(shop.work, published=frozenset({WEB}))
    report = apply.apply(do, apply.prepare(do, ("blog", "shop"), policy.Allowed()))
    assert [(one.guard, one.service) for one in report.verdict.refusals] == [
        (policy.Guard.VANISHED, WEB)
    ]
    assert (list(report.stacks), report.code) == (["blog"], errors.ExitCode.REFUSED)
    assert objects(shop, "shop") == 0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lb_shop_web.tf", "the stack's files"),
        ("../../modules/octavia_port/main.tf", "the modules"),
        (".terraform.lock.hcl", "the provider lock"),
        ("tfgen.tfplan", "the plan file itself"),
    ],
)
def test_what_was_read_is_what_runs(shop: Workshop, path: str, words: str) -> None:
    """A plan whose files have changed since is refused, and what changed is named."""
    with (shop.tree.stack("shop") / path).open("ab") as file:
        file.write(b"\n# changed\n")
    report = shop.apply("shop")
    assert isinstance(report.failures["shop"], errors.Refused)
    assert words in str(report.failures["shop"])
    assert report.code is errors.ExitCode.REFUSED
    assert objects(shop, "shop") == 0


def test_a_stop_while_stacks_are_applied_lets_no_other_begin(shop: Workshop) -> None:
    """The file is looked for before each stack; saved plans stay for later."""
    do = shop.work
    prepared = apply.prepare(do, do.manifest.stacks, policy.Allowed())
    (shop.folder / "tfgen.stop").write_text("ask Ada", encoding="utf-8")
    report = apply.apply(do, prepared)
    assert "tfgen.stop says: ask Ada" in str(report.failures["shop"])
    assert (report.stacks, report.code) == ({}, errors.ExitCode.REFUSED)
    (shop.folder / "tfgen.stop").unlink()
    assert sorted(shop.apply().stacks) == ["blog", "shop"]


def test_another_cloud_since(shop: Workshop) -> None:
    """A plan made for one region is not applied in another."""
    shop.sky.region = "RegionTwo"
    report = shop.apply()
    assert "the region" in str(report.failures["shop"])
    assert report.stacks == {}


def test_a_node_joined_meanwhile(shop: Workshop) -> None:
    """Facts that moved on make a plan anew, which goes on where its effect is the same."""
    nodes = {**rendered.NODES, "node-3": "10.0.0.13"}
    shop.tree.facts("shop", nodes, [rendered.load_balancer("shop/web")])
    report = shop.apply()
    assert report.stacks["shop"].anew
    assert not report.stacks["blog"].anew
    assert report.code is errors.ExitCode.DONE
    assert not shop.plan().saved


def test_the_state_moved_on_with_the_same_effect(shop: Workshop) -> None:
    """A state with another serial makes a plan anew; it goes on where its effect is the same."""
    shop.apply()
    shop.tree.render(rendered.load_balancer("shop/web", 80, 81), rendered.load_balancer("blog/www"))
    shop.plan()
    state = shop.tree.stack("shop") / "terraform.tfstate"
    state.write_text(state.read_text().replace('"serial": 1', '"serial": 5'))
    assert shop.apply().stacks["shop"].anew


def test_the_state_moved_on_with_another_effect(shop: Workshop) -> None:
    """Where the new plan would do something else than what was approved, it is refused."""
    shop.apply()
    shop.tree.render(rendered.load_balancer("shop/web", 80, 81))
    shop.plan()
    state = shop.tree.stack("shop") / "terraform.tfstate"
    text = state.read_text().replace('"serial": 1', '"serial": 5')
    state.write_text(text.replace('"connection_limit": -1', '"connection_limit": 7'))
    report = shop.apply("shop")
    assert "a new one does something else" in str(report.failures["shop"])
    assert report.code is errors.ExitCode.REFUSED
    assert not list(shop.tree.stack("shop").glob("*.tfplan*"))


def test_guards_look_once_more(shop: Workshop) -> None:
    """A plan that passed when it was made is still refused when the guards say no at its apply."""
    shop.settings = shop.settings.model_copy(update={"guards": config.Guards(stop=True)})
    report = shop.apply()
    assert {refusal.guard for refusal in report.verdict.refusals} == {policy.Guard.STOP}
    assert report.code is errors.ExitCode.REFUSED
    assert objects(shop, "shop") == 0


def test_one_fails_the_others_go_on(shop: Workshop) -> None:
    """A stack that fails in the middle does not keep another from its end."""
    shop.engine.behave(fake.Behaviour(fail="lb_blog_www_tcp-80.openstack_lb_pool"))
    report = shop.apply()
    assert list(report.stacks) == ["shop"]
    failure = report.failures["blog"]
    assert isinstance(failure, terraform.CommandFailed)
    assert report.code is errors.ExitCode.PARTIAL
    shop.engine.behave(fake.Behaviour())
    shop.plan()
    assert shop.apply().code is errors.ExitCode.DONE
    assert not shop.plan().saved


def test_a_stack_without_services_goes_when_it_is_empty(shop: Workshop) -> None:
    """A stack whose last Service went is emptied first; then its folder and its entry go."""
    shop.apply()
    shop.tree.render(rendered.load_balancer("blog/www"))
    allowed = policy.Allowed(removals=1)
    plans = plan.plan(shop.work, plan.Options(allowed=allowed))
    [change] = plans.stacks["shop"].changes
    assert "removes load balancer" in change.effects
    report = shop.apply(allowed=allowed)
    assert report.removed == ("shop",)
    assert not shop.tree.stack("shop").exists()
    assert manifest.loads((shop.tree.root / manifest.FILE).read_text()).stacks == ("blog",)
    assert shop.work.manifest.services.keys() == {model.ServiceKey("blog", "www")}


def test_what_went_is_forgotten_once_its_stack_is_applied(shop: Workshop) -> None:
    """Until then its stack is remembered: a Service that returns finds its load balancer there."""
    old, kept = model.ServiceKey("shop", "old"), model.ServiceKey("blog", "old")
    remembered = replace(shop.work.manifest, gone={old: "shop", kept: "blog"})
    (shop.tree.root / manifest.FILE).write_text(manifest.dumps(remembered))
    shop.apply("shop")
    assert shop.work.manifest == replace(remembered, gone={kept: "blog"})


def test_a_stack_without_services_stays_while_it_has_a_state(shop: Workshop) -> None:
    """Nothing is ever lost by removing a folder: what is in a state keeps it."""
    shop.apply()
    shop.tree.render(rendered.load_balancer("blog/www"))
    report = shop.apply()
    assert report.removed == ()
    assert objects(shop, "shop") == 7


def test_a_stale_plan_that_cannot_be_made_again(shop: Workshop) -> None:
    """Where planning again fails, or is forbidden, nothing is applied."""
    shop.apply()
    shop.tree.render(rendered.load_balancer("shop/web", 80, 81))
    shop.plan()
    state = shop.tree.stack("shop") / "terraform.tfstate"
    moved = state.read_text().replace('"serial": 1', '"serial": 5')
    state.write_text(moved.replace("11111111-1111", "99999999-1111"))
    report = shop.apply("shop")
    assert "Instance cannot be destroyed" in str(report.failures["shop"])
    assert report.code is errors.ExitCode.ERROR


def test_a_stale_plan_that_has_nothing_left_to_do(shop: Workshop) -> None:
    """Where somebody else has applied the same meanwhile, there is nothing to apply."""
    nodes = {**rendered.NODES, "node-3": "10.0.0.13"}
    web = rendered.load_balancer("shop/web")
    shop.apply()
    shop.tree.facts("shop", nodes, [web])
    shop.plan()
    shop.tree.facts("shop", rendered.NODES, [web])
    report = shop.apply("shop")
    assert (report.stacks, report.failures) == ({}, {})
    assert not list(shop.tree.root.rglob("*.tfplan*"))


def test_a_plan_that_is_replaced_while_it_is_read(shop: Workshop) -> None:
    """What was shown is what runs: another plan in its place is refused."""
    do = shop.work
    prepared = apply.prepare(do, ("shop",), policy.Allowed())
    shop.tree.render(rendered.load_balancer("shop/web", 80, 81), rendered.load_balancer("blog/www"))
    shop.plan()
    report = apply.apply(do, prepared)
    assert "was replaced" in str(report.failures["shop"])
    assert objects(shop, "shop") == 0


class Impatient(work.Nobody):
    """Interrupts once the second object stands."""

    def __init__(self) -> None:
        self.interruption = terraform.Interruption()
        self.done: list[str] = []

    def event(self, stack: str, event: terraform.Event) -> None:
        """Count what is done."""
        if isinstance(event, terraform.Operation) and event.phase is terraform.Phase.COMPLETE:
            self.done.append(f"{stack}: {event.address}")
            if len(self.done) == 2:
                self.interruption.receive(signal.SIGINT)


def test_interrupted(shop: Workshop) -> None:
    """After an interrupt all engines stop, states are saved, and the next run finishes the job."""
    watcher = Impatient()
    shop.engine.behave(fake.Behaviour(seconds=0.1))
    do = replace(shop.work, watcher=watcher, interruption=watcher.interruption, jobs=1)
    report = apply.apply(do, apply.prepare(do, ("blog", "shop"), policy.Allowed()))
    assert report.code is errors.ExitCode.INTERRUPTED
    assert report.stacks == {}
    assert objects(shop, "blog") == len(watcher.done)
    assert objects(shop, "shop") == 0
    assert str(report.failures["shop"]).startswith("stack shop was not begun")
    assert [path.parent.name for path in shop.tree.root.rglob("*.tfplan")] == ["shop"]
    shop.engine.behave(fake.Behaviour())
    shop.plan()
    assert shop.apply().code is errors.ExitCode.DONE
    assert (objects(shop, "blog"), objects(shop, "shop")) == (7, 7)


def test_a_plan_whose_engine_did_nothing_stays(shop: Workshop) -> None:
    """Where somebody holds the state, nothing is done, and the same plan can be applied later."""
    identity = "dd4ffccd-3267-f621-0577-90f8e60a3bf1"
    shop.engine.behave(fake.Behaviour(lock_id=identity))
    failure = shop.apply("shop").failures["shop"]
    folder = shop.tree.stack("shop")
    assert f"terraform -chdir={folder} force-unlock {identity}, then run" in failure.remedy
    assert "Who:       root@other" in failure.what
    assert "-lock=false" not in failure.what
    shop.engine.behave(fake.Behaviour())
    assert list(shop.apply("shop").stacks) == ["shop"]
    assert shop.engine.commands().count("plan") == 2


def test_a_plan_whose_engine_has_begun_is_used_up(shop: Workshop) -> None:
    """After a failure in the middle a new plan is needed, and the remedy says so."""
    shop.engine.behave(fake.Behaviour(fail="lb_shop_web_tcp-80.openstack_lb_pool"))
    failure = shop.apply("shop").failures["shop"]
    assert "`tfgen doctor` looks at credentials, quotas" in failure.remedy
    assert "tfgen plan and tfgen apply, or tfgen run" in failure.remedy
    assert not list(shop.tree.stack("shop").glob("*.tfplan*"))


def test_a_stale_plan_stays_while_it_cannot_be_made_anew(shop: Workshop) -> None:
    """What was approved is not lost because the cloud did not answer for a while."""
    nodes = {**rendered.NODES, "node-3": "10.0.0.13"}
    shop.tree.facts("shop", nodes, [rendered.load_balancer("shop/web")])
    shop.engine.behave(fake.Behaviour(plan_error="Authentication failed"))
    assert "Authentication failed" in str(shop.apply("shop").failures["shop"])
    shop.engine.behave(fake.Behaviour())
    assert shop.apply("shop").stacks["shop"].anew


def test_the_report_outlives_what_fails_after_it(shop: Workshop) -> None:
    """A stack that cannot be removed is a failure of that stack; what was applied is told."""
    shop.apply()
    made = shop.tree.render(rendered.load_balancer("blog/www", 80, 81))
    path = shop.tree.root / manifest.FILE
    path.write_text(manifest.dumps(replace(made, gone={WEB: "shop"})))
    shop.plan(allowed=policy.Allowed(removals=1))
    do = shop.work
    prepared = apply.prepare(do, ("blog", "shop"), policy.Allowed(removals=1))
    path.write_text("cut")
    report = apply.apply(do, prepared)
    assert sorted(report.stacks) == ["blog", "shop"]
    assert list(report.failures) == ["shop"]
    assert report.code is not errors.ExitCode.DONE


def test_a_quota_that_is_full_is_named(shop: Workshop) -> None:
    """Where an engine failed, the quotas of which nothing is left are part of the report."""
    full, other = cloud.Quota("load balancers", 1, 1, 0), cloud.Quota("pools", -1, 5, 5)
    do = replace(shop.work, quotas=lambda: (full, other))
    prepared = apply.prepare(do, ("shop",), policy.Allowed())
    shop.engine.behave(fake.Behaviour(fail="lb_shop_web"))
    assert apply.apply(do, prepared).full == (full,)


def test_quotas_that_cannot_be_read_are_no_failure(shop: Workshop) -> None:
    """A cloud that does not answer any more costs the hint, not the report."""

    def away() -> tuple[cloud.Quota, ...]:
        raise errors.CloudError("Octavia does not answer")

    do = replace(shop.work, quotas=away)
    prepared = apply.prepare(do, ("shop",), policy.Allowed())
    shop.engine.behave(fake.Behaviour(fail="lb_shop_web"))
    report = apply.apply(do, prepared)
    assert (list(report.failures), report.full) == (["shop"], ())


class Spoils(work.Nobody):
    """Lets the engine print nonsense once something was done."""

    def __init__(self, engine: fake.FakeTerraform) -> None:
        self._engine = engine

    def event(self, stack: str, event: terraform.Event) -> None:
        """Spoil what comes after."""
        if stack == "shop" and isinstance(event, terraform.Operation):
            self._engine.behave(fake.Behaviour(nonsense="state pull"))


def test_what_is_applied_is_told_as_such(shop: Workshop) -> None:
    """An apply whose state cannot be read back is not taken for one that failed."""
    do = replace(shop.work, watcher=Spoils(shop.engine))
    report = apply.apply(do, apply.prepare(do, ("shop",), policy.Allowed()))
    failure = report.failures["shop"]
    assert failure.what.startswith("stack shop is applied; its state could not be read afterwards")
    assert report.full == ()
