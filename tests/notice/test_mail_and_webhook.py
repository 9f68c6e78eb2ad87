"""Letters and posts to real servers on this machine: nothing is lost, nothing goes twice."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from mail_support import Box, free_port, mail_of

from reportkit.notice import Letter, NotSent, Post, mail, post, send_waiting, webhook
from reportkit.params import Mail, Schedule, Webhook
from reportkit.schedule.ledger import Ledger

NOW = dt.datetime(2024, 1, 8, 6, 0, tzinfo=dt.UTC)
NASTY = "东岭<矿业>&\"'</td>\r\nBcc: x@example.com"


LETTER = Letter(f"未完成\r\nBcc: y@example.com {NASTY}", ("第一段", NASTY), ("单位", "原因"),
                [("东岭矿业", NASTY)], {"event": "failure", "unit": NASTY})  # fmt: skip


def message(recipient: str) -> Any:
    """The letter to somebody."""
    return LETTER.message("office@example.com", recipient, "annual@1", NOW)


def test_a_letter_arrives_as_it_was_written(server: Controller, box: Box) -> None:
    """Text and table; data is data: no header, no markup comes of it."""
    with Post(mail_of(server)) as connection:
        connection.send(message("a@example.com"))
    ((to, got),) = box.taken
    assert to == ["a@example.com"]
    assert got["Bcc"] is None and got["To"] == "a@example.com"
    assert got["Subject"].startswith("未完成 Bcc: y@example.com 东岭")
    text, page = (part.get_content() for part in got.iter_parts())
    assert "第一段" in text and "单位：东岭矿业" in text
    assert "东岭&lt;矿业&gt;&amp;" in page and "</td>\r\nBcc" not in page
    assert "<table" in page and page.count("<tr>") == 2


def test_the_same_letter_has_the_same_id(server: Controller) -> None:
    """And another one another: mail programs know a repeat by it."""
    ids = [message(to)["Message-ID"] for to in ("a@example.com", "a@example.com", "b@example.com")]
    assert ids[0] == ids[1] != ids[2]


def test_who_is_unknown_for_good_is_told_apart_from_who_is_busy(
    server: Controller, box: Box
) -> None:
    """And neither keeps the connection from the next."""
    box.refused, box.busy = {"gone@example.com"}, {"busy@example.com"}
    with Post(mail_of(server)) as connection:
        with pytest.raises(NotSent, match="550 no such user") as gone:
            connection.send(message("gone@example.com"))
        with pytest.raises(NotSent, match="451 try again") as busy:
            connection.send(message("busy@example.com"))
        connection.send(message("a@example.com"))
    assert gone.value.for_good and not busy.value.for_good
    assert box.recipients == ["a@example.com"]


def login(accepted: bool) -> Callable[..., AuthResult]:
    """A server's judgement of every login."""
    return lambda *_: AuthResult(success=accepted, handled=accepted)


def test_a_refused_login_says_so_and_where_the_password_comes_from(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one nothing is even tried; a right one is used."""
    for accepted in (False, True):
        controller = Controller(
            box, hostname="127.0.0.1", port=free_port(), authenticator=login(accepted),
            auth_require_tls=False,
        )  # fmt: skip
        controller.start()
        try:
            settings = mail_of(controller, user="office")
            monkeypatch.delenv(mail.PASSWORD, raising=False)
            with pytest.raises(NotSent, match="no password for office"), Post(settings):
                pass
            monkeypatch.setenv(mail.PASSWORD, "geheim")
            if accepted:
                with Post(settings) as connection:
                    connection.send(message("a@example.com"))
            else:
                with pytest.raises(NotSent, match=mail.PASSWORD) as caught, Post(settings):
                    pass
                assert "geheim" not in str(caught.value)
        finally:
            controller.stop()
    assert box.recipients == ["a@example.com"]


def test_a_server_that_says_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the connection, and is silent."""
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Mail.model_validate({"server": "127.0.0.1", "security": "none",
                                        "port": silent.getsockname()[1],
                                        "sender": "office@example.com"})  # fmt: skip
        with pytest.raises(NotSent, match="no answer within"), Post(settings):
            pass


def test_tls_is_checked(server: Controller) -> None:
    """A server without TLS, or with a certificate of nobody's, is not spoken to."""
    for security in ("tls", "starttls"):
        with pytest.raises(NotSent), Post(mail_of(server, security=security)):
            pass


# --- batches ---------------------------------------------------------------------------------


class Hook:
    """An HTTP server, what it was sent, and what it answers next."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], Any]] = []
        self.answers: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = hook.answers.pop(0) if hook.answers else 204
                hook.taken.append((dict(self.headers), body))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A real HTTP server on this machine."""
    made = Hook()
    yield made
    made.server.shutdown()


def test_a_post_holds_all_and_its_token(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key by which a repeat is known, too."""
    monkeypatch.setenv(webhook.TOKEN, "zeichen")
    post(Webhook(url=hook.url), "annual@1/failure/webhook", dict(LETTER.data))
    ((headers, body),) = hook.taken
    assert body == {"event": "failure", "unit": NASTY}
    assert headers["Authorization"] == "Bearer zeichen"
    assert headers["Idempotency-Key"] == "annual@1/failure/webhook"


@pytest.mark.parametrize("status", [302, 401, 500])
def test_an_answer_that_is_no_yes_is_an_error(hook: Hook, status: int) -> None:
    """Nor is the token carried to where a redirection points."""
    hook.answers = [status]
    with pytest.raises(NotSent, match=str(status)):
        post(Webhook(url=hook.url), "k", {})
    assert len(hook.taken) == 1


def test_nobody_there(hook: Hook) -> None:
    """A server that is off."""
    hook.server.shutdown()
    hook.server.server_close()
    with pytest.raises(NotSent, match=r"127\.0\.0\.1"):
        post(Webhook(url=hook.url), "k", {})


def outbox(folder: Path, *recipients: str) -> Ledger:
    """A ledger with a letter to each."""
    ledger = Ledger(folder)
    run_at = NOW - dt.timedelta(hours=1)
    ledger.take("annual", run_at, run_at)
    run = ledger.next_in_turn()
    assert run is not None
    run = ledger.begin(run.id, run_at, "log")
    ledger.end(run, "failed", NOW, "", {f"annual@1/failure/{r}": (r, LETTER.to_json())
                                        for r in recipients})  # fmt: skip
    return ledger


def schedule_of(settings: Mail | None, hook: Hook | None = None) -> Schedule:
    """A schedule that knows these."""
    return Schedule(mail=settings, webhook=Webhook(url=hook.url) if hook else None)


PEOPLE = [f"p{n}@example.com" for n in range(6)]


def test_a_batch_that_breaks_off_goes_on_where_it_was(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    """The server is gone in the middle: those who have theirs get no second one."""
    ledger = outbox(tmp_path, *PEOPLE)
    box.fall_silent_after = 3
    send_waiting(ledger.outbox, schedule_of(mail_of(server)), NOW)
    assert box.recipients == PEOPLE[:3]
    send_waiting(ledger.outbox, schedule_of(mail_of(server)), NOW)  # not yet time to try again
    assert box.recipients == PEOPLE[:3]
    box.fall_silent_after = None
    send_waiting(ledger.outbox, schedule_of(mail_of(server)), NOW + dt.timedelta(minutes=2))
    assert sorted(box.recipients) == PEOPLE
    send_waiting(ledger.outbox, schedule_of(mail_of(server)), NOW + dt.timedelta(days=9))
    assert sorted(box.recipients) == PEOPLE
    assert {notice["state"] for notice in ledger.outbox.all()} == {"sent"}


def test_a_server_that_is_down_for_hours_loses_nothing(
    tmp_path: Path, server: Controller, box: Box, hook: Hook
) -> None:
    """Letters and the post wait, and go when it is back; the reason is kept meanwhile."""
    ledger = outbox(tmp_path, *PEOPLE, "webhook")
    down = Mail.model_validate({"server": "127.0.0.1", "port": 9, "security": "none",
                                "sender": "office@example.com"})  # fmt: skip
    hook.answers = [503] * 3
    for minutes in (0, 2, 10):
        send_waiting(ledger.outbox, schedule_of(down, hook), NOW + dt.timedelta(minutes=minutes))
    assert not box.taken
    assert {notice["state"] for notice in ledger.outbox.all()} == {"waiting"}
    assert all(notice["error"] and notice["tries"] == 3 for notice in ledger.outbox.all())
    send_waiting(ledger.outbox, schedule_of(mail_of(server), hook), NOW + dt.timedelta(hours=1))
    assert sorted(box.recipients) == PEOPLE
    assert len(hook.taken) == 4
    assert {notice["state"] for notice in ledger.outbox.all()} == {"sent"}


def test_who_is_unknown_is_given_up_and_the_others_are_not(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    """The reason stands in the ledger."""
    ledger = outbox(tmp_path, *PEOPLE)
    box.refused = {PEOPLE[2]}
    send_waiting(ledger.outbox, schedule_of(mail_of(server)), NOW)
    assert box.recipients == [p for p in PEOPLE if p != PEOPLE[2]]
    (given_up,) = (n for n in ledger.outbox.all() if n["state"] == "given up")
    assert given_up["recipient"] == PEOPLE[2] and "550" in given_up["error"]


def test_after_days_it_is_given_up(tmp_path: Path) -> None:
    """With the last reason; it is tried ten times, and never again."""
    ledger = outbox(tmp_path, PEOPLE[0])
    down = Mail.model_validate({"server": "127.0.0.1", "port": 9, "security": "none",
                                "sender": "office@example.com"})  # fmt: skip
    for hour in range(24 * 8):
        send_waiting(ledger.outbox, schedule_of(down), NOW + dt.timedelta(hours=hour))
    (notice,) = ledger.outbox.all()
    assert (notice["state"], notice["tries"]) == ("given up", 10)


def test_a_letter_that_cannot_be_written_keeps_no_other_from_going(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    """It is given up with its reason; the service goes on."""
    ledger = outbox(tmp_path, *PEOPLE[:2])
    ledger._base.execute(
        "UPDATE notices SET content = ? WHERE recipient = ?", ('{"nothing": 1}', PEOPLE[0])
    )
    send_waiting(ledger.outbox, schedule_of(mail_of(server)), NOW)
    assert box.recipients == [PEOPLE[1]]
    (given_up,) = (n for n in ledger.outbox.all() if n["state"] == "given up")
    assert given_up["recipient"] == PEOPLE[0] and "TypeError" in given_up["error"]
