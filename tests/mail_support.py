"""A real SMTP server on this machine, and what it took."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from reportkit.params import Mail


class Box:
    """What a mail server took, and how it behaves."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refused: set[str] = set()
        self.busy: set[str] = set()
        self.fall_silent_after: int | None = None

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Refuses some for good, some for now."""
        if address in self.refused:
            return "550 no such user here"
        if address in self.busy:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Takes a letter, or breaks off."""
        if self.fall_silent_after is not None and len(self.taken) >= self.fall_silent_after:
            server.transport.abort()
            return "421 gone"
        self.taken.append(
            (envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        """Whom letters reached, one entry a letter."""
        return [address for to, _ in self.taken for address in to]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def serving(box: Box) -> Iterator[Controller]:
    """A server on a free port that fills the box."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def mail_of(server: Controller, **more: Any) -> Mail:
    """The parameters of that server."""
    port = server.server.sockets[0].getsockname()[1]
    return Mail.model_validate({"server": "127.0.0.1", "port": port, "security": "none",
                                "sender": "office@example.com", **more})  # fmt: skip
