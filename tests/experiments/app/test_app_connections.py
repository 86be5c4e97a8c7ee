"""Clients of the server that send too slowly, too much, or hang up.

Through real sockets. What has a time limit has a tiny one where it is tested, and a
test waits until the server ends the connection, however long a busy machine takes.
"""

import asyncio
import http.client
import logging
import signal
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from unittest import mock

import pytest
from machine import until
from own_server import Server
from starlette.responses import PlainTextResponse

from experiments.app import connections, folders
from experiments.app import serving as app_serving
from experiments.app.server import make_app
from experiments.app.serving import listen, server_of

HEAD = b"%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
GET = HEAD % b"GET /" + b"\r\n"
BODY = HEAD % b"POST %s" + b"Content-Length: %d\r\n"
CHUNKED = HEAD % b"POST %s" + b"Transfer-Encoding: chunked\r\n\r\n"
HUGE = 50_000_000


@contextmanager
def serving(app):
    """Serve an app at a free port; yield the port, and the server."""
    server, listening = server_of(app), listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        until(lambda: server.started)
        yield listening.getsockname()[1], server
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def connected(port):
    """Return a connection that gives up when nothing happens at all."""
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def read_to_end(line):
    """Return what comes until the server ends the connection."""
    parts = []
    with suppress(ConnectionError):
        while part := line.recv(1_000_000):
            parts.append(part)
    return b"".join(parts)


def answer_to(line):
    """Return one answer, and its body."""
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer, answer.read()


def status_of(port):
    """Return the status of the page; asked again where its time was up before."""

    def there():
        with connected(port) as line:
            try:
                line.sendall(GET)
                return answer_to(line)[0].status
            except (ConnectionError, http.client.BadStatusLine):
                return None

    return until(there)


class Echo:
    """Answers with the length of the body; `/slow` waits, `/deaf` does not read."""

    def __init__(self):
        self.free = threading.Event()
        self.begun, self.ends = [], []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        size, more = 0, scope["path"] != "/deaf"
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.begun.append(scope["path"])
        while scope["path"] == "/slow" and not self.free.is_set():
            await asyncio.sleep(0.01)
        text = "x" * HUGE if scope["path"] == "/huge" else str(size)
        await PlainTextResponse(text)(scope, receive, send)
        self.ends.append(scope["path"])


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def port(echo, caplog):
    """Return the port of a server of `echo`, which must not complain."""
    with serving(echo) as (found, server):
        echo.server = server
        yield found
        assert status_of(found) == 200
        until(lambda: is_quiet(server))
    assert complaints(caplog) == []


@pytest.fixture
def hasty(monkeypatch):
    """Give everything that has a limit very little time."""
    for name in ("HEAD", "BODY", "LINGER", "READING"):
        monkeypatch.setattr(connections, f"{name}_SECONDS", 0.3)
    monkeypatch.setattr(app_serving, "KEPT_SECONDS", 0.3)


def is_quiet(server):
    """Whether nobody is connected, and nothing is being answered."""
    return not server.server_state.connections and not server.server_state.tasks


def complaints(caplog):
    """Return what the server reported as its own fault."""
    found = [x for x in caplog.records if x.levelno >= logging.ERROR or x.exc_info]
    return [x.getMessage() for x in found]


HALVES = {
    "nothing": b"",
    "a line": b"GET / HTTP/1.1\r\n",
    "a head": HEAD % b"GET /" + b"x-a: b\r\n",
    "a body": BODY % (b"/", 10) + b"\r\n12345",
    "a body that nobody reads": BODY % (b"/deaf", 10) + b"\r\n1",
    "a chunk": CHUNKED % b"/" + b"5\r\n123",
    "no last chunk": CHUNKED % b"/" + b"5\r\n12345\r\n",
    "a promise": BODY % (b"/", 9) + b"Expect: 100-continue\r\n\r\n",
    "a second request": GET + b"GET / HT",
}


@pytest.mark.parametrize("sent", HALVES.values(), ids=HALVES)
def test_half_a_request_is_not_waited_for(hasty, port, sent):
    """The connection ends, whatever part is missing."""
    with connected(port) as line:
        with suppress(ConnectionError):
            line.sendall(sent)
        read_to_end(line)


@pytest.mark.parametrize(
    ("first", "drop"),
    [(b"GET / HTTP/1.1\r\nx: ", b"x"), (CHUNKED % b"/", b"1\r\nx\r\n")],
    ids=["head", "body"],
)
def test_a_drop_now_and_then_wins_no_time(hasty, port, first, drop):
    """Who goes on sending, never to end, is ended as well."""
    with connected(port) as line, pytest.raises(ConnectionError):
        line.sendall(first)
        while True:
            line.sendall(drop)


def test_whoever_waits_for_an_answer_is_not_hurried(port, echo):
    """While a request that is whole is answered, no time runs out for anything."""
    with connected(port) as line:
        for _ in range(2):
            echo.free.clear()
            line.sendall(BODY % (b"/slow", 3) + b"\r\nabc")
            until(lambda: echo.begun)
            [connection] = echo.server.server_state.connections
            assert connection.patience is None and not connection.waits
            echo.free.set()
            answer, body = answer_to(line)
            assert (answer.status, body) == (200, b"3")
            echo.begun.clear()


def test_who_does_not_read_an_answer_is_ended(port, echo, monkeypatch):
    """However large it is, and what it takes is free again."""
    monkeypatch.setattr(connections, "READING_SECONDS", 0.3)
    with connected(port) as line:
        line.sendall(HEAD % b"GET /huge" + b"\r\n")
        until(lambda: echo.begun)
        until(lambda: is_quiet(echo.server))
        assert len(read_to_end(line)) < HUGE


@pytest.mark.parametrize(("left", "ends"), [(60_000, False), (90_000, True)])
def test_who_reads_slowly_has_all(left, ends):
    """An answer goes on as long as enough of it is read."""
    client = mock.Mock()
    client.transport.get_write_buffer_size.return_value = left
    connections.Connection._check_read(client, 100_000)
    assert client.transport.abort.called == ends
    assert client.loop.call_later.called != ends


def test_many_that_wait_keep_nobody_out(port, echo, monkeypatch):
    """Of connections without a request the oldest goes, and a page is answered."""
    monkeypatch.setattr(connections, "MOST_WAITING", 20)
    monkeypatch.setattr(echo.server.config, "limit_concurrency", 30)
    lines = [connected(port) for _ in range(100)]
    assert [read_to_end(line) for line in lines[:79]] == [b""] * 79
    assert status_of(port) == 200
    for line in lines:
        line.close()


WRONG = {
    "no HTTP": b"hello\r\n\r\n",
    "no size": CHUNKED % b"/" + b"nonsense\r\n",
    "endless size": CHUNKED % b"/" + b"f" * 100 + b"\r\n",
    "wrong end": CHUNKED % b"/" + b"1\r\nxyz\r\n",
    "two lengths": BODY % (b"/", 1) + b"Content-Length: 2\r\n\r\nx",
    "negative length": BODY % (b"/", -1) + b"\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a long head": HEAD % b"GET /" + b"x: " + b"y" * 200_000,
    "deaf and wrong": CHUNKED % b"/deaf" + b"nonsense\r\n",
    "late and wrong": CHUNKED % b"/" + b"0\r\n\r\nnonsense\r\n\r\n",
}


@pytest.mark.parametrize("sent", WRONG.values(), ids=WRONG)
def test_what_is_no_http_is_refused_without_a_complaint(port, sent):
    """Also where the answer has begun; nothing of the server is told as broken."""
    with connected(port) as line:
        with suppress(ConnectionError):
            line.sendall(sent)
        read_to_end(line)


def test_wrong_chunks_after_the_answer_are_no_fault(port):
    """The body of a request that was answered before its end can be anything."""
    with connected(port) as line:
        line.sendall(CHUNKED % b"/deaf")
        assert answer_to(line)[0].status == 200
        with suppress(ConnectionError):
            line.sendall(b"nonsense\r\n")
        read_to_end(line)


# --- the page's own server ------------------------------------------------------------


@pytest.fixture(scope="module")
def page():
    """Return the port of the page's own server, and the server."""
    with serving(make_app(1)) as found:
        yield found


BRINGS = tuple(
    b"/api/" + x
    for x in (b"scenarios", b"scenarios/archive", b"import", b"documents/data.csv")
)
FORCE = struct.pack("ii", 1, 0)
"""How a socket lingers that ends by force, as that of a browser that is killed."""


@pytest.mark.parametrize("path", BRINGS)
def test_who_hangs_up_leaves_no_complaint(page, caplog, path):
    """In the middle of a body, to whatever it was sent."""
    port, server = page
    for force in (False, True):
        with connected(port) as line:
            line.sendall(BODY % (path, 1_000) + b"\r\nabc")
            until(lambda: server.server_state.tasks)
            if force:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, FORCE)
        until(lambda: is_quiet(server))
    assert complaints(caplog) == []
    assert status_of(port) == 200


@pytest.mark.parametrize("path", BRINGS)
def test_what_is_too_large_is_refused_before_it_comes(page, caplog, path):
    """By the length that is told; where none is, while it comes, which then ends."""
    port, server = page
    with connected(port) as line:
        line.sendall(BODY % (path, 10**12) + b"\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 413")
    with connected(port) as line, pytest.raises(ConnectionError):
        line.sendall(CHUNKED % path)
        while True:
            line.sendall(b"100000\r\n" + b"x" * 2**20 + b"\r\n")
    until(lambda: is_quiet(server))
    assert complaints(caplog) == []


@pytest.mark.parametrize(
    "head",
    [
        b"POST /api/scenarios HTTP/1.1\r\nHost: evil.example\r\n",
        HEAD % b"POST /api/scenarios" + b"Origin: http://evil.example\r\n",
        HEAD % b"POST /api/scenarios" + b"Sec-Fetch-Site: cross-site\r\n",
    ],
)
def test_foreign_requests_are_refused_whatever_they_bring(page, caplog, head):
    """A body that is wrong, or that never comes, changes nothing."""
    port, server = page
    for body in (
        b"Content-Length: 9\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
    ):
        with connected(port) as line:
            line.sendall(head + body)
            assert line.recv(1000).split()[1] in (b"403", b"400")
    until(lambda: is_quiet(server))
    assert complaints(caplog) == []


# --- folders --------------------------------------------------------------------------


def own_folders(folder):
    return set(folder.glob(f"{folders.PREFIX}*"))


def test_what_a_killed_server_left_is_swept_by_the_next(tmp_path):
    """Not what belongs to a server that lives, and nothing that is nobody's folder."""
    living, dead, late = Server(tmp_path), Server(tmp_path), None
    try:
        for server in (living, dead):
            server.ask("api/interview")
        before = own_folders(tmp_path)
        dead.process.kill()
        dead.process.communicate()
        assert own_folders(tmp_path) == before and len(before) == 2
        late = Server(tmp_path)
        late.ask("api/interview")
        after = own_folders(tmp_path)
        assert len(after) == 2 and len(after & before) == 1
        assert living.end(signal.SIGTERM)[0] == late.end(signal.SIGTERM)[0] == 0
        assert own_folders(tmp_path) == set()
    finally:
        for server in filter(None, (living, dead, late)):
            server.process.kill()
            server.process.communicate()


def test_only_folders_of_servers_are_swept(tmp_path, monkeypatch):
    """Links, files and folders without a lock may be anybody's."""
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path))
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / folders.LOCK).touch()
    (tmp_path / f"{folders.PREFIX}link").symlink_to(precious)
    (tmp_path / f"{folders.PREFIX}file").touch()
    (tmp_path / f"{folders.PREFIX}other").mkdir()
    inside = tmp_path / f"{folders.PREFIX}inside"
    inside.mkdir()
    (inside / folders.LOCK).symlink_to(precious / folders.LOCK)
    dead = tmp_path / f"{folders.PREFIX}dead"
    dead.mkdir()
    (dead / folders.LOCK).touch()
    with folders.own_folder() as own:
        assert not dead.exists() and own.is_dir()
        folders.sweep()
        assert own.is_dir()
        assert {x.name.removeprefix(folders.PREFIX) for x in own_folders(tmp_path)} == {
            *("link", "file", "other", "inside"),
            own.name.removeprefix(folders.PREFIX),
        }
    assert not own.exists() and (precious / folders.LOCK).exists()
