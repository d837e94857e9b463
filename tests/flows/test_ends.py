"""How flows end: a busy ledger is waited for, what is done is not done again, people are told, nothing blocks."""

import datetime as dt
import http.server
import json
import socket
import socketserver
import threading
from contextlib import contextmanager

import pytest

from reconcile.errors import BrokenLaw, LedgerBusy
from tests.flows.conftest import settle_in

pytestmark = pytest.mark.xdist_group("prefect")


@contextmanager
def hook_server():
    """Receive messages as a chat's web hook does."""
    heard = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server():
    """Receive mail: as much of SMTP as a sender needs."""
    heard = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline().decode().strip():
                if line.upper() == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += self.rfile.readline()
                    heard.append(text.decode())
                self.wfile.write(b"221 bye\r\n" if line.upper() == "QUIT" else b"250 ok\r\n")
                if line.upper() == "QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        people = "from=a@office.example&to=b@office.example"
        yield f"mailto://127.0.0.1:{server.server_address[1]}?{people}&mode=insecure", heard
    finally:
        server.shutdown()
        server.server_close()


TELL = '[notify]\nurls_env = "TOLD"\n'


def night(settings, **parameters):
    from flows.reconcile_statements import reconcile_statements

    return reconcile_statements(config=settings, return_state=True, **parameters)


def test_a_rejected_file_is_told_by_mail_and_by_chat_with_counts_and_no_text_of_the_bank(
    prefect_backend, tmp_path, monkeypatch
):
    settings = settle_in(tmp_path, TELL)
    (tmp_path / "statements" / "SECRET NAME.ofx").write_text("SECRET TEXT")
    with mail_server() as (mail, mails), hook_server() as (chat, chats):
        monkeypatch.setenv("TOLD", f"{mail} {chat}")
        state = night(settings, as_of=dt.date(2026, 10, 31))

    assert state.name == "Needs a look"
    assert "not accepted: 1 files, 0 transactions" in chats[0]["message"]
    assert "2026-10-31" in chats[0]["title"]
    assert "not accepted: 1 files" in mails[0]
    assert "SECRET" not in json.dumps(chats) + mails[0]


def test_a_night_that_went_well_tells_nobody(prefect_backend, tmp_path, monkeypatch):
    settings = settle_in(tmp_path, TELL)
    with hook_server() as (chat, chats):
        monkeypatch.setenv("TOLD", chat)
        assert night(settings).name == "Completed"
    assert chats == []


def test_a_failure_is_told_with_its_sentence_where_that_quotes_no_customer(prefect_backend, tmp_path, monkeypatch):
    settings = settle_in(tmp_path, TELL)
    with hook_server() as (chat, chats):
        monkeypatch.setenv("TOLD", chat)
        state = night(settings, statements=[tmp_path / "nowhere"])
    assert state.is_failed()
    assert "nowhere" in state.message
    assert "reconcile-statements failed" in chats[0]["title"]


def test_a_failure_that_quotes_a_ledger_s_rows_is_told_without_them(prefect_backend, tmp_path, monkeypatch):
    import flows.reconcile_statements as module

    def breaks(**_):
        raise BrokenLaw("money is explained: Larkspur Optics GmbH, 100.00")

    settings = settle_in(tmp_path, TELL)
    monkeypatch.setattr(module, "run_night_with", breaks)
    with hook_server() as (chat, chats):
        monkeypatch.setenv("TOLD", chat)
        state = night(settings)
    assert "Larkspur" in state.message
    assert "Larkspur" not in json.dumps(chats)


@pytest.mark.parametrize("urls", ["json://127.0.0.1:9/", "no-such-way://x", "", "json://"])
def test_a_message_that_cannot_be_sent_is_nothing_to_the_night(prefect_backend, tmp_path, monkeypatch, urls):
    settings = settle_in(tmp_path, TELL)
    (tmp_path / "statements" / "bad.ofx").write_text("bad")
    monkeypatch.setenv("TOLD", urls)

    state = night(settings)

    assert state.is_completed()
    assert (tmp_path / "out" / "report.html").exists()


def test_an_artifact_that_cannot_be_left_is_nothing_to_the_night(prefect_backend, settings, monkeypatch):
    import flows.artifacts as module

    def refuses(*_, **__):
        raise RuntimeError("the server is gone")

    monkeypatch.setattr(module, "create_table_artifact", refuses)

    assert night(settings).is_completed()


def test_a_night_that_a_schedule_made_does_nothing_once_a_later_one_has_begun(prefect_backend, settings, monkeypatch):
    import flows.reconcile_statements as module

    due_at = dt.datetime.now(dt.UTC) - dt.timedelta(hours=5)
    monkeypatch.setattr(module, "scheduled_for", lambda: due_at)
    first, second = night(settings), night(settings)
    monkeypatch.setattr(module, "scheduled_for", lambda: dt.datetime.now(dt.UTC))
    third = night(settings)

    assert [state.name for state in (first, second, third)] == ["Completed", "Skipped", "Completed"]
    assert "read what lay ready" in second.message


def test_a_busy_ledger_is_waited_for_and_told_of_when_it_stays_busy(prefect_backend, settings, monkeypatch):
    import flows.reconcile_statements as module
    from flows import steps

    monkeypatch.setattr(steps, "PAUSE_SECONDS", 0)
    run, busy = module.run_night_with, [LedgerBusy("process 7 holds the ledger")] * 3

    def sometimes_busy(**options):
        if busy:
            raise busy.pop()
        return run(**options)

    monkeypatch.setattr(module, "run_night_with", sometimes_busy)
    assert night(settings).is_completed()

    busy += [LedgerBusy("process 7 holds the ledger")] * 3
    token = steps.ledger_wait_seconds.set(0)
    try:
        assert night(settings).message == "process 7 holds the ledger"
    finally:
        steps.ledger_wait_seconds.reset(token)


def test_a_night_asks_nothing_of_the_network_but_prefect_s_own_server(prefect_backend, settings, monkeypatch):
    reach = socket.socket.connect
    refused = []

    def only_here(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            refused.append(address)
            raise OSError("refused by the test")
        return reach(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)
    assert night(settings).is_completed()
    assert refused == []


def test_a_plain_night_opens_no_socket_at_all(settings, monkeypatch):
    from reconcile.night import run_night_with

    def refuse(*_):
        raise OSError("refused by the test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run_night_with(config=settings).exit_code == 0


def test_the_report_is_written_anew_by_a_flow_and_says_how_the_night_went(prefect_backend, settings):
    from flows.write_report import write_report

    night(settings)
    state = write_report(config=settings, return_state=True)

    assert state.message.startswith("The night went well")
    assert (settings.parent / "out" / "report.html").exists()


def test_runs_that_broke_off_with_the_machine_are_ended_with_a_sentence_and_others_are_left_alone(prefect_backend):
    from prefect.client.orchestration import get_client
    from prefect.states import Running, Scheduled

    from flows.reconcile_statements import reconcile_statements
    from flows.serve import TAG, _end_what_broke_off

    with get_client(sync_client=True) as client:
        ours = client.create_flow_run(reconcile_statements, tags=[TAG], state=Running())
        waits = client.create_flow_run(reconcile_statements, tags=[TAG], state=Scheduled())
        foreign = client.create_flow_run(reconcile_statements, tags=["other"], state=Running())
        _end_what_broke_off()
        states = [client.read_flow_run(run.id).state for run in (ours, waits, foreign)]

    assert [state.type.value for state in states] == ["CRASHED", "SCHEDULED", "RUNNING"]
    assert "Run it again" in states[0].message
