"""The report on this machine's own address: its files by their names, and nothing else for nobody else."""

import http.client

import pytest

from flows.report_server import showing


@pytest.fixture
def shown(tmp_path):
    (tmp_path / "report.html").write_text("<html>the report</html>")
    (tmp_path / "lines.csv").write_text("a,b\n")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path.parent / "beside.html").write_text("beside")
    with showing(tmp_path, 0) as url:
        yield url.removeprefix("http://")


def ask(address, path, method="GET", host=None):
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or address)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), dict(answer.getheaders())


def test_the_report_is_shown_and_kept_from_frames_caches_and_other_pages(shown):
    status, text, headers = ask(shown, "/report.html")

    assert (status, text) == (200, "<html>the report</html>")
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ask(shown, "/")[1] == text
    assert ask(shown, "/lines.csv?x=1")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt", "/../beside.html", "/%2e%2e/beside.html", "/..%2fbeside.html", "//report.html/..",
        "/./report.html", "/etc/passwd", "/report.html/", "/report.html%00", "/\\..\\beside.html",
        "/.report-x/report.html",
    ],
)  # fmt: skip
def test_nothing_but_the_report_s_own_files_is_shown(shown, path):
    status, text, _ = ask(shown, path)

    assert status == 404
    assert "beside" not in text
    assert "secret" not in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost.evil.example"])
def test_a_name_of_elsewhere_that_leads_here_is_refused(shown, host):
    assert ask(shown, "/report.html", host=host)[0] == 421


def test_nothing_can_be_written(shown):
    for method in ("POST", "PUT", "DELETE"):
        assert ask(shown, "/report.html", method=method)[0] == 501


def test_a_report_that_is_not_there_yet_says_so(tmp_path):
    with showing(tmp_path / "none", 0) as url:
        status, text, _ = ask(url.removeprefix("http://"), "/")
    assert status == 404
    assert "run a night first" in text
