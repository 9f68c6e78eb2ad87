"""One letter: what it says, as text and as a table, and as the message that goes out."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

_STYLE = "border:1px solid #888;padding:3px 8px;text-align:left;vertical-align:top"


@dataclass(frozen=True)
class Letter:
    """What a person is told.

    Parameters
    ----------
    subject:
        One line.
    lines:
        Paragraphs, before the table.
    head, rows:
        The table, if there is one.
    data:
        The same for a program: what the webhook is sent.
    enclosures:
        Files that go with it: name as the recipient sees it, path below ``outputs/``, SHA-256.
    """

    subject: str
    lines: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    enclosures: Sequence[tuple[str, str, str]] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain values, to be kept."""
        return {
            "subject": self.subject,
            "lines": list(self.lines),
            "head": list(self.head),
            "rows": [list(row) for row in self.rows],
            "data": dict(self.data),
            "enclosures": [list(enclosed) for enclosed in self.enclosures],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Letter:
        """The letter that was kept."""
        return cls(**kept)

    @property
    def text(self) -> str:
        """The letter as plain text; the table a block of lines for each row."""
        parts = list(self.lines)
        for row in self.rows:
            parts.append("\n".join(f"{n}：{v}" for n, v in zip(self.head, row, strict=True) if v))
        return "\n\n".join(parts) + "\n"

    @property
    def markup(self) -> str:
        """The letter as HTML; all that it holds is data."""
        parts = [f"<p>{html.escape(line)}</p>" for line in self.lines]
        if self.rows:
            head = "".join(f'<th style="{_STYLE}">{html.escape(name)}</th>' for name in self.head)
            body = "".join(
                "<tr>"
                + "".join(f'<td style="{_STYLE}">{html.escape(value)}</td>' for value in row)
                + "</tr>"
                for row in self.rows
            )
            parts.append(f'<table style="border-collapse:collapse"><tr>{head}</tr>{body}</table>')
        return f'<html lang="zh-CN"><body>{"".join(parts)}</body></html>'

    def message(
        self,
        sender: str,
        recipient: str,
        key: str,
        now: dt.datetime,
        enclosed: Sequence[tuple[str, bytes]] = (),
    ) -> EmailMessage:
        """The message to one recipient.

        Parameters
        ----------
        key:
            What it is known by: sent twice all the same (a server that took it and fell silent),
            it bears the same Message-ID, by which mail programs know it again.
        enclosed:
            Its files: name as the recipient sees it, and content.
        """
        message = EmailMessage()
        message["Subject"] = _one_line(self.subject)
        message["From"], message["To"] = _address(sender), _address(recipient)
        message["Date"] = format_datetime(now)
        domain = sender.rpartition("@")[2]
        known = hashlib.sha256(f"{key}\0{recipient}".encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{known}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text)
        message.add_alternative(self.markup, subtype="html")
        for name, content in enclosed:
            main, _, sub = (mimetypes.guess_type(name)[0] or "").partition("/")
            message.add_attachment(
                content, maintype=main or "application", subtype=sub or "octet-stream",
                filename=name,
            )  # fmt: skip
        return message


def _one_line(text: str) -> str:
    """A subject is one line, whatever the data holds."""
    return " ".join(text.split())


def _address(text: str) -> Address:
    local, _, domain = text.rpartition("@")
    return Address(username=local, domain=domain)
