"""The same to a program: a POST of JSON."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from reportkit.notice.mail import NotSent
from reportkit.params import Webhook

TOKEN = "REPORTKIT_WEBHOOK_TOKEN"  # noqa: S105 - the name of a variable
"""Environment variable: the token that proves to the other side who posts."""

SECONDS = 20.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is posted, and the token, go to the address in the parameters, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def post(webhook: Webhook, key: str, data: Mapping[str, Any]) -> None:
    """Posts ``data``; returns when the other side has answered that all is well (2xx).

    ``key`` goes along as ``Idempotency-Key``: whoever has it already need do nothing.

    Raises
    ------
    NotSent
        With what the other side said.
    """
    body = json.dumps(data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    if token := os.environ.get(TOKEN):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(webhook.url, body, headers)  # noqa: S310 - checked on load
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=SECONDS):
            return
    except urllib.error.HTTPError as error:
        with error:
            raise NotSent(f"{webhook.url} answered {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NotSent(f"{webhook.url}: {reason or type(error).__name__}") from error
