from lab import calls
from lab.settings import Settings

POST = '[24/Nov/2026:03:00:00 +0000] "POST /v2.0/lbaas HTTP/1.1" 201 15500 "gophercloud/v2.8.0"\n'
GET = '[24/Nov/2026:03:00:00 +0000] "GET /v2.0/ports?a="b" HTTP/1.1" 200 5210 "octavia (x) "y""\n'


def test_only_what_is_made_meanwhile_counts(settings: Settings) -> None:
    """Calls before and after are not counted."""
    settings.log.mkdir(parents=True)
    octavia = settings.log / "octavia-access.log"
    octavia.write_text(POST)
    with calls.count(settings) as made, octavia.open("a") as file:
        file.write(POST + GET + "a line that is none\n")
    octavia.write_text(POST * 9)
    assert made["octavia"] == 2
    assert made["neutron"] == 0
    assert made.total() == 2
    assert made.by_method("octavia") == {"POST": 1, "GET": 1}
    assert made.by_agent("octavia") == {"gophercloud/v2.8.0": 1, 'octavia (x) "y"': 1}


def test_a_call_has_everything(settings: Settings) -> None:
    """Method, path, status, time in seconds and client are read off the line."""
    settings.log.mkdir(parents=True)
    log = settings.log / "octavia-access.log"
    log.write_text(POST)
    (call,) = calls.read("octavia", log, 0)
    assert call == calls.Call("octavia", "POST", "/v2.0/lbaas", 201, 0.0155, "gophercloud/v2.8.0")
