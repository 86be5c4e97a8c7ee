"""One server without a browser, and what a page sends to it."""

import base64
import io
import sys
import zipfile
from pathlib import Path

import pytest

# Tests share what runs a server in a process of its own.
sys.path.insert(0, str(Path(__file__).parent))

from page_files import FILES


@pytest.fixture(scope="module")
def client():
    """A client of one server, which must not fail (status 500)."""
    from starlette.testclient import TestClient

    from experiments.app.server import make_app

    with TestClient(make_app(2), base_url="http://127.0.0.1:8765") as one:
        yield one


@pytest.fixture
def files():
    """The scenario files of an answer, as a page sends them."""
    return dict(FILES)


@pytest.fixture
def refusal(client):
    """Return the problems with which a request is refused, in a language."""

    def refused(path, data, language="en", status=422):
        content = {"content": data} if isinstance(data, bytes) else {"json": data}
        head = {"accept-language": language}
        found = client.post(f"/api/{path}", headers=head, **content)
        assert found.status_code == status, found.text
        text = "\n".join(found.json()["problems"])
        assert "orgsim-app" not in text and "/tmp" not in text
        return text

    return refused


@pytest.fixture
def sent():
    """Return a file as a page sends it."""

    def made(name, text):
        content = text if isinstance(text, bytes) else text.encode()
        return {"name": name, "content": base64.b64encode(content).decode()}

    return made


@pytest.fixture
def unpacked(tmp_path):
    """Return the folder in which the files of an archive are."""

    def made(content, name):
        folder = tmp_path / name
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        return folder

    return made
