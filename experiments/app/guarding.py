"""Guard of the server: it accepts requests only from its own page, by its own name.

A page of another site that is open in the same browser can send requests to this
machine, by DNS rebinding even under a name of its own. So requests must name this
server in `Host` and, if they state an origin, must come from its own page.
"""

import ipaddress
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")
"""Where a server listens at every address of its machine."""
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
    " blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class Guard:
    """Middleware that refuses foreign hosts and pages, and adds security headers."""

    def __init__(self, app: Callable, hosts: tuple[str, ...]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: dict, receive: Callable, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refusal := self._refusal(headers):
            response = PlainTextResponse(refusal, 403, headers=HEADERS)
            await response(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                added = HEADERS | {"content-security-policy": CONTENT}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), value.encode())
                        for name, value in added.items()
                        if name.encode() not in there
                    ),
                ]
            await send(message)

        await self.app(scope, receive, with_headers)

    def _refusal(self, headers: Headers) -> str:
        """Return why a request is refused, or an empty text."""
        host = name_of(headers.get("host", ""))
        if not is_allowed(host, self.hosts):
            return "This server answers by its own name only."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return "This server answers its own page only."
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "This server answers its own page only."
        return ""


def name_of(host: str) -> str:
    """Return the name in a `Host` header, without its port.

    >>> name_of("localhost:8765"), name_of("[::1]:8765"), name_of("evil.example")
    ('localhost', '::1', 'evil.example')
    """
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def allowed_hosts(host: str) -> tuple[str, ...]:
    """Return the allowed host names of a server that listens at this address."""
    if host in LOOPBACK:
        return LOOPBACK
    own = (socket.gethostname().lower(),) if host in EVERYWHERE else ()
    return (*LOOPBACK, host.lower(), *own)


def is_allowed(host: str, hosts: tuple[str, ...]) -> bool:
    """Return whether a server with these host names accepts a host.

    A server that listens everywhere accepts any numeric address, as its machine may
    have more addresses than it knows; DNS rebinding needs a name.

    >>> is_allowed("192.0.2.7", allowed_hosts("::")), is_allowed("192.0.2.7", LOOPBACK)
    (True, False)
    """
    return host in hosts or (_is_address(host) and any(x in hosts for x in EVERYWHERE))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
