"""Connections that cannot keep the server waiting for ever.

Who has connected must ask: within some seconds the head of a request, then its body
must be there, and whoever is sent an answer must read it. While the server works at an
answer nobody is hurried. Where many only wait, the one that has waited longest goes.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""How long the head of a request may take, from the connection or its first byte on."""
BODY_SECONDS = 120.0
"""How long the body of a request may take, the largest being 15 MB."""
LINGER_SECONDS = 5.0
"""How long a body may still come that was refused before its end."""
READING_SECONDS = 60.0
LEAST_READ = 30_000
"""Bytes of an answer that must be read in each so many seconds."""
MOST_WAITING = 200
"""Connections that wait for a whole request at a time."""


class Connection(H11Protocol):
    """A connection of a client that is given so much time and no more."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.since = 0.0
        self.stage: tuple[Any, ...] | None = None
        self.patience: asyncio.TimerHandle | None = None
        self.reading: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether the client has something to send before it can be answered."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # told of whatever is not read yet
        self._be_patient()
        known = [x for x in self.connections if isinstance(x, Connection)]
        waiting = [connection for connection in known if connection.waits]
        if len(waiting) > MOST_WAITING:
            oldest = min(waiting, key=lambda x: x.since)
            self.connections.discard(oldest)  # now: many may come before it has ended
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._be_patient()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self.patience, self.reading):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        left = self.transport.get_write_buffer_size()
        self.reading = self.loop.call_later(READING_SECONDS, self._check_read, left)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.reading is not None:
            self.reading.cancel()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in words unless an answer has begun."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()
        if self.cycle is not None:
            self.cycle.disconnected = True

    def _be_patient(self) -> None:
        """Give time for what the client has to send now, from when that begins on."""
        refused = self.cycle is not None and self.cycle.response_complete
        stage = (self.conn.their_state, self.cycle, refused)
        if stage == self.stage:
            return
        self.stage, self.since = stage, self.loop.time()
        if self.patience is not None:
            self.patience.cancel()
            self.patience = None
        if self.waits and not self.transport.is_closing():
            body = LINGER_SECONDS if refused else BODY_SECONDS
            seconds = HEAD_SECONDS if self.conn.their_state is h11.IDLE else body
            self.patience = self.loop.call_later(seconds, self.transport.abort)

    def _check_read(self, before: int) -> None:
        """End the connection unless enough was read since there was so much left."""
        left = self.transport.get_write_buffer_size()
        if left > before - LEAST_READ:
            self.transport.abort()
        else:
            self.reading = self.loop.call_later(READING_SECONDS, self._check_read, left)
