"""`tfgen render` as a person types it: what it prints, where, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import cli
from tfgen.reconcile import render as reconcile

SETTINGS = f"""\
cluster: demo
tree: 3f9c1a2b4d5e6f70
network:
  subnet_id: {objects.SUBNET}
  floating_networks: [{{name: public}}]
"""
WEB = "infra/stacks/shop/lb_shop_web.tf"
BAD = {"sessionAffinity": "sticky"}


class Shell:
    """A folder with tfgen.yaml, and what commands printed in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        (folder / "tfgen.yaml").write_text(SETTINGS)

    def input(self, *services: objects.Json, nodes: int = 3) -> None:
        """Write input.json."""
        items = [*services, *objects.nodes(nodes)]
        document = {"apiVersion": "v1", "kind": "List", "items": items}
        (self.folder / "input.json").write_text(json.dumps(document))

    def render(self, *arguments: str) -> tuple[int, str, str]:
        """Run `tfgen render --from input.json`: exit code, stdout, stderr."""
        return self.run("render", "--from", "input.json", *arguments)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command: exit code, stdout, stderr."""
        code = cli.app.run(list(arguments))
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err.replace(str(self.folder), ".")

    def json(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run `tfgen render` with --format json: exit code, document."""
        code, out, _ = self.render("--format", "json", *arguments)
        document: dict[str, Any] = json.loads(out)
        return code, document


@pytest.fixture
def shell(folder: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Stand in a folder with settings and one Service."""
    made = Shell(folder, capsys)
    made.input(objects.service("shop/web"))
    return made


def test_it_says_what_it_did_on_stderr(shell: Shell) -> None:
    """Results are on stdout; without --diff there is none."""
    assert shell.render() == (
        0,
        "",
        "./infra: 1 Service in 1 stack; 12 files changed in stacks shop\n",
    )
    assert shell.render() == (0, "", "./infra: 1 Service in 1 stack; nothing changed\n")


def test_a_diff_is_a_result(shell: Shell) -> None:
    """It goes to stdout, as `patch` reads it."""
    shell.render()
    shell.input(objects.service("shop/web"), nodes=4)
    code, out, _ = shell.render("--diff")
    assert code == 0
    assert (
        out
        == """\
--- a/stacks/shop/facts.auto.tfvars.json
+++ b/stacks/shop/facts.auto.tfvars.json
@@ -4,6 +4,7 @@
       "node-1": {"address": "10.0.0.11"}
     , "node-2": {"address": "10.0.0.12"}
     , "node-3": {"address": "10.0.0.13"}
+    , "node-4": {"address": "10.0.0.14"}
     }
   }
 , "node_ports": {
"""
    )


def test_a_check_writes_nothing(shell: Shell) -> None:
    """Exit code 2 where the tree is stale, 0 where it is not."""
    assert shell.render("--check") == (
        2,
        "",
        "./infra: 1 Service in 1 stack; 12 files would change in stacks shop\n",
    )
    assert not (shell.folder / "infra").exists()
    shell.render()
    assert shell.render("--check")[0] == 0


def test_held_services_are_told_and_are_exit_code_4(shell: Shell) -> None:
    """Everything else was done; --allow-held makes it 0."""
    shell.input(objects.service("shop/web", **BAD), objects.service("shop/api"))
    told = (
        'held: Service shop/web: spec.sessionAffinity is "sticky"; expected None or ClientIP. '
        "Correct it.\n"
        "./infra: 1 Service in 1 stack, 1 held; 12 files changed in stacks shop\n"
    )
    assert shell.render() == (4, "", told)
    assert shell.render("--allow-held")[0] == 0
    assert shell.render("--check", "--allow-held")[0] == 0


def test_a_refusal_is_exit_code_3(shell: Shell) -> None:
    """What and what to type, once, and nothing is written."""
    shell.input(*(objects.service(f"shop/s{number}") for number in range(9)))
    shell.render()
    shell.input(objects.service("shop/s0"))
    code, out, err = shell.render()
    assert (code, out) == (3, "")
    assert err == (
        "tfgen: 8 of 9 Services are gone from the input: shop/s1, shop/s2, shop/s3, shop/s4, "
        "shop/s5, ...; at most 2 may go at once (guards.max_removals)\n"
        "Is the input whole, and of the right cluster? If they are meant to go: "
        "--allow-removals 8\n"
    )
    assert shell.render("--allow-removals", "8")[0] == 0


def test_one_service_is_rendered_alone_on_request(shell: Shell) -> None:
    """--service, from an input that holds it alone."""
    shell.input(*(objects.service(f"shop/s{number}") for number in range(9)))
    shell.render()
    shell.input(objects.service("shop/s0", sessionAffinity="ClientIP"))
    code, out, _ = shell.render("--service", "shop/s0", "--diff")
    assert code == 0
    assert '+    persistence = "SOURCE_IP"' in out


def test_json_is_one_document(shell: Shell) -> None:
    """Schema and version, changes, Services, problems; for programs, so nothing else on stdout."""
    shell.input(objects.service("shop/web"), objects.service("shop/bad", **BAD))
    code, document = shell.json()
    assert code == 4
    assert (document["schema"], document["schema_version"]) == ("tfgen.render", 1)
    assert document["stacks"] == ["shop"]
    assert {"path": WEB.removeprefix("infra/"), "change": "created"} in document["files"]
    assert document["services"] == [
        {
            "service": "shop/web",
            "stack": "shop",
            "file": WEB.removeprefix("infra/"),
            "state": "rendered",
            "ports": ["tcp-80"],
        }
    ]
    assert document["never_rendered"] == ["shop/bad"]
    assert document["problems"] == [
        {
            "service": "shop/bad",
            "field": "spec.sessionAffinity",
            "found": '"sticky"',
            "expected": "None or ClientIP",
            "remedy": "Correct it.",
        }
    ]


def test_json_says_what_changed_and_what_went(shell: Shell) -> None:
    """Each file with what happens to it."""
    shell.input(objects.service("shop/a"), objects.service("shop/web"), objects.service("shop/c"))
    shell.render()
    shell.input(objects.service("shop/a", sessionAffinity="ClientIP"), objects.service("shop/c"))
    _, document = shell.json("--check")
    assert {file["path"]: file["change"] for file in document["files"]} == {
        "stacks/shop/facts.auto.tfvars.json": "changed",
        "stacks/shop/lb_shop_a.tf": "changed",
        "stacks/shop/lb_shop_web.tf": "removed",
        "tfgen-manifest.json": "changed",
    }
    assert (document["stale"], document["gone"]) == (True, ["shop/web"])


def test_what_goes_and_who_agreed_is_said(shell: Shell) -> None:
    """A line for each Service that goes and for each consent, in text as in JSON."""
    shell.input(*(objects.service(f"shop/s{number}") for number in range(4)))
    shell.render()
    shell.input(objects.service("shop/s0"), objects.service("shop/s1"))
    _, _, told = shell.render("--allow-removals", "2", "--check")
    gone = "its file goes, and with the next apply its load balancer"
    agreed = (
        "2 of 4 Services are gone from the input: shop/s2, shop/s3; at most 1 may go at once "
        "(guards.max_removals): agreed to by --allow-removals 2"
    )
    assert told.splitlines()[:3] == [
        f"agreed: The input: {agreed}",
        f"gone: Service shop/s2: {gone}",
        f"gone: Service shop/s3: {gone}",
    ]
    _, document = shell.json("--allow-removals", "2", "--check")
    assert document["consents"] == [{"about": "The input", "text": agreed}]


def test_sync_says_who_agreed_too(shell: Shell) -> None:
    """Nodes that a person let go are named, before any engine is asked."""
    shell.render()
    shell.input(objects.service("shop/web"), nodes=1)
    _, _, told = shell.run("sync", "--from", "input.json", "--allow-removals", "2")
    assert told.startswith("agreed: The input: 2 of 3 nodes do not count any more: node-2, node-3;")


def test_an_error_is_a_json_document_too(shell: Shell) -> None:
    """With its exit code, what and remedy."""
    code, document = shell.json("--service", "shop/nobody")
    assert code == 1
    assert (document["schema"], document["schema_version"]) == ("tfgen.error", 1)
    assert document["error"]["code"] == 1
    assert document["error"]["what"].startswith("--service shop/nobody")
    assert document["error"]["remedy"]


USAGE: list[tuple[list[str], str]] = [
    (["render", "--no-such-flag"], "No such option"),
    (["render", "--service", "web"], "'web' is not NAMESPACE/NAME"),
    (["render", "--allow-protected", "a/b/c"], "'a/b/c' is not NAMESPACE/NAME"),
    (["render", "--allow-removals", "-1"], "greater than or equal to 0"),
    (["render", "--format", "yaml"], "'yaml' is not text or json"),
    (["rendre"], "No such command 'rendre'"),
]


@pytest.mark.parametrize(("arguments", "told"), USAGE)
def test_wrong_usage_is_exit_code_64(shell: Shell, arguments: list[str], told: str) -> None:
    """The message names the flag; the help is a command away."""
    code, out, err = shell.run(*arguments)
    assert (code, out) == (64, "")
    assert told in err
    assert "Try: tfgen" in err


def test_wrong_usage_is_json_on_request(shell: Shell) -> None:
    """Whoever reads JSON reads it here as well."""
    code, out, _ = shell.run("render", "--format", "json", "--no-such-flag")
    assert code == 64
    assert json.loads(out)["error"]["code"] == 64


def test_a_hand_edit_is_shown(shell: Shell) -> None:
    """The kept edit follows the problem, so that nobody has to look for it."""
    shell.render()
    edited = (shell.folder / WEB).read_text().replace("port             = 80", "port = 81")
    (shell.folder / WEB).write_text(edited)
    code, out, err = shell.render()
    assert (code, out) == (4, "")
    assert "-  port             = 80\n+  port = 81\n" in err
    _, document = shell.json()
    assert "+  port = 81" in document["edits"]


def test_a_long_edit_is_cut(shell: Shell) -> None:
    """A screenful is shown, unless all is asked for."""
    shell.render()
    text = (shell.folder / WEB).read_text()
    (shell.folder / WEB).write_text(text + "".join(f"# {number}\n" for number in range(100)))
    assert "... 66 more lines (--diff shows all)\n" in shell.render()[2]
    assert "more lines" not in shell.render("--diff")[2]


def test_nothing_in_a_message_orders_the_terminal_about(shell: Shell) -> None:
    """Names, values and hand edits come from others: escape sequences are shown as `?`."""
    evil = "\x1b[2J\x1b]0;owned\x07\u202e"
    shell.input(
        objects.service("shop/web", annotations={f"tfgen.io/{evil}": evil}, sessionAffinity=evil),
        objects.service("shop/b", ports=evil),
    )
    code, out, err = shell.render()
    assert (code, out) == (4, "")
    assert err.replace("\n", "").isprintable()
    assert "owned" in err


def test_an_edit_in_a_diff_orders_nothing_about(shell: Shell) -> None:
    """Neither does what someone wrote into a file."""
    shell.render()
    with (shell.folder / WEB).open("a") as file:
        file.write("# \x1b[2Jx\u202ey\n")
    for printed in shell.render("--overwrite-edited", "--diff", "--check")[1:]:
        assert printed.replace("\n", "").isprintable()


def test_awaited_node_ports_are_said(shell: Shell) -> None:
    """Manifests from Git have none; the message says what brings them."""
    shell.input(objects.service("shop/web", ports=[{"port": 80}]), nodes=0)
    code, _, err = shell.render("--intent-only")
    assert code == 0
    assert "awaiting facts: node ports or nodes of shop/web; tfgen sync fills them in\n" in err


def test_notices_are_said(shell: Shell) -> None:
    """They hold nothing back."""
    shell.render()
    (shell.folder / "tfgen.yaml").write_text(SETTINGS.replace("public", "other"))
    code, _, err = shell.render()
    assert code == 0
    assert err.startswith("notice: Service shop/web: keeps floating_network 'public', not 'other'")


def test_many_stacks_are_counted_not_listed(shell: Shell) -> None:
    """The last line stays a line."""
    shell.input(*(objects.service(f"team-{number}/web") for number in range(8)))
    assert shell.render()[2].endswith(
        "in stacks team-0, team-1, team-2, team-3, team-4 and 3 more\n"
    )


def test_the_tree_can_be_elsewhere(shell: Shell) -> None:
    """--out wins over the setting."""
    assert shell.render("--out", "elsewhere")[0] == 0
    assert (shell.folder / "elsewhere/tfgen-manifest.json").is_file()
    assert not (shell.folder / "infra").exists()


def test_every_flag_has_a_variable(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in `TFGEN_CHECK=true`."""
    monkeypatch.setenv("TFGEN_CHECK", "true")
    monkeypatch.setenv("TFGEN_FROM", "input.json")
    assert shell.run("render")[0] == 2
    assert not (shell.folder / "infra").exists()


def test_an_unforeseen_error_is_a_bug_with_its_log(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The screen stays readable; the traceback lies in a file of its owner."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    def fails(*_: object) -> None:
        raise RuntimeError("of another kind")

    monkeypatch.setattr(reconcile, "render", fails)
    code, out, err = shell.render()
    assert (code, out) == (1, "")
    assert err.startswith("tfgen: a bug: RuntimeError: of another kind\nPlease report it with ")
    (log,) = tmp_path.glob("tfgen-bug-*.log")
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_an_interruption_is_exit_code_130(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was under way, scripts can tell."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reconcile, "render", interrupted)
    assert shell.render()[0] == 130
