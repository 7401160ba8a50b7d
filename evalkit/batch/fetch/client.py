"""Asking a service over the network: patiently, seldom, and with one clear sentence when it fails.

The only module that opens a connection.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

import httpx

from evalkit.project.problems import Spoken

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
CALLS_PER_SECOND = 3.0
TIMEOUT_SECONDS = 60.0
CONNECT_SECONDS = 10.0  # a firewall that drops packets is found out sooner than a slow table
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
# What may pass: too slow, or a connection that stood and broke. A host that is refused or has
# no address (ConnectError) is as far away in fifteen seconds.
_MAY_PASS = (
    httpx.TimeoutException,
    httpx.ReadError,
    httpx.WriteError,
    httpx.RemoteProtocolError,
)


class FetchError(Spoken, ValueError):
    """A service that did not answer, or not with figures; the message is one sentence."""


@dataclass
class Client:
    """A patient client; close it, or use it as a context.

    Attributes:
        pause: Waits a number of seconds; tests count instead of waiting.
        now: A clock in seconds.
    """

    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    _http: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=True,
            headers={"User-Agent": "evalkit"},
        )
    )
    _last: float = float("-inf")

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def json(self, address: str, *, body: Any = None, params: Any = None) -> Any:
        """The parsed answer; a truncated one counts as no answer and is asked for again."""
        return self._asked(address, body, params, json.loads)

    def file(self, address: str) -> bytes:
        """The answer as it is, for files."""
        content: bytes = self._asked(address, None, None, _some_bytes)
        return content

    def _asked(self, address: str, body: Any, params: Any, read: Callable[[bytes], Any]) -> Any:
        problem, why = "unreadable", ""
        for attempt in range(ATTEMPTS):
            wait = FIRST_PAUSE_SECONDS * 2**attempt
            try:
                response = self._call(address, body, params)
                if response.status_code not in _TRY_AGAIN:
                    return read(_content(response))
                problem, why = "status", str(response.status_code)
                wait = _asked_to_wait(response, wait)
            except httpx.TransportError as error:
                problem, why = "unreachable", type(error).__name__
                if not isinstance(error, _MAY_PASS):
                    host = _host(address)
                    raise FetchError("fetch.unreachable", host=host, kind=why) from None
            except ValueError as error:
                if isinstance(error, FetchError):
                    raise
                problem, why = "unreadable", ""
            if attempt < ATTEMPTS - 1:
                self.pause(min(wait, LONGEST_PAUSE_SECONDS))
        raise FetchError(
            f"fetch.gave_up.{problem}", host=_host(address), problem=why, times=ATTEMPTS
        )

    def _call(self, address: str, body: Any, params: Any) -> httpx.Response:
        """One call, not sooner after the last than the services allow."""
        left = self._last + 1 / CALLS_PER_SECOND - self.now()
        if left > 0:
            self.pause(left)
        self._last = self.now()
        if body is None:
            return self._http.get(address, params=params)
        return self._http.post(address, json=body)


def _host(address: str) -> str:
    return httpx.URL(address).host or address


def _content(response: httpx.Response) -> bytes:
    if response.is_success:
        return response.content
    raise FetchError("fetch.refused", host=response.url.host, status=response.status_code)


def _some_bytes(content: bytes) -> bytes:
    if not content:
        raise ValueError("empty")
    return content


def _asked_to_wait(response: httpx.Response, otherwise: float) -> float:
    """Seconds until what ``Retry-After`` says, a number of seconds or a date; else the usual."""
    stated = response.headers.get("Retry-After", "")
    if stated.isdigit():
        return float(stated)
    try:
        until = parsedate_to_datetime(stated)
        sent = parsedate_to_datetime(response.headers.get("Date", ""))
        return max((until - sent).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return otherwise
