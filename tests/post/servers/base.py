"""What the strict servers share: real sockets, a log of requests, and faults on request.

A server is a `System`: its `answer` gets one request and returns an answer, or raises `Refusal`. Faults stand between
the socket and the system, so that each is the same for every system: a request is carried out or not, and its answer
arrives, is lost, late, garbled or another.
"""

from __future__ import annotations

import copy
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it came in. `query` and `headers` (lower case) hold each name once; twice is a refusal."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_change(self) -> bool:
        return self.method != "GET"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, value: Any) -> Answer:
        """Write a value as JSON; decimals must have been made numbers that print as they are."""
        return cls(status, json.dumps(value).encode())


class Refusal(Exception):  # noqa: N818 - a state, not a mistake
    """What the document does not allow."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Fault(Enum):
    """What goes wrong with a request; `BEFORE`: it is not carried out, `AFTER`: it is."""

    TIMEOUT_BEFORE = "timeout before"
    TIMEOUT_AFTER = "timeout after"
    RESET_BEFORE = "reset before"
    RESET_AFTER = "reset after"
    ERROR_500_BEFORE = "500 before"
    ERROR_500_AFTER = "500 after"
    ERROR_503_BEFORE = "503 before"
    ERROR_503_AFTER = "503 after"
    TOO_MANY = "429"
    TOO_MANY_WITH_DATE = "429 with a date"
    MALFORMED_AFTER = "malformed body after"
    HTML_AFTER = "HTML after"
    EMPTY_AFTER = "empty body after"
    WRONG_AMOUNT_AFTER = "a wrong amount in the answer"
    SLOW_AFTER = "a byte at a time"
    ENDLESS_AFTER = "an endless answer"
    REDIRECT = "a redirect"
    EXPIRED = "expired credentials"


class System:
    """One invoicing system in memory."""

    def answer(self, request: Request) -> Answer:
        """Carry out one request; one at a time.

        Raises:
            Refusal: the document does not allow it.
        """
        raise NotImplementedError

    def refused(self, refusal: Refusal) -> Answer:
        """Say that a request is refused."""
        return Answer.of(refusal.status, {"error": str(refusal)})

    def standing(self) -> list[tuple[str, Decimal]]:
        """Return (invoice, amount) of each payment that was recorded and not deleted; refunds are no matter."""
        raise NotImplementedError

    def with_wrong_amounts(self, body: bytes) -> bytes:
        """Return an answer in which amounts are others."""
        return body.replace(b'"amount": ', b'"amount": 9')


Route = tuple[str, str, Callable[..., Answer]]
"""A method, a pattern of the path, and what answers; the pattern's groups are its ids."""


def route_of(request: Request, routes: Sequence[Route]) -> tuple[Callable[..., Answer], tuple[str, ...]]:
    """Return what answers a request, and the ids in its path.

    Raises:
        Refusal: the document has no such endpoint.
    """
    for method, pattern, route in routes:
        if request.method == method and (found := re.fullmatch(pattern, request.path)):
            return route, found.groups()
    raise Refusal(404, "no such endpoint")


@dataclass
class Served:
    """A running server. `fault_of` names the fault for the n-th request (from 1) or None; tests set it.

    stale_seconds: how long a change does not show in what is read yet.
    """

    system: System
    url: str = ""
    fault_of: Callable[[int, Request], Fault | None] = lambda _number, _request: None
    stale_seconds: float = 0.0
    snapshots: list[tuple[float, System]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    def system_for(self, request: Request) -> System:
        """Return the system; for reading, as it was `stale_seconds` ago."""
        now = time.monotonic()
        if self.stale_seconds and request.is_change:
            self.snapshots.append((now, copy.deepcopy(self.system)))
        elif self.stale_seconds:
            return next((old for at, old in self.snapshots if at > now - self.stale_seconds), self.system)
        return self.system


@contextmanager
def serving(system: System) -> Iterator[Served]:
    """Serve a system on a free port of this machine while the block runs."""
    served = Served(system)
    handler = type("Handler", (_Handler,), {"served": served})
    server = _Server(("127.0.0.1", 0), handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    served: Served

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass

    def do_GET(self) -> None:
        served = self.served
        request = self._request()
        if len(request.body) < int(self.headers.get("Content-Length") or 0):
            self.close_connection = True  # it broke off before it was all said
            return
        with served.lock:
            served.requests.append(request)
            fault = served.fault_of(len(served.requests), request)
            carried_out = fault is None or fault.value.endswith("after") or fault in ANSWERED
            answer = self._carried_out(request) if carried_out else Answer.of(200, {})
        self._send(answer, fault)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - their names there

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Request(self.command, parts.path, query, headers, body)

    def _carried_out(self, request: Request) -> Answer:
        try:
            return self.served.system_for(request).answer(request)
        except Refusal as refusal:
            self.served.refusals.append(f"{request.method} {request.path}: {refusal}")
            return self.served.system.refused(refusal)

    def _send(self, answer: Answer, fault: Fault | None) -> None:
        if fault in {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER}:
            self.served.stopped.wait(30)
            self.close_connection = True
            return
        if fault in {Fault.RESET_BEFORE, Fault.RESET_AFTER}:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        self._write(_disturbed(answer, fault, self.served.system), fault)

    def _write(self, answer: Answer, fault: Fault | None) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if fault is Fault.ENDLESS_AFTER:
            self.end_headers()
            self.close_connection = True
            while not self.served.stopped.is_set():
                self.wfile.write(b" " * 65536)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if fault is Fault.SLOW_AFTER:
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                if self.served.stopped.wait(0.5):
                    return
        self.wfile.write(answer.body)


ANSWERED = frozenset({Fault.WRONG_AMOUNT_AFTER, Fault.SLOW_AFTER, Fault.ENDLESS_AFTER})
"""Faults of the answer alone: the request is carried out."""


def _disturbed(answer: Answer, fault: Fault | None, system: System) -> Answer:
    html = Answer(200, b"<html><body>Welcome</body></html>", "text/html")
    late = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 1))
    others = {
        Fault.ERROR_500_BEFORE: Answer.of(500, {"error": "internal"}),
        Fault.ERROR_500_AFTER: Answer.of(500, {"error": "internal"}),
        Fault.ERROR_503_BEFORE: Answer.of(503, {"error": "unavailable"}),
        Fault.ERROR_503_AFTER: Answer.of(503, {"error": "unavailable"}),
        Fault.TOO_MANY: Answer(429, b"", headers={"Retry-After": "0"}),
        Fault.TOO_MANY_WITH_DATE: Answer(429, b"", headers={"Retry-After": late}),
        Fault.MALFORMED_AFTER: Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type),
        Fault.HTML_AFTER: html,
        Fault.EMPTY_AFTER: Answer(answer.status, b"", answer.content_type),
        Fault.WRONG_AMOUNT_AFTER: Answer(
            answer.status, system.with_wrong_amounts(answer.body), answer.content_type, answer.headers
        ),
        Fault.REDIRECT: Answer(307, b"", headers={"Location": "http://127.0.0.1:9/elsewhere"}),
        Fault.EXPIRED: Answer.of(401, {"error": "token expired"}),
    }
    return others.get(fault, answer) if fault is not None else answer
