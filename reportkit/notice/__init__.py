"""Telling people: letters by SMTP, and the same to a webhook. Knows nothing of jobs or units."""

from reportkit.notice.letter import Letter
from reportkit.notice.mail import NotSent, Post
from reportkit.notice.outbox import Notice, Notices, Outbox
from reportkit.notice.sending import send_waiting
from reportkit.notice.webhook import post

__all__ = ["Letter", "NotSent", "Notice", "Notices", "Outbox", "Post", "post", "send_waiting"]
