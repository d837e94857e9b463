"""Talk to one invoicing system over HTTP, so that the caller knows after each request whether it was carried out.

Not sent, refused and unclear are different things: only what was surely not carried out may be sent again without
looking first. No redirect is followed, since it would carry the secret elsewhere; answers are bounded in time and size;
the secret is in no message. Must not: know what a payment is.
"""

from __future__ import annotations

import asyncio
import base64
import email.utils
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import simplejson
from lxml import etree

from reconcile.errors import ConfigError
from reconcile.post.addresses import check_address, joined

SHOWN_MAX: Final = 200
"""How many characters of a refusal are shown to a person."""

PUBLIC: Final = frozenset({"accept", "content-type"})
"""Headers that hold no secret."""

SECRET_LENGTH_MIN: Final = 6
"""What is shorter is no secret, and may stand by chance in any sentence."""

TOO_MANY: Final = 429
UNCLEAR_CLIENT_ERRORS: Final = frozenset({408, 425})
"""Client errors that do not say whether the request was carried out."""


class RemoteError(Exception):
    """Say what became of a request that did not succeed."""


class NotSent(RemoteError):  # noqa: N818 - a state, not a mistake
    """The request was surely not carried out: no connection, or told to come back later (`retry_after` seconds)."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(RemoteError):  # noqa: N818 - a state, not a mistake
    """The system has read the request and refuses it; nothing was carried out.

    said: its answer, without our secret.
    """

    def __init__(self, status: int, message: str, said: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class CredentialsRefused(Refused):
    """The system does not accept the secret: no other request would fare better."""


class Unclear(RemoteError):  # noqa: N818 - a state, not a mistake
    """Nobody knows whether the request was carried out: it timed out, broke off, or its answer cannot be read."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotOffered(RemoteError):  # noqa: N818 - a state, not a mistake
    """The system has no such thing; nothing was sent."""


@dataclass(frozen=True)
class Patience:
    """How long and how often a system is asked.

    deadline_seconds: for one request, connection, answer and body together.
    attempts_max: for what may be asked again: reading, and what was surely not carried out.
    pause_seconds, pause_seconds_max: before the second attempt, doubled each time, and its bound; also for Retry-After.
    requests_per_second: at most; 0 for no limit, None where nothing is configured (no limit here).
    requests_at_once_max: how many are under way at the same time.
    answer_bytes_max: an answer longer than this is not read to its end.
    """

    deadline_seconds: float = 30
    attempts_max: int = 5
    pause_seconds: float = 0.5
    pause_seconds_max: float = 60
    requests_per_second: float | None = None
    requests_at_once_max: int = 4
    answer_bytes_max: int = 4 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """A successful answer. `location` is where a new thing is, where the system says so."""

    body: bytes
    location: str = ""

    def json(self) -> Any:
        """Read the body as JSON, numbers with a point as exact decimals.

        Raises:
            Unclear: it is no JSON.
        """
        try:
            text = self.body.decode("utf-8")
            value = simplejson.loads(text, use_decimal=True, allow_nan=False)
            if "\\ud" in text.lower():
                # Half of a surrogate pair is legal there and can be written nowhere.
                json_body(value)
        except (ArithmeticError, ValueError, RecursionError):
            raise Unclear("its answer is no JSON") from None
        return value

    def xml(self) -> etree._Element:
        """Read the body as XML: without entities, document types or anything from elsewhere.

        Raises:
            Unclear: it is no such XML.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(self.body, parser)
        except etree.XMLSyntaxError:
            raise Unclear("its answer is no XML") from None
        if root.getroottree().docinfo.doctype:
            raise Unclear("its answer has a document type, which none of its documents has")
        return root


def json_body(values: Any) -> bytes:
    """Write a JSON body; decimals as numbers, digit for digit."""
    text: str = simplejson.dumps(values, use_decimal=True, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


@dataclass
class _Pace:
    """Let requests through no faster than so many a second."""

    seconds_between: float
    next_at: float = 0.0

    async def wait(self) -> None:
        now = time.monotonic()
        at = max(now, self.next_at)
        self.next_at = at + self.seconds_between
        if at > now:
            await asyncio.sleep(at - now)


@dataclass
class Remote:
    """A system's address, the secret for it (in `headers` or `auth`) and how patiently it is asked.

    Use as an async context manager: it holds connections open.

    Raises:
        ConfigError: the address is no https address, nor http on this machine; a header cannot be sent.
    """

    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)
    patience: Patience = Patience()

    def __post_init__(self) -> None:
        check_address(self.base_url)
        for name, value in self.headers.items():
            if not value.isascii() or not value.isprintable():
                message = f"what is to be sent as {name} has characters that cannot be sent: a line's end, an accent"
                raise ConfigError(message)
        self._client: httpx.AsyncClient | None = None
        self._at_once = asyncio.Semaphore(self.patience.requests_at_once_max)
        rate = self.patience.requests_per_second
        self._pace = _Pace(1 / rate if rate else 0.0)

    async def __aenter__(self) -> Remote:
        self._client = httpx.AsyncClient(
            headers={"accept-encoding": "identity", **self.headers},
            auth=httpx.BasicAuth(*self.auth) if self.auth else None,
            timeout=self.patience.deadline_seconds,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=self.patience.requests_at_once_max),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def read(self, path: str, query: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Ask for what changes nothing; asked again while the answer is unclear.

        Raises:
            RemoteError: after the last attempt.
        """
        return await self._asked("GET", path, query, None, headers, is_safe=True)

    async def send(
        self, method: str, path: str, body: bytes | None = None, query: Mapping[str, str] | None = None, **headers: str
    ) -> Answer:
        """Ask for a change; asked again only while it was surely not carried out.

        Raises:
            NotSent, Refused, Unclear: what is known of it.
        """
        return await self._asked(method, path, query, body, headers, is_safe=False)

    async def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        is_safe: bool,
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for attempt in range(1, self.patience.attempts_max + 1):
            try:
                return await self._once(method, path, query, body, named)
            except (NotSent, Unclear) as error:
                if attempt == self.patience.attempts_max or not (is_safe or isinstance(error, NotSent)):
                    raise
                await asyncio.sleep(self._pause(attempt, error.retry_after))
        raise AssertionError("attempts_max is at least 1")

    def _pause(self, attempt: int, retry_after: float | None) -> float:
        """Wait as told, else twice as long each time, with full jitter: many clients must not come back at once."""
        longest = self.patience.pause_seconds_max
        if retry_after is not None:
            return min(longest, retry_after)
        return random.uniform(0, min(longest, self.patience.pause_seconds * 2 ** (attempt - 1)))  # noqa: S311 - no secret

    async def _once(
        self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        if self._client is None:
            raise AssertionError("use the remote as a context manager")
        try:
            address = joined(self.base_url, path)
        except ValueError as error:
            raise NotOffered(str(error)) from None
        async with self._at_once:
            await self._pace.wait()
            try:
                async with asyncio.timeout(self.patience.deadline_seconds):
                    async with self._client.stream(
                        method, address, params=query, content=body, headers=dict(headers)
                    ) as response:
                        content = await self._bounded(response)
                        return self._judged(response, content)
            except TimeoutError:
                raise Unclear(f"no answer within {self.patience.deadline_seconds:g} seconds") from None
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise NotSent(f"no connection to {urlsplit(self.base_url).netloc}: {error}") from None
            except httpx.InvalidURL as error:
                raise NotOffered(f"there is no such address: {error}") from None
            except (httpx.TransportError, httpx.DecodingError, httpx.StreamError) as error:
                raise Unclear(f"the connection broke off: {type(error).__name__}") from None

    async def _bounded(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Unclear("its answer is compressed, which was not asked for")
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > self.patience.answer_bytes_max:
                raise Unclear(f"its answer is longer than {self.patience.answer_bytes_max} bytes")
        return bytes(content)

    def _without_secrets(self, content: bytes) -> bytes:
        """Blot out what only we should know: some systems repeat in a refusal what was sent to them."""
        secrets = [value.split()[-1] for name, value in self.headers.items() if value.strip() and name not in PUBLIC]
        if self.auth:
            basic = base64.b64encode(":".join(self.auth).encode()).decode()
            secrets += [basic, ":".join(self.auth), self.auth[1]]
        for secret in (secret for secret in secrets if len(secret) >= SECRET_LENGTH_MIN):
            content = content.replace(secret.encode(), b"***")
        return content

    def _judged(self, response: httpx.Response, content: bytes) -> Answer:
        status = response.status_code
        if response.is_success:
            return Answer(content, response.headers.get("location", ""))
        if status == TOO_MANY:
            raise NotSent("asked too often (429)", _come_back(response.headers))
        if status in {401, 403}:
            raise CredentialsRefused(status, f"the secret is not accepted ({status})")
        if response.is_client_error and status not in UNCLEAR_CLIENT_ERRORS:
            said = self._without_secrets(content)
            raise Refused(status, f"refused ({status}){_plain(said)}", said)
        if response.is_redirect:
            raise Unclear(f"it points elsewhere ({status}), which is not followed")
        raise Unclear(f"it failed ({status})", _come_back(response.headers))


def _come_back(headers: httpx.Headers) -> float | None:
    """Return in how many seconds to ask again: `Retry-After`, or `X-RateLimit-Reset`, an instant in Unix time."""
    if "retry-after" in headers:
        return _seconds(headers["retry-after"])
    reset = headers.get("x-ratelimit-reset", "")
    return max(0.0, round(float(reset) - time.time(), 3)) if re.fullmatch(r"[0-9]{9,11}", reset) else None


def _seconds(retry_after: str) -> float | None:
    """Read a Retry-After: seconds, or an HTTP date; to the millisecond, since what a clock says beyond it is noise."""
    if re.fullmatch(r"\s*[0-9]+\s*", retry_after):
        return float(retry_after)
    try:
        return max(0.0, round(email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time(), 3))
    except (ValueError, OverflowError):
        return None


def _plain(content: bytes) -> str:
    """Return the beginning of what a refusal says, fit for a log: one line without tags; nothing of a web page."""
    text = content[: 4 * SHOWN_MAX].decode("utf-8", "replace")
    if re.match(r"\s*<(!|html)", text, re.IGNORECASE):
        return ""
    text = re.sub(r"</?[A-Za-z?][^<>]*>", " ", text)
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:SHOWN_MAX]
    return f": {shown}" if shown else ""
