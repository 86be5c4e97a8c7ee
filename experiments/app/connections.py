"""Connections with time limits, so that no client can block the server.

A client must send the head of a request, and then its body, within some seconds, and
must read the answer at some rate. There is no limit while the server works on an
answer. If too many connections wait, the one that has waited longest is closed.
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
    """A connection to a client, with time limits."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.since = 0.0
        self.stage: tuple[Any, ...] | None = None
        self.patience: asyncio.TimerHandle | None = None
        self.reading: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether the client must still send something before it can be answered."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # pause writing on any unread byte
        self._be_patient()
        known = [x for x in self.connections if isinstance(x, Connection)]
        waiting = [connection for connection in known if connection.waits]
        if len(waiting) > MOST_WAITING:
            oldest = min(waiting, key=lambda x: x.since)
            self.connections.discard(oldest)  # now: others may come before it has ended
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
        """Refuse data that is not HTTP; with a message if no answer has started."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()
        if self.cycle is not None:
            self.cycle.disconnected = True

    def _be_patient(self) -> None:
        """Start the time limit of the present stage, if this stage is new."""
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
        """Abort unless the client has read enough since `before` bytes were left."""
        left = self.transport.get_write_buffer_size()
        if left > before - LEAST_READ:
            self.transport.abort()
        else:
            self.reading = self.loop.call_later(READING_SECONDS, self._check_read, left)
