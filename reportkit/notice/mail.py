"""Letters by SMTP: one connection, one message to each recipient, so that none goes twice."""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from reportkit.params import Mail

PASSWORD = "REPORTKIT_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
"""Environment variable: the password of the mail server's user."""

SECONDS = 30.0
"""So long a server may be silent."""


class NotSent(Exception):
    """A letter that did not go out.

    Parameters
    ----------
    reason:
        What the server said, or why it could not be asked.
    for_good:
        Whether it is no use to try again: the server knows no such recipient.
    broken:
        Whether the connection is of no more use.
    """

    def __init__(self, reason: str, *, for_good: bool = False, broken: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good
        self.broken = broken


class Post:
    """A connection to the mail server, as a context manager.

    Raises
    ------
    NotSent
        On entering, if the server cannot be reached, is not who it says, or refuses the login.
    """

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent(
                f"{self._mail.server} refused the login of {self._mail.user}: {_said(error)}; "
                f"next: put the right password in {PASSWORD}",
                broken=True,
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(
                f"{self._mail.server}:{self._mail.port}: {_said(error)}", broken=True
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server.close()

    def _connect(self) -> smtplib.SMTP:
        mail = self._mail
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if mail.security == "tls":
            server = smtplib.SMTP_SSL(mail.server, mail.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(mail.server, mail.port, timeout=SECONDS)
        try:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, _password(mail))
        except BaseException:
            server.close()
            raise
        return server

    def send(self, message: EmailMessage) -> None:
        """Sends one message to its one recipient; returns when the server has taken it.

        Raises
        ------
        NotSent
            If it has not.
        """
        if self._server is None:
            raise NotSent("there is no connection", broken=True)
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, said),) = error.recipients.values()
            raise NotSent(f"refused: {code} {_words(said)}", for_good=code >= 550) from error
        except smtplib.SMTPResponseException as error:
            # The server answered, and may go on: a message too large, a sender it does not like.
            broken = error.smtp_code == 421
            raise NotSent(_said(error), broken=broken) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_said(error), broken=True) from error


def _password(mail: Mail) -> str:
    """From the environment, else from the system's keyring, never from a file of ours."""
    if (found := os.environ.get(PASSWORD)) is not None:
        return found
    try:
        import keyring  # an extra of the office's own choice
    except ImportError:
        kept = None
    else:
        kept = keyring.get_password(f"reportkit {mail.server}", mail.user or "")
    if kept is None:
        raise NotSent(
            f"no password for {mail.user} at {mail.server}; next: put it in {PASSWORD}, or in the "
            f"keyring: keyring set 'reportkit {mail.server}' {mail.user}",
            broken=True,
        )
    return str(kept)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"no answer within {SECONDS:.0f} s"
    return str(error) or type(error).__name__


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
