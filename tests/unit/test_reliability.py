"""The page that a run of the fault suite writes, and the comparison of its rows with the tests."""

from pathlib import Path

import pytest

from tools import docs, reliability

RECORD = reliability.Record(
    theme="A cloud that fails",
    test="test_an_api_that_fails[503]",
    fault="Octavia answers with errors.",
    done=("Octavia answers 503 to everything",),
    told=(("Octavia at URL (cloud demo) failed: a | b", 1),),
    lost="nothing",
    seconds=8.4,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one fault test, and the page of its run."""
    (tmp_path / reliability.TESTS).mkdir(parents=True)
    test = tmp_path / reliability.TESTS / "test_outages.py"
    test.write_text("def test_an_api_that_fails(): ...\ndef helper(): ...\n")
    (tmp_path / "docs").mkdir()
    page = reliability.page([RECORD], "on 2026-11-26, 2 cores")
    (tmp_path / reliability.PAGE).write_text(page)
    return tmp_path


def test_a_record_is_a_row_of_its_theme(root: Path) -> None:
    """A row says fault, deed, message with exit code, loss, seconds and test."""
    page = (root / reliability.PAGE).read_text()
    row = (
        "| Octavia answers with errors | Octavia answers 503 to everything "
        "| 1: `Octavia at URL (cloud demo) failed: a \\| b` | nothing | 8 "
        "| `test_an_api_that_fails[503]` |"
    )
    assert row in page.partition("## A cloud that fails\n")[2].splitlines()
    assert "1 faults, on 2026-11-26, 2 cores." in page
    assert page.count("| --- |") == 0


def test_rows_and_tests_are_the_same(root: Path) -> None:
    """Where each test has its row, and each row its test, nothing is amiss."""
    assert reliability.amiss(root) == ()


def test_a_test_without_a_row(root: Path) -> None:
    """A new test wants a run."""
    (root / reliability.TESTS / "test_more.py").write_text("def test_more(): ...\n")
    assert reliability.amiss(root) == (
        "docs/reliability.md: no row of test_more; run: make faults",
    )


def test_a_row_without_a_test(root: Path) -> None:
    """A test that is gone takes its row along."""
    (root / reliability.TESTS / "test_outages.py").unlink()
    [told] = reliability.amiss(root)
    assert "a row of test_an_api_that_fails, which is no test" in told


def test_no_page_at_all(root: Path) -> None:
    """Without the page, every test lacks its row."""
    (root / reliability.PAGE).unlink()
    assert len(reliability.amiss(root)) == 1


def test_the_check_of_pages_says_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tools.docs --check`, which is part of make lint, ends with 1."""
    (root / reliability.PAGE).unlink()
    assert docs.main(["--check"], root) == 1
    assert "no row of test_an_api_that_fails; run: make faults" in capsys.readouterr().out
