"""A poster that is killed at any step leaves a ledger from which the next goes on: nothing twice, nothing lost."""

from __future__ import annotations

import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.post.connectors_under_test import UNDER_TEST, UnderTest
from tests.post.dying_poster import STEPS
from tests.post.office import Office, confirmed, totals
from tests.post.servers.base import Fault, serving

INVOICES = {f"I{n}": f"{100 + n}.00" for n in range(8)}
PAID = [*list(INVOICES.items())[1:], ("I0", "40.00"), ("I0", "60.00")]
ROOT = Path(__file__).parent.parent.parent


def killed(folder: Path, url: str, system: str, step: str, number: int) -> int:
    """Run a poster that dies; return how it ended."""
    command = [sys.executable, "-m", "tests.post.dying_poster", str(folder), url, system, step, str(number)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode


def a_company_that_is_killed(
    folder: Path, kills: list[tuple[str, int]], case: UnderTest = UNDER_TEST[0], *, is_faulty: bool = False
) -> int:
    """Post with kills, then to the end; return how many kills struck. Holds the server against the ledger."""
    server = case.server({invoice: Decimal(total) for invoice, total in INVOICES.items()})
    with serving(server) as served:
        office = Office(folder, served.url, case.system, batch_postings_max=4)
        office.decides(*PAID, invoices=INVOICES)
        if is_faulty:
            served.fault_of = lambda number, _: Fault.RESET_AFTER if number % 5 == 0 else None
        struck = sum(killed(folder, served.url, case.system, *kill) == -9 for kill in kills)
        assert confirmed(office.posts()) == len(PAID)
        assert server.paid() == totals(PAID)
        assert len(server.standing()) == len(PAID)
        assert office.posts().differences.is_empty()
    return struck


@pytest.mark.parametrize("step", STEPS)
def test_a_poster_that_dies_at_a_step_again_and_again_posts_all_in_the_end(tmp_path, step):
    numbers = (1, 2, 3) if "commit" in step else (1, 3)

    assert a_company_that_is_killed(tmp_path, [(step, number) for number in numbers]) == len(numbers)


def test_a_poster_that_dies_at_any_moment_under_faults_posts_all_in_the_end(tmp_path):
    chance = random.Random(7)
    kills = [("whenever", chance.randint(5, 120)) for _ in range(6)]

    assert a_company_that_is_killed(tmp_path, kills, is_faulty=True) >= 3


@pytest.mark.parametrize("case", UNDER_TEST[1:], ids=lambda case: case.system)
def test_a_poster_to_any_system_that_dies_around_sending_posts_all_in_the_end(tmp_path, case):
    kills = [("while sending", 2), ("after sending", 3), ("before commit", 3)]

    assert a_company_that_is_killed(tmp_path, kills, case) == len(kills)


def test_a_second_poster_is_told_who_holds_the_ledger(tmp_path):
    from reconcile.errors import LedgerBusy

    script = (
        "import sys; from pathlib import Path; from reconcile.ledger import open_ledger\n"
        "with open_ledger(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    office = Office(tmp_path, "http://127.0.0.1:9")
    office.decides(*PAID, invoices=INVOICES)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(office.path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LedgerBusy, match=str(holder.pid)):
            office.posts()
        holder.stdin.close()
