"""The soak's operations: drawn by a seed, written as Services, ended, and noted."""

import json
from pathlib import Path
from random import Random

from tests.fakes import soaked as web
from tests.soak import draw, wishes
from tests.soak.report import Journal
from tests.soak.spec import Spec
from tests.soak.step import Step
from tests.soak.wishes import Operation, Wishes


def drawn(seed: int, count: int) -> tuple[list[Operation], list[Wishes]]:
    """Draw operations, as a soak does, without a laboratory."""
    random, now = Random(seed), Wishes()  # noqa: S311  to be drawn again
    done: list[Operation] = []
    stages: list[Wishes] = []
    for _ in range(count):
        done.append(draw.operation(random, now))
        now = wishes.after(now, done[-1])
        stages.append(now)
    return done, stages


def test_a_seed_draws_the_same_again() -> None:
    """Operations are a function of the seed; a shorter soak is the begin of a longer one."""
    once, _ = drawn(7, 300)
    again, _ = drawn(7, 200)
    assert once[:200] == again
    assert once != drawn(8, 300)[0]


def test_every_kind_is_drawn() -> None:
    """Two thousand operations hold each kind, and one pass in about ten."""
    done, _ = drawn(1, 2000)
    kinds = {each.kind for each in done}
    plain = draw.KINDS.keys() - {"edit", "move"}
    assert plain <= kinds
    assert {"edit-ports", "edit-sources", "edit-method", "join", "leave"} <= kinds
    passes = [each for each in done if not each.target or each.kind == "rebuild"]
    assert 0.05 < len(passes) / len(done) < 0.2


def test_what_is_drawn_can_be() -> None:
    """Two nodes always count, and no two Services of a group ask for one port."""
    _, stages = drawn(3, 2000)
    for now in stages:
        assert len(now.counting) >= 2
        for name, spec in now.services.items():
            assert spec.ports
            assert not now.taken(name, spec.group) & set(spec.ports)


def test_a_service_as_it_is_written() -> None:
    """A patch takes away what a Service does not say any more."""
    spec = Spec(ports=(80,), delay=0, protect=True)
    said = spec.manifest(web.SITE, "web")["metadata"]["annotations"]
    assert said["loadbalancer.openstack.org/enable-health-monitor"] == "false"
    assert said["tfgen.io/protect"] == "true"
    patched = Spec().patch()["metadata"]["annotations"]
    assert patched["tfgen.io/protect"] is None
    assert patched["loadbalancer.openstack.org/health-monitor-delay"] == "5"


def test_the_end_of_a_soak() -> None:
    """Whatever was drawn, the last operations mend all of it, and leave no Service."""
    for seed in range(20):
        now = drawn(seed, 150)[1][-1]
        ended = now
        for operation in wishes.ending(now):
            if operation.kind == "delete":
                assert not any(spec.bad or spec.protect for spec in ended.services.values())
                assert wishes.RIVAL not in ended.foreign
            ended = wishes.after(ended, operation)
        assert not ended.services
        assert not ended.edited
        assert not ended.errored
        assert ended.nodes == wishes.BEGUN


def test_the_journal(tmp_path: Path) -> None:
    """Each step is a line of JSON; the table counts operations, codes and hindrances."""
    journal = Journal(tmp_path / "soak" / "journal.jsonl")
    journal.begin(seed=1)
    journal.note(1, web.step(web.GOOD, web.passed(code=4, output="held: ...")), 2.5, [])
    edit = Operation("edit-file", "web")
    journal.note(
        2,
        Step(edit, web.WISHES, web.MEMORY, web.GOOD, web.GOOD, idle="no file"),
        0.1,
        ["code: broken"],
    )
    journal.note(3, web.step(web.GOOD, web.passed(code=-9, hindered="tfgen killed")), 1.0, [])
    first, second, third, _ = map(json.loads, journal.path.read_text().splitlines())
    assert first == {"seed": 1}
    assert second["passes"][0] | {"output": ""} == {
        "words": ["run"],
        "code": 4,
        "seconds": 1.0,
        "hindered": "",
        "output": "",
    }
    assert (third["target"], third["idle"], third["broken"]) == ("web", "no file", ["code: broken"])
    table = journal.table()
    for line in ("edit-file           1             1", "run 4                   1"):
        assert line in table
    assert "tfgen killed                 1" in table
    assert table.endswith("3 operations; longest pass 1.0 s: run")
