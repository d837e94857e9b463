"""Show the match report's files to a browser on this machine: a page of http cannot open files of the disk.

Only files that a report consists of, by their names, read only, for this machine alone. Must not: list folders, follow
a path, answer another host's name, or let a page of elsewhere read or frame them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flows.server import HOST

REPORT_URL: Final = "RECONCILE_REPORT_URL"
REPORT_FOLDER: Final = "RECONCILE_REPORT_FOLDER"
"""The environment variables that tell flow runs at which address which folder is shown."""

KINDS: Final = {
    "report.html": "text/html; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "allocations.csv": "text/csv; charset=utf-8",
    "lines.csv": "text/csv; charset=utf-8",
    "candidates.csv": "text/csv; charset=utf-8",
    "rejected.csv": "text/csv; charset=utf-8",
    "summary.json": "application/json",
}
"""The files that are shown, and what each is."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@contextmanager
def showing(folder: Path, port: int) -> Iterator[str]:
    """Show a report's folder on this machine while something runs, and hand out its address. `port` 0: any."""
    server = ThreadingHTTPServer((HOST, port), _handler(folder))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="report", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version = "reconcile"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(is_whole=True)

        def do_HEAD(self) -> None:
            self._answer(is_whole=False)

        def _answer(self, *, is_whole: bool) -> None:
            name = urlsplit(self.path).path.removeprefix("/") or "report.html"
            port = self.connection.getsockname()[1]
            if self.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
                self._say(421, "this machine only", is_whole=is_whole)
            elif name not in KINDS:
                self._say(404, "no file of a match report has this name", is_whole=is_whole)
            else:
                try:
                    content = (folder / name).read_bytes()
                except OSError:
                    self._say(404, "there is no report yet: run a night first", is_whole=is_whole)
                else:
                    self._send(200, KINDS[name], content, is_whole=is_whole)

        def _say(self, status: int, sentence: str, *, is_whole: bool) -> None:
            self._send(status, "text/plain; charset=utf-8", f"{sentence}\n".encode(), is_whole=is_whole)

        def _send(self, status: int, kind: str, content: bytes, *, is_whole: bool) -> None:
            self.send_response(status)
            for header, value in HEADERS.items():
                self.send_header(header, value)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if is_whole:
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's
            """Keep quiet: who reads the report is nobody's matter."""

    return Handler
