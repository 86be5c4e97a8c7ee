"""What a page of one server does, without a browser."""

import sys
from pathlib import Path

import machine
import pytest

# Tests of the page share what a page does.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def client():
    """A client of one server, warm."""
    from starlette.testclient import TestClient

    from experiments.app.server import make_app

    with TestClient(make_app(2), base_url="http://127.0.0.1:8765") as one:
        machine.until(lambda: one.get("/api/warming").json()["ready"])
        yield one


@pytest.fixture
def page(client):
    """What a page of that server does, without a browser."""
    from test_app import Page

    return Page(client)
