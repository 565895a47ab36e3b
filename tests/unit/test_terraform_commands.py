from tfgen.terraform import commands, process

LINES = commands.Lines("/bin/terraform")


def test_init() -> None:
    """Init never asks, and takes the lock file as it stands where there is one."""
    assert LINES.init(commands.Init(lockfile_readonly=True)) == (
        "/bin/terraform",
        "init",
        "-json",
        "-no-color",
        "-input=false",
        "-lock-timeout=60s",
        "-lockfile=readonly",
    )


def test_init_of_an_old_engine() -> None:
    """An engine whose init speaks no JSON is not asked to; without a lock file one is made."""
    assert LINES.init(commands.Init(lockfile_readonly=False, json=False)) == (
        "/bin/terraform",
        "init",
        "-no-color",
        "-input=false",
        "-lock-timeout=60s",
    )


def test_plan_of_everything() -> None:
    """A plan is always saved, refreshes, and tells by its exit code whether anything changes."""
    assert LINES.plan(commands.Plan(out="tfgen.tfplan")) == (
        "/bin/terraform",
        "plan",
        "-json",
        "-no-color",
        "-input=false",
        "-detailed-exitcode",
        "-lock-timeout=60s",
        "-parallelism=10",
        "-refresh=true",
        "-out=tfgen.tfplan",
    )


def test_plan_of_a_part() -> None:
    """Each target and each exclude is a flag of its own, even where it holds odd characters."""
    asked = commands.Plan(
        out="p",
        refresh=False,
        targets=("module.lb_a_b_tcp-80", "x.y"),
        excludes=("z.w",),
        parallelism=3,
    )
    assert LINES.plan(asked)[7:] == (
        "-parallelism=3",
        "-refresh=false",
        "-target=module.lb_a_b_tcp-80",
        "-target=x.y",
        "-exclude=z.w",
        "-out=p",
    )


def test_apply() -> None:
    """An apply is always of a saved plan."""
    assert LINES.apply("tfgen.tfplan", 10) == (
        "/bin/terraform",
        "apply",
        "-json",
        "-no-color",
        "-input=false",
        "-lock-timeout=60s",
        "-parallelism=10",
        "tfgen.tfplan",
    )


def test_providers_lock() -> None:
    """Hashes are asked for each platform, from a mirror if one is named."""
    assert LINES.providers_lock(("linux_amd64", "darwin_arm64"), None) == (
        "/bin/terraform",
        "providers",
        "lock",
        "-no-color",
        "-platform=linux_amd64",
        "-platform=darwin_arm64",
    )
    assert "-fs-mirror=/mirror" in LINES.providers_lock(("linux_amd64",), "/mirror")


def test_short_commands() -> None:
    """The short commands go through the given runner, each with its own argument list."""
    lines: list[commands.Arguments] = []

    def runner(line: commands.Arguments) -> process.Finished:
        lines.append(line)
        return process.Finished(0, "answer", "")

    short = commands.Short("terraform", runner)
    answers = [
        short.version(),
        short.show("p"),
        short.output(),
        short.state_pull(),
        short.untaint("module.lb_a_b_tcp-80.openstack_lb_pool_v2.this"),
        short.state_rm(["a.b", "c.d"]),
    ]
    assert {answer.stdout for answer in answers} == {"answer"}
    assert lines == [
        ("terraform", "version", "-json"),
        ("terraform", "show", "-json", "-no-color", "p"),
        ("terraform", "output", "-json", "-no-color"),
        ("terraform", "state", "pull", "-no-color"),
        (
            "terraform",
            "untaint",
            "-no-color",
            "-lock-timeout=60s",
            "module.lb_a_b_tcp-80.openstack_lb_pool_v2.this",
        ),
        ("terraform", "state", "rm", "-lock-timeout=60s", "a.b", "c.d"),
    ]
