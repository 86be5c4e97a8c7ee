"""How a server starts and ends, and for whom it answers."""

import re
import signal

import pytest
from machine import until
from own_server import Server
from page_files import FILES
from starlette.testclient import TestClient

from experiments.app.guarding import allowed_hosts
from experiments.app.server import make_app
from experiments.app.serving import listen
from experiments.cli.command_line import call
from experiments.errors import InputError
from simulation.outcomes import LANGUAGES

LONG = FILES["as-is.toml"].replace("24", "208")
BUSY = {"files": FILES | {"as-is.toml": LONG}, "worlds": 400, "seed": 1}
"""A document that takes long to make."""


@pytest.fixture
def server(tmp_path):
    one = Server(tmp_path)
    yield one
    one.kill()


def temporary(folder):
    """Return the folders of documents that are being made."""
    return list(folder.glob("orgsim-app-*/tmp*"))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_soon_and_cleanly(server, sent):
    """Of a page that goes nothing is left; nor of the server while it makes more."""
    server.send("api/documents/results.zip", BUSY).close()
    assert len(server.ask("api/interview")) > 20
    until(lambda: not temporary(server.folder))
    with server.send("api/documents/results.zip", BUSY) as line:
        until(lambda: temporary(server.folder))
        code, said = server.end(sent)
        assert b" 200 OK" not in line.recv(100)  # it was not waited for
    assert code == 0 and said.splitlines()[-1] == "Closed."
    assert "Traceback" not in said and "rror" not in said
    assert list(server.folder.glob("orgsim-app-*")) == []


def test_a_busy_port_is_told_with_a_free_one(capsys):
    """The port that the message names is free; the command ends with code 2."""
    with listen("127.0.0.1", 0) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(InputError) as caught:
            listen("127.0.0.1", port)
        assert call(["app", "--no-browser", "--port", str(port)]) == 2
        assert f"port {port} is busy" in capsys.readouterr().err
    free = re.search(r"orgsim app --port (\d+)", str(caught.value))
    assert f"port {port} is busy" in str(caught.value) and int(free[1]) > port
    with pytest.raises(InputError, match="cannot listen there"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_in_the_language_that_was_told(language):
    """Whatever the browser's is."""
    one = TestClient(make_app(1, language=language))
    head = {"host": "127.0.0.1", "accept-language": "fr"}
    assert f'<html lang="{language}">' in one.get("/", headers=head).text


# --- who may ask ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8765"},
        {"host": ""},
        {"host": "127.0.0.1:8765", "origin": "http://evil.example"},
        {"host": "127.0.0.1:8765", "origin": "null"},
        {"host": "127.0.0.1:8765", "origin": "http://127.0.0.1:9999"},
        {"host": "127.0.0.1:8765", "sec-fetch-site": "cross-site"},
    ],
)
def test_foreign_names_and_pages_are_refused(client, headers):
    """Names by DNS rebinding, and requests from pages of other sites."""
    for method, path in (
        ("GET", "/"),
        ("GET", "/api/interview"),
        ("POST", "/api/scenarios"),
        ("POST", "/api/documents/data.csv"),
    ):
        assert client.request(method, path, headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:1", "[::1]:8765"])
def test_this_machine_is_answered_and_nothing_is_kept(client, host):
    """By any of its own names; whatever is answered has a strict policy."""
    for path in ("/", "/api/interview", "/api/nothing"):
        got = client.get(path, headers={"host": host})
        assert got.status_code == (404 if path.endswith("nothing") else 200)
        assert "default-src 'none'" in got.headers["content-security-policy"]
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["cache-control"] == "no-store"
        assert "set-cookie" not in got.headers


def test_only_the_page_and_its_answers_are_served(client):
    """No path leads to a file, and there is no documentation of the interface."""
    for path in ("/files/server.py", "/..%2fserver.py", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("listening", ["0.0.0.0", "::"])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.0.2.7:8765", 200),
        ("192.0.2.7", 200),
        ("[2001:db8::7]:8765", 200),
        ("localhost:8765", 200),
        ("this-machine:8765", 200),
        ("evil.example:8765", 403),
        ("192.0.2.7.evil.example", 403),
        ("3221225991", 403),
        ("[nonsense]", 403),
        ("", 403),
    ],
)
def test_listening_everywhere_any_address_in_digits_is_answered(
    monkeypatch, listening, host, status
):
    """A machine has more addresses than it can name; to rebind takes a name."""
    monkeypatch.setattr("socket.gethostname", lambda: "This-Machine")
    one = TestClient(make_app(1, allowed_hosts(listening)))
    got = one.get("/api/interview", headers={"host": host})
    assert got.status_code == status


def test_listening_at_one_address_others_are_refused():
    """Addresses in digits are for who listens everywhere."""
    one = TestClient(make_app(1, allowed_hosts("192.0.2.1")))
    for host, status in (("192.0.2.1", 200), ("192.0.2.7", 403)):
        got = one.get("/api/interview", headers={"host": host})
        assert got.status_code == status
    page = {"host": "192.0.2.1:1", "origin": "http://192.0.2.7:1"}
    assert one.get("/api/interview", headers=page).status_code == 403
