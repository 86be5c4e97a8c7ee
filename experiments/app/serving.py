"""Start and stop the server: its port, its warnings, its end."""

import errno
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI

from experiments.app.connections import Connection
from experiments.app.guarding import LOOPBACK, allowed_hosts
from experiments.app.server import make_app
from experiments.errors import InputError
from experiments.files.signals import STOPS
from experiments.words.numerals import say

NEXT_PORTS = 50
"""Ports after a busy one that are looked at for a free one."""
LONGEST_GOODBYE = 1
"""Seconds that answers under way have when the server is stopped."""
LONGEST_CLOSING = 1.2
"""Seconds after which it ends, whatever still runs in it."""
KEPT_SECONDS = 30
"""How long a connection without a request stays open for the next one."""
MOST_CONNECTIONS = 500
OPENING_SECONDS = 10.0
LOOK_SECONDS = 0.2
TRIES = 20
"""Times that a folder is removed in which files still come."""


def serve(
    host: str,
    port: int,
    workers: int,
    browser: bool,
    language: str | None,
    quiet: bool,
) -> None:
    """Serve the page until Ctrl-C, which ends the process with exit code 0.

    Without a language, the page opens in the browser's language. Raises `InputError`
    if the server cannot listen at this host and port.
    """
    opens_in, language = language, language or "en"
    listening = listen(host, port)
    address = address_of(host, listening.getsockname()[1])
    if host not in LOOPBACK:
        click.echo(say("app_open_to_others", language, host=host), err=True)
    click.echo(say("app_listening", language, address=address))
    if not quiet:
        click.echo(say("app_to_stop", language), err=True)
    app = make_app(workers, allowed_hosts(host), opens_in)
    if browser:
        threading.Thread(target=_open, args=(address,), daemon=True).start()
    _run_until_stopped(server_of(app), app, listening)
    if not quiet:
        click.echo(say("app_closed", language), err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # without waiting for documents that nobody wants any more


def server_of(app: FastAPI) -> uvicorn.Server:
    """Return a server for an app, with time limits for its clients."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
        timeout_keep_alive=KEPT_SECONDS,
        limit_concurrency=MOST_CONNECTIONS,
        lifespan="on",
    )
    return uvicorn.Server(config)


def _run_until_stopped(
    server: uvicorn.Server, app: FastAPI, listening: socket.socket
) -> None:
    """Serve in a thread until a signal comes; then remove the server's folder."""
    stopped = threading.Event()
    for one in STOPS:
        if signal.getsignal(one) != signal.SIG_IGN:
            signal.signal(one, lambda *_: stopped.set())
    thread = threading.Thread(
        target=server.run, args=([listening],), name="server", daemon=True
    )
    thread.start()
    while thread.is_alive() and not stopped.wait(LOOK_SECONDS):
        pass
    for name in ("uvicorn.error", "asyncio"):  # interruptions from now on are no errors
        logging.getLogger(name).setLevel(logging.CRITICAL)
    app.state.maker.close()
    server.should_exit = True
    thread.join(LONGEST_CLOSING)
    listening.close()
    if folder := getattr(app.state, "folder", None):
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder into which something may still write."""
    for _ in range(TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise `InputError`, with a free port if it is busy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise InputError(_why_not(host, port, error)) from error
    return made


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        free = _free_port(host, port)
        hint = f"; port {free} is free: orgsim app --port {free}" if free else ""
        return f"port {port} is busy: something listens there already{hint}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used; allowed: 1024 to 65535"
    why = error.strerror or error
    return f"{host}: cannot listen there ({why}); leave --host out for this machine"


def _free_port(host: str, port: int) -> int | None:
    """Return the next free port, or None if none is near."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for other in range(port + 1, min(port + NEXT_PORTS, 65_535) + 1):
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            try:
                tried.bind((host, other))
            except OSError:
                continue
            return other
    return None


def address_of(host: str, port: int) -> str:
    """Return the address of the page for a browser on this machine.

    >>> address_of("127.0.0.1", 8765), address_of("0.0.0.0", 80)
    ('http://127.0.0.1:8765/', 'http://127.0.0.1:80/')
    """
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _open(address: str) -> None:
    """Open the browser as soon as the page is available."""
    end = time.monotonic() + OPENING_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=1):
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(0.1)
