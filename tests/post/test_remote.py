"""The one client of all invoicing systems: after each request it is known whether it was carried out."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import gzip
import logging
import socket
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.errors import ConfigError
from reconcile.post.addresses import joined
from reconcile.post.answers import a_date, a_text, an_amount, as_rows, as_table
from reconcile.post.remote import (
    Answer,
    CredentialsRefused,
    NotOffered,
    NotSent,
    Patience,
    Refused,
    Remote,
    RemoteError,
    Unclear,
    _come_back,
    _seconds,
    json_body,
)
from tests.post.connectors_under_test import QUICK
from tests.post.servers import base
from tests.post.servers.base import Fault, Request, System, serving

CANARY = "canary-7c1d-never-shown"
ONCE = replace(QUICK, attempts_max=1)


@dataclass
class Telling(System):
    """Tells the same to everyone and counts how many are told at the same time."""

    told: base.Answer = field(default_factory=lambda: base.Answer.of(200, {}))

    def answer(self, request: Request) -> base.Answer:
        return self.told


TLS = b"\x16\x03"
"""How a client begins that wants to speak TLS."""

Speech = Callable[[socket.socket, threading.Event], None]


@dataclass
class Spoken:
    """A server that reads the head of a request and then says what a test wants, byte for byte."""

    url: str
    heads: list[bytes] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


@contextmanager
def speaking(*speeches: Speech) -> Iterator[Spoken]:
    """Serve the n-th connection with the n-th speech, all further ones with the last."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        spoken = Spoken(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def answer(connection: socket.socket, speech: Speech) -> None:
            with connection:
                head = b""
                while b"\r\n\r\n" not in head and not head.startswith(TLS) and (more := connection.recv(65536)):
                    head += more
                spoken.heads.append(head)
                spoken.at.append(time.monotonic())
                try:
                    speech(connection, spoken.stopped)
                except OSError:
                    """The client went away, as it should."""

        def accept() -> None:
            number = 0
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                speech = speeches[min(number, len(speeches) - 1)]
                number += 1
                threading.Thread(target=answer, args=(connection, speech), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield spoken
        finally:
            spoken.stopped.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def says(content: bytes) -> Speech:
    return lambda connection, _: connection.sendall(content)


def says_slowly(content: bytes, slowly: bytes, seconds: float = 0.05) -> Speech:
    """Say the content at once and the rest a byte at a time, each soon enough for a bound on single reads."""

    def speech(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(content)
        for byte in slowly:
            if stopped.wait(seconds):
                return
            connection.sendall(bytes([byte]))

    return speech


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def asked(url: str, ask: Callable[[Remote], Awaitable[Any]], patience: Patience = QUICK, **secrets: Any) -> Any:
    async def all_of_it() -> Any:
        async with Remote(url, patience=patience, **secrets) as remote:
            return await ask(remote)

    return asyncio.run(all_of_it())


def read(url: str, patience: Patience = QUICK, **secrets: Any) -> Answer:
    return asked(url, lambda remote: remote.read("/things"), patience, **secrets)


def send(url: str, patience: Patience = QUICK, **secrets: Any) -> Answer:
    return asked(url, lambda remote: remote.send("POST", "/things", b"{}"), patience, **secrets)


# The address.


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com/api/v1/",
        "https://api.example.com:8443",
        "http://localhost:8000",
        "http://127.0.0.1:8000/v1",
        "http://[::1]:8000",
    ],
)
def test_an_address_is_https_or_on_this_machine(url):
    assert Remote(url).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example.com",
        "https://",
        "https:///v1",
        "http://api.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:8000",
        "ftp://api.example.com",
        "file:///etc/passwd",
        f"https://user:{CANARY}@api.example.com",
        f"https://:{CANARY}@api.example.com",
        f"https://{CANARY}@api.example.com",
        f"https://{CANARY}\n@api.example.com",
        f"http://127.0.0.1:{CANARY}@api.example.com",
        f"https://api.example.com?token={CANARY}",
        f"https://api.example.com/v1?{CANARY}",
        f"https://api.example.com#{CANARY}",
        f"https://api.example.com/{CANARY} ",
        f"https://api.example.com\\@{CANARY}",
        f"https://api.example.com:{CANARY}",
        "https://api.example.com:99999",
        "https://[::1",
        "https://xn--/",
        CANARY,
    ],
)
def test_any_other_address_is_refused_without_showing_what_may_be_a_secret_in_it(url):
    with pytest.raises(ConfigError, match="base_url") as refused:
        Remote(url)

    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("base_url", "path", "address"),
    [
        ("https://api.example.com", "/v1/things", "https://api.example.com/v1/things"),
        ("https://api.example.com/", "/v1/things", "https://api.example.com/v1/things"),
        ("https://api.example.com/v1", "/v1/things", "https://api.example.com/v1/things"),
        ("https://api.example.com/v1/", "/v1/things", "https://api.example.com/v1/things"),
        ("https://api.example.com/a/v1", "/v1/things", "https://api.example.com/a/v1/things"),
        ("https://api.example.com/a", "/v1/things", "https://api.example.com/a/v1/things"),
        ("https://api.example.com/av1", "/v1/things", "https://api.example.com/av1/v1/things"),
        ("https://api.example.com/v1", "/v1/v1", "https://api.example.com/v1/v1"),
        ("https://v1", "/v1/things", "https://v1/v1/things"),
    ],
)
def test_a_beginning_that_base_and_path_share_is_written_once(base_url, path, address):
    assert joined(base_url, path) == address


@pytest.mark.parametrize("path", ["/invoices/../payments", "/invoices/./payments", "/invoices//payments", "/invoices/"])
def test_an_id_that_would_lead_elsewhere_is_not_sent(path):
    with serving(Telling()) as served, pytest.raises(NotOffered):
        asked(served.url, lambda remote: remote.send("POST", path))

    assert served.requests == []


def test_an_id_that_is_too_long_for_an_address_is_not_sent():
    with serving(Telling()) as served, pytest.raises(NotOffered):
        asked(served.url, lambda remote: remote.send("POST", "/" + "a" * 70_000))

    assert served.requests == []


# What an answer says of the request.


@pytest.mark.parametrize("status", [200, 201, 202, 203, 204, 206])
def test_every_2xx_is_success(status):
    with serving(Telling(base.Answer(status, b"", headers={"Location": "/things/1"}))) as served:
        assert send(served.url).location == "/things/1"


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (300, Unclear), (301, Unclear), (302, Unclear), (303, Unclear), (304, Unclear), (307, Unclear), (308, Unclear),
        (400, Refused), (401, CredentialsRefused), (403, CredentialsRefused), (404, Refused), (405, Refused),
        (406, Refused), (408, Unclear), (409, Refused), (410, Refused), (413, Refused), (415, Refused), (422, Refused),
        (423, Refused), (425, Unclear), (429, NotSent),
        (500, Unclear), (501, Unclear), (502, Unclear), (503, Unclear), (504, Unclear), (599, Unclear),
    ],
)  # fmt: skip
def test_a_status_says_whether_a_change_was_carried_out(status, what):
    system = Telling(base.Answer(status, b"no", headers={"Location": "/elsewhere"}))
    with serving(system) as served, pytest.raises(RemoteError) as error:
        send(served.url, replace(QUICK, pause_seconds=0))

    assert type(error.value) is what
    assert len(served.requests) == (QUICK.attempts_max if what is NotSent else 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_an_answer_that_breaks_off_or_is_none_is_unclear(content):
    with speaking(says(content)) as spoken, pytest.raises(Unclear):
        send(spoken.url)

    assert len(spoken.heads) == 1


def test_a_server_that_does_not_speak_tls_was_not_sent_anything():
    with speaking(says(OK)) as spoken, pytest.raises(NotSent):
        send(spoken.url.replace("http:", "https:"), ONCE)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("no such\ninvoice\x1b[31m\u2028x", "refused (422): no such invoice [31m x"),
        ('{"error": "no such invoice"}', 'refused (422): {"error": "no such invoice"}'),
        ("<errors><error>no such invoice</error></errors>", "refused (422): no such invoice"),
        ("<html><body>Oops</body></html>", "refused (422)"),
        ("\n<!DOCTYPE html><p>Oops</p>", "refused (422)"),
        ("a < b <unfinished", "refused (422): a < b <unfinished"),
        ("", "refused (422)"),
        ("x" * 5000, "refused (422): " + "x" * 200),
    ],
)
def test_what_a_refusal_says_is_shown_in_one_short_line_without_markup(said, shown):
    with serving(Telling(base.Answer(422, said.encode()))) as served, pytest.raises(Refused) as refused:
        send(served.url)

    assert str(refused.value) == shown


# Bounds.


SLOW = {
    "before the status": says_slowly(b"", OK),
    "in the headers": says_slowly(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 20),
    "between them": says_slowly(b"HTTP/1.1 200 OK\r\n\r\n"[:-2], b"\r\n" + b"X" * 90),
    "in the body": says_slowly(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n", b" " * 90),
    "in chunks": says_slowly(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 30),
    "never at all": says_slowly(b"", b"H", 20),
    "with empty promises": says_slowly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 8, 0.02),
}


@pytest.mark.parametrize("speech", SLOW.values(), ids=SLOW)
def test_the_deadline_bounds_the_whole_request_wherever_it_is_slow(speech):
    with speaking(speech) as spoken:
        begin = time.monotonic()
        with pytest.raises(Unclear):
            send(spoken.url, replace(ONCE, deadline_seconds=0.4))

    assert 0.35 < time.monotonic() - begin < 2.5


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 99999999999\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n"],
    ids=["with a length", "without", "in chunks"],
)
def test_an_endless_answer_is_not_read_to_its_end(head):
    def speech(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        while not stopped.is_set():
            connection.sendall(b" " * 65536)

    with speaking(speech) as spoken, pytest.raises(Unclear, match="longer than 100000 bytes"):
        send(spoken.url, replace(QUICK, answer_bytes_max=100_000, deadline_seconds=20))


def test_an_answer_of_just_the_greatest_length_is_read():
    with serving(Telling(base.Answer(200, b" " * 1000))) as served:
        assert len(send(served.url, replace(QUICK, answer_bytes_max=1000)).body) == 1000
        with pytest.raises(Unclear):
            send(served.url, replace(QUICK, answer_bytes_max=999))


def test_a_compressed_answer_was_not_asked_for_and_is_not_unpacked():
    bomb = gzip.compress(b" " * 5_000_000)
    system = Telling(base.Answer(200, bomb, headers={"Content-Encoding": "gzip"}))
    with serving(system) as served, pytest.raises(Unclear, match="compressed"):
        send(served.url)

    assert served.requests[0].headers["accept-encoding"] == "identity"


def test_no_proxy_and_no_secret_is_taken_from_the_environment(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with serving(Telling()) as served:
        assert read(served.url, ONCE).json() == {}

    assert "authorization" not in served.requests[0].headers


# Pace and pauses.


def test_requests_are_no_faster_than_so_many_a_second():
    async def many(remote: Remote) -> None:
        await asyncio.gather(*(remote.read("/things") for _ in range(9)))

    with speaking(says(OK)) as spoken:
        asked(spoken.url, many, replace(QUICK, requests_per_second=20))

    assert max(spoken.at) - min(spoken.at) >= 0.75 * 8 / 20


def test_no_more_requests_are_under_way_than_allowed():
    under_way, most, lock = 0, 0, threading.Lock()

    def speech(connection: socket.socket, stopped: threading.Event) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        stopped.wait(0.05)
        with lock:
            under_way -= 1
        connection.sendall(OK)

    async def many(remote: Remote) -> None:
        await asyncio.gather(*(remote.read("/things") for _ in range(12)))

    with speaking(speech) as spoken:
        asked(spoken.url, many, replace(QUICK, requests_at_once_max=3, deadline_seconds=5))

    assert 2 <= most <= 3


@given(st.integers(1, 40), st.floats(0, 100), st.floats(0, 100))
def test_a_pause_is_at_most_twice_the_one_before_and_never_longer_than_the_longest(attempt, pause, longest):
    remote = Remote("https://api.example.com", patience=Patience(pause_seconds=pause, pause_seconds_max=longest))

    assert 0 <= remote._pause(attempt, None) <= min(longest, pause * 2 ** (attempt - 1))


def test_pauses_are_spread_over_their_whole_length():
    remote = Remote("https://api.example.com", patience=Patience(pause_seconds=1, pause_seconds_max=60))
    pauses = [remote._pause(3, None) for _ in range(500)]

    assert min(pauses) < 1
    assert 3 < max(pauses) <= 4


@given(st.floats(0, 1e9))
def test_what_is_told_to_wait_is_waited_up_to_the_longest_pause(seconds):
    remote = Remote("https://api.example.com", patience=Patience(pause_seconds_max=60))

    assert remote._pause(1, seconds) == min(60, seconds)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("0", 0), ("120", 120), (" 7 ", 7), ("", None), ("-1", None), ("1.5", None), ("soon", None), ("\xb2", None)],
)
def test_retry_after_is_a_number_of_seconds(told, seconds):
    assert _seconds(told) == seconds


def test_retry_after_is_a_date():
    now = dt.datetime.now(dt.UTC)

    assert 88 < _seconds(email.utils.format_datetime(now + dt.timedelta(seconds=90), usegmt=True)) <= 90
    assert _seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@given(st.text(max_size=40) | st.from_regex(r"\A[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d \S{0,6}\Z"))
def test_any_other_retry_after_is_none(told):
    seconds = _seconds(told)

    assert seconds is None or seconds >= 0


@pytest.mark.parametrize("status", [429, 503])
def test_reading_waits_as_told(status):
    busy = f"HTTP/1.1 {status} Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    with speaking(says(busy), says(OK)) as spoken:
        read(spoken.url)

    assert spoken.at[1] - spoken.at[0] >= 0.8


def test_a_limit_that_ends_at_an_instant_is_waited_for_where_no_retry_after_stands_beside_it():
    reset = {"X-RateLimit-Reset": str(int(time.time()) + 60)}

    assert 58 < _come_back(httpx.Headers(reset)) <= 60
    assert _come_back(httpx.Headers(reset | {"Retry-After": "7"})) == 7
    assert _come_back(httpx.Headers({"X-RateLimit-Reset": "1706454600"})) == 0
    assert _come_back(httpx.Headers({"X-RateLimit-Reset": "soon"})) is None
    assert _come_back(httpx.Headers({})) is None


def test_a_system_cannot_make_us_wait_for_ever():
    busy = b"HTTP/1.1 429 Busy\r\nRetry-After: 86400\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    begin = time.monotonic()
    with speaking(says(busy)) as spoken, pytest.raises(NotSent):
        read(spoken.url, replace(QUICK, pause_seconds_max=0.05))

    assert time.monotonic() - begin < 10
    assert len(spoken.heads) == QUICK.attempts_max


# The secret.


SECRETS = {"headers": {"authorization": f"Bearer {CANARY}", "api-key": CANARY}}
BASIC = {"headers": {"api-key": CANARY}, "auth": ("user", CANARY)}


@pytest.mark.parametrize("fault", [*Fault, None], ids=lambda fault: fault.value if fault else "none")
def test_the_secret_is_in_no_text_error_or_log_whatever_goes_wrong(fault, caplog):
    caplog.set_level(logging.DEBUG)
    quick = replace(QUICK, deadline_seconds=0.2, attempts_max=2, answer_bytes_max=100_000, pause_seconds_max=0.01)
    with serving(Telling()) as served:
        served.fault_of = lambda *_: fault
        texts = [repr(Remote(served.url, **BASIC)), str(Remote(served.url, **SECRETS))]
        for ask, secrets in ((read, BASIC), (send, BASIC), (send, SECRETS)):
            try:
                ask(served.url, quick, **secrets)
            except RemoteError as error:
                texts += [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]

    assert {request.headers["api-key"] for request in served.requests} == {CANARY}
    assert_hidden("\n".join([*texts, caplog.text]))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 302])
def test_a_secret_that_a_system_says_back_is_not_shown(status):
    class Echoing(System):
        def answer(self, request: Request) -> base.Answer:
            said = f"you sent {request.headers} and {BASIC}"
            return base.Answer(status, said.encode(), headers={"Location": f"/?{CANARY}", "Retry-After": CANARY})

    for secrets in (BASIC, SECRETS):
        with serving(Echoing()) as served, pytest.raises(RemoteError) as error:
            send(served.url, replace(ONCE, pause_seconds=0), **secrets)

        assert_hidden(repr(error.value) + str(vars(error.value)) + "".join(traceback.format_exception(error.value)))


@pytest.mark.parametrize("end", ["\n", "\r\nX-Other: 1", "é", "\x00"])
def test_a_secret_that_no_header_can_hold_is_refused_at_once_without_showing_it(end):
    with pytest.raises(ConfigError) as refused:
        Remote("https://api.example.com", headers={"api-key": CANARY + end})

    assert "api-key" in str(refused.value)
    assert_hidden(str(refused.value))


def test_a_redirect_is_not_followed_and_the_secret_stays_here():
    with serving(Telling()) as elsewhere:
        to_there = base.Answer(307, b"", headers={"Location": f"{elsewhere.url}/things"})
        with serving(Telling(to_there)) as served, pytest.raises(Unclear):
            read(served.url, ONCE, **SECRETS)

    assert elsewhere.requests == []


def assert_hidden(text: str) -> None:
    """Hold that neither the secret nor what Basic makes of it is in a text."""
    assert CANARY not in text
    assert "dXNlcjpjYW5hcnktN2MxZC1uZXZlci1zaG93bg==" not in text


# Numbers and shapes.


MONEY = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=3)


@given(MONEY | st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-(10**18), 10**18))
def test_numbers_go_out_and_come_back_digit_for_digit(number):
    back = Answer(json_body({"amount": number})).json()["amount"]

    assert back == number
    assert not isinstance(back, float)
    if isinstance(number, Decimal) and isinstance(back, Decimal):
        assert str(back) == str(number)


@given(MONEY)
def test_an_amount_is_written_as_a_number_as_it_stands(amount):
    assert json_body({"amount": amount}) == f'{{"amount": {amount}}}'.encode()


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_what_is_no_number_is_not_sent(number):
    with pytest.raises(ValueError, match="JSON"):
        json_body({"amount": number})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"nul",
        b'{"amount": NaN}',
        b'{"amount": -Infinity}',
        b'{"amount": 1e99999999999999999999}',
        b'{"amount": ' + b"9" * 5000 + b"}",
        b'{"amount": 01}',
        b'{"amount": 1,}',
        b'{"amount": 1} {}',
        b"{'amount': 1}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'"\xff"',
        '{"amount": 1}'.encode("utf-16"),
        b'"\\ud800"',
        b"<payment/>",
    ],
)
def test_what_is_no_json_is_unclear(body):
    with pytest.raises(Unclear):
        Answer(body).json()


def test_letters_beyond_the_first_plane_are_read_in_either_form():
    assert Answer(b'"\\ud83d\\ude00"').json() == Answer('"\U0001f600"'.encode()).json() == "\U0001f600"


@pytest.mark.parametrize("value", [None, True, 7, Decimal("1.5"), "data", [], [{}], [[]]])
def test_an_answer_that_is_no_object_is_unclear(value):
    for ask in (as_table, lambda v: as_table(v, "data"), lambda v: as_rows(v, "data"), lambda v: as_rows([v])):
        with pytest.raises(Unclear):
            ask(value)
    with pytest.raises(Unclear):
        as_table({"data": value}, "data")


@pytest.mark.parametrize("value", [None, True, 7, "data", {}, [7], [{}, None]])
def test_an_answer_that_is_no_list_of_objects_is_unclear(value):
    with pytest.raises(Unclear):
        as_rows({"data": value}, "data")


@pytest.mark.parametrize(
    "value",
    [None, True, "", " 1", "1 ", "1,5", "1_0", "1e3", "NaN", "Infinity", "+1", ".5", "1.", "١", [], {}, float("1.5"),
     Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400"), Decimal("0E+400"), Decimal("1E-400"), 10**16],
)  # fmt: skip
def test_what_only_looks_like_an_amount_is_unclear(value):
    with pytest.raises(Unclear):
        an_amount({"amount": value}, "amount")


@pytest.mark.parametrize("value", ["1836.00", Decimal("1836.00"), 1836, "-1836.00"])
def test_an_amount_is_read_exactly_from_a_number_or_a_text(value):
    assert abs(an_amount({"amount": value}, "amount")) == Decimal("1836.00")


def test_another_amount_than_expected_is_unclear():
    assert an_amount({"amount": 500}, "amount", expected=Decimal("500.00")) == 500
    with pytest.raises(Unclear, match="not 500"):
        an_amount({"amount": 500}, "amount", expected=Decimal("500.01"))


@pytest.mark.parametrize("value", [None, True, "", [], {}, Decimal("1.5")])
def test_an_id_is_a_text_or_a_whole_number(value):
    assert a_text({"id": 7}, "id") == "7"
    with pytest.raises(Unclear):
        a_text({"id": value}, "id")


@pytest.mark.parametrize(
    "value", ["2024-13-01", "2024-1-1", "yesterday", "20/01/2024", "2024-01-201", "2024-W03-6", 20240120, True, [], {}]
)
def test_what_is_no_date_is_unclear(value):
    with pytest.raises(Unclear):
        a_date({"date": value}, "date")


@pytest.mark.parametrize("value", ["2024-01-20", "2024-01-20T23:59:59Z", "2024-01-20T00:00:00+14:00"])
def test_a_date_is_read_as_written_whatever_the_hour_and_the_zone(value):
    assert a_date({"date": value}, "date") == dt.date(2024, 1, 20)
