"""A small real server on the loopback that answers as the services do, faults included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evalkit.batch.fetch.client import Client

Reply = tuple[int, dict[str, str], bytes]


class Service(ThreadingHTTPServer):
    """Replies in the order given; the last one again and again. Keeps what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[Reply] = []
        self.asked: list[tuple[str, bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def reply(self, body: Any, *, status: int = 200, **headers: str) -> Service:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.append((status, named, content))
        return self


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.server.asked.append((self.path, body))
        replies = self.server.replies
        status, headers, content = replies.pop(0) if len(replies) > 1 else replies[0]
        # The usual one adds the date of today.
        start = self.send_response_only if "Date" in headers else self.send_response
        start(status)
        length = headers.pop("Content-Length", str(len(content)))
        for name, value in {**headers, "Content-Length": length}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet: the tests say what they need."""


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pauses() -> list[float]:
    """Seconds that a client would have waited."""
    return []


@pytest.fixture
def client(pauses: list[float]) -> Iterator[Client]:
    passed: Callable[[], float] = lambda: 1000.0 * (1 + len(pauses))  # noqa: E731 - a clock
    with Client(pause=pauses.append, now=passed) as patient:
        yield patient
