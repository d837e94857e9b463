"""`reconcile serve` as a person meets it: a server, schedules that fire, forms in a browser, artifacts, a clean end."""

import datetime as dt
import subprocess
import sys
import time

import httpx
import pytest

from tests.browser import browser
from tests.flows.conftest import settle_in
from tests.flows.serving import free_ports, serving, until

pytestmark = pytest.mark.xdist_group("prefect")


def soon(seconds: int) -> dt.datetime:
    """Return a whole minute that begins after so many seconds at the earliest."""
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds + 59)
    return at.replace(second=0, microsecond=0)


def scheduled(at: dt.datetime, seconds: str = "0") -> str:
    return f'[schedule]\nnight_cron = "{at.minute} {at.hour} * * * {seconds}"\ntime_zone = "UTC"\n'


@pytest.fixture(scope="module")
def due_at():
    return soon(100)


@pytest.fixture(scope="module")
def served(tmp_path_factory, due_at):
    folder = tmp_path_factory.mktemp("office")
    with serving(settle_in(folder, scheduled(due_at)), folder / "prefect") as running:
        yield running


def test_every_flow_is_deployed_with_its_schedule_in_its_time_zone(served, due_at):
    deployments = {each["name"]: each for each in served.call("POST", "/deployments/filter", {})}
    schedule = deployments["nightly"]["schedules"][0]

    assert {"nightly", "a-day-or-a-file", "post-what-waits", "apply-decisions", "report-again"} == set(deployments)
    assert schedule["active"]
    assert schedule["schedule"]["timezone"] == "UTC"
    assert not deployments["a-day-or-a-file"]["schedules"]


def test_a_flow_started_as_the_form_does_it_ends_with_a_sentence_and_its_artifacts(served):
    run = served.ended(served.start("reconcile-statements/a-day-or-a-file", as_of="2026-10-31", dry_run=True))
    artifacts = served.call(
        "POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "CREATED_DESC"}
    )
    told = {each["key"]: each for each in artifacts}

    assert run["name"] == "dry run of 2026-10-31"
    assert run["state"]["message"].startswith("The night went well")
    assert {"by hand", "reconcile"} <= set(run["tags"])
    assert set(told) == {"match-report", "exceptions", "report"}
    assert f"({served.report}/report.html)" in told["match-report"]["data"]
    assert "<html" in httpx.get(f"{served.report}/report.html", trust_env=False).text


def test_a_mistake_on_the_form_ends_as_a_sentence_without_a_traceback(served):
    run = served.ended(served.start("reconcile-statements/a-day-or-a-file", invoices="nowhere.csv"))
    time.sleep(5)  # what the process says after the run's end comes later
    logs = served.call("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})

    assert run["state_type"] == "FAILED"
    assert "nowhere.csv" in run["state"]["message"]
    assert not any("Traceback" in each["message"] or "NoneType" in each["message"] for each in logs)
    assert "Traceback" not in served.output.read_text()


def test_a_person_starts_a_flow_from_its_form_watches_it_end_and_opens_its_artifact_and_the_report(served):
    with browser(viewport={"width": 1400, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(120_000)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{served.ui}/deployments")
        page.get_by_text("a-day-or-a-file").first.click()
        page.get_by_role("button", name="Run", exact=True).first.click()
        page.get_by_text("Custom run").first.click()
        page.get_by_text("Files or folders of bank statements").first.wait_for()
        page.get_by_text("date", exact=True).first.click()
        page.get_by_text("Select date").first.click()
        page.locator(".p-calendar-date-picker__date--in-month").get_by_text("15", exact=True).click()
        page.get_by_text("Apply", exact=True).first.click()
        page.get_by_role("button", name="Submit").click()
        run = until(lambda: next((run for run in served.runs() if "-15" in str(run["parameters"].get("as_of"))), None))
        page.goto(f"{served.ui}/runs/flow-run/{run['id']}")
        page.get_by_text("night of").first.wait_for()
        page.get_by_text("Completed", exact=True).first.wait_for()
        page.get_by_text("Artifacts", exact=True).first.click()
        page.get_by_text("match-report").first.click()
        page.get_by_text("The night went well").first.wait_for()
        page.get_by_role("link", name="Open the match report").first.wait_for()
        opened = context.new_page()
        opened.goto(page.get_by_role("link", name="Open the match report").first.get_attribute("href"))

        assert "The night went well" in opened.content()
        assert {url.split("/")[2] for url in asked if url.startswith("http")} == {served.ui.split("/")[2]}


def test_a_scheduled_night_really_begins_and_ends(served, due_at):
    def fired():
        runs = [run for run in served.runs() if run["auto_scheduled"] and run["state_type"] != "SCHEDULED"]
        return next((run for run in runs if run["expected_start_time"].startswith(f"{due_at:%Y-%m-%dT%H:%M}")), None)

    run = served.ended(until(fired)["id"])

    assert run["state_type"] == "COMPLETED"
    assert run["state_name"] in {"Completed", "Skipped"}
    assert "night" in run["tags"]


@pytest.mark.xdist_group("missed nights")
def test_after_nights_with_everything_down_one_night_happens_and_the_others_say_why_not(tmp_path):
    first_at = soon(80)
    settings = settle_in(tmp_path, scheduled(first_at, "*/10"))
    with serving(settings, tmp_path / "prefect") as running:
        until(lambda: [run for run in running.runs() if run["auto_scheduled"]])
        assert running.stop() == 0
        assert running.output.read_text().endswith("stopped\n")
    missed_at = first_at + dt.timedelta(seconds=55)
    assert dt.datetime.now(dt.UTC) < first_at, "the machine was too slow to miss a night"
    time.sleep(max(0.0, (missed_at - dt.datetime.now(dt.UTC)).total_seconds()))

    with serving(settings, tmp_path / "prefect") as running:

        def all_ended():
            late = [
                run
                for run in running.runs()
                if run["auto_scheduled"] and run["expected_start_time"] < f"{missed_at:%Y-%m-%dT%H:%M:%S}"
            ]
            return late if late and all(run["state_type"] == "COMPLETED" for run in late) else None

        late = until(all_ended)

    names = sorted(run["state_name"] for run in late)
    assert names == ["Completed", *["Skipped"] * (len(late) - 1)]
    assert len(late) >= 5
    assert all("read what lay ready" in run["state"]["message"] for run in late if run["state_name"] == "Skipped")


def told(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "reconcile", "serve", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return result.returncode, result.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[schedule]\nnight_cron = "61 4 * * *"', 'schedule.night_cron = "61 4 * * *" is no cron line'),
        ('[schedule]\ntime_zone = "Mars/Olympus"', 'schedule.time_zone = "Mars/Olympus" is no time zone'),
        ("[schedule]\nis_on = 1", "schedule.is_on = 1 is not true or false"),
        ('[schedule]\ncron = ""', "unknown key 'schedule.cron'"),
        ('[notify]\nevents = ["all"]', 'notify.events: "all" is not known'),
    ],
)
def test_a_schedule_that_is_none_is_one_line(tmp_path, text, sentence):
    (tmp_path / "mine.toml").write_text(text)

    code, error = told("--config", str(tmp_path / "mine.toml"), "--port", str(free_ports()[0]))

    assert code == 2
    assert sentence in error
    assert error.count("\n") == 1


def test_a_port_that_is_taken_is_one_line_that_says_what_to_do():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, error = told("--port", str(taken.getsockname()[1]))

    assert code == 2
    assert "choose another with --port" in error
    assert error.count("\n") == 1
