"""What the soak remembers of addresses, consents, edits, and of what others have."""

from dataclasses import replace

from tests.fakes import soaked as web
from tests.soak import consents, expect
from tests.soak.remember import remember
from tests.soak.seen import Seen
from tests.soak.step import Consent, Step
from tests.soak.wishes import Operation


def test_memory_of_addresses() -> None:
    """An address is learned when it is published, kept while the tree has the Service, then not."""
    learned = remember(web.step(memory=replace(web.MEMORY, addresses={})), ())
    assert learned.addresses == {"web": "172.24.0.9"}
    gone = web.step(web.seen(services={}), web.passed("render"), now=web.GONE, memory=learned)
    assert remember(gone, ()).addresses == {"web": "172.24.0.9"}
    over = web.step(Seen(), now=web.GONE, memory=learned)
    assert remember(over, ()).addresses == {}


def test_memory_of_a_consent() -> None:
    """Who may change address is not judged until it answers where it asked to."""
    agreed = Consent(moved=frozenset({"web"}))
    grouped = replace(web.WISHES, services={"web": replace(web.SPEC, group="front")})
    killed = web.passed(code=-9, hindered="tfgen killed", consent=agreed)
    memory = remember(web.step(web.GOOD, killed, now=grouped), ())
    assert memory.yielded == {"web"}
    assert memory.addresses == {}
    after = web.seen(
        web.balancer(tags=frozenset({f"tfgen_tree={web.TREE}", f"tfgen_group={web.SITE}_front"})),
        entries={"web": replace(web.ENTRY, group="front")},
    )
    settled = remember(web.step(after, now=grouped, memory=memory), ())
    assert settled.yielded == frozenset()
    assert settled.addresses == {"web": "172.24.0.9"}


def test_memory_of_a_consent_that_is_carried_out_at_once() -> None:
    """A run that gives the Service another address is the first that published this one."""
    grouped = replace(web.WISHES, services={"web": replace(web.SPEC, group="front")})
    after = web.seen(
        web.balancer(tags=frozenset({f"tfgen_tree={web.TREE}", f"tfgen_group={web.SITE}_front"})),
        entries={"web": replace(web.ENTRY, group="front")},
        floating_ips=(web.OTHER,),
        services=web.service(address="172.24.0.10"),
        state={**web.IDS, "f1": f"lbgroup_{web.SITE}_front"},
    )
    done = web.step(after, web.passed(consent=Consent(moved=frozenset({"web"}))), now=grouped)
    assert web.told(done) == []
    assert remember(done, ()).addresses == {"web": "172.24.0.10"}


def test_memory_of_what_is_left_over() -> None:
    """What a killed run left is known until it is gone; what comes later is not excused."""
    left = web.seen(web.balancer(), web.STRANGER)
    memory = remember(web.step(left, web.passed(code=-9, hindered="tfgen killed")), ())
    assert memory.loose == {"b2"}
    assert web.told(web.step(left, web.passed("publish"), memory=memory)) == []
    assert remember(web.step(memory=memory), ()).loose == frozenset()


def test_memory_of_kept_floating_ips() -> None:
    """A floating IP that was to be kept is ours no more, and may not be touched from then on."""
    before = web.seen(entries={"web": replace(web.ENTRY, keep=True)})
    free = replace(web.ADDRESS, port_id="")
    after = Seen(balancers=(web.FOREIGN,), floating_ips=(free,), nodes=web.NODES)
    over = web.step(after, before=before, now=web.GONE)
    assert web.told(over) == []
    assert remember(over, ()).kept == {free}


def test_memory_of_what_others_have() -> None:
    """What is planted is remembered as it stood then, and forgotten once it is uprooted."""
    memory = remember(web.step(), ("x1",))
    assert memory.foreign == web.OWN
    assert remember(web.step(memory=memory), ()).foreign == {}


def test_memory_of_an_edit() -> None:
    """A file is edited while it is as it was edited, and holds its Service so long."""
    edit = Operation("edit-file", "web")
    done = Step(edit, web.WISHES, web.MEMORY, web.GOOD, web.seen(files={web.ENTRY.file: "d2"}))
    memory = remember(done, ())
    assert consents.edited(memory, done.after) == {"web"}
    assert consents.edited(memory, web.GOOD) == frozenset()
    assert expect.of(web.step(before=done.after, memory=memory)).held == {"web"}
