"""What a server's answer means, as an error that says what to do."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any

from summarizer.errors import (
    AuthenticationError,
    ContextExceeded,
    EndpointError,
    EndpointUnavailable,
    ModelNotFound,
    QuotaExceeded,
    RateLimited,
    Refused,
    SummarizerError,
)
from summarizer.llm.providers import provider

_TRANSIENT = {408, 409, 425}
_SPENT = {"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance", "credits_exhausted"}
_FILTERED = {"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"}
_CONTEXT = re.compile(
    r"context.?(length|size|window)|exceed_context|prompt is too long|too many tokens|reduce the length|"
    r"maximum.{0,20}tokens",
    re.IGNORECASE,
)
_WORDS = 200  # characters of the server's own words that are shown


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is no completion: its status and code, what it said, and how long it asks to wait."""

    status: int
    said: str = ""
    code: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked: the endpoint as it is shown, the model, and the kind of server."""

    endpoint: str
    model: str
    kind: str

    @property
    def start(self) -> str:
        """What to do where it does not answer."""
        return provider(self.kind).start


def explain(answer: Answered, asked: Asked) -> SummarizerError:
    """Say what a status means and what to do."""
    where = f"{asked.endpoint} answered {answer.status}"
    status, code = answer.status, answer.code
    if status == 402 or code in _SPENT:
        return QuotaExceeded(
            f"{where}: the account has nothing left to spend. Top it up, or name another model."
        )
    if code in _FILTERED or (status == 403 and re.search("moderation|flagged", answer.said)):
        return Refused(f"{asked.model} refused to read this text: content filter.")
    if status in (401, 403):
        return AuthenticationError(
            f"{where}: the key was refused. Set SUMMARIZER_API_KEY, or give --api-key."
        )
    if status == 404:
        fetch = provider(asked.kind).fetch
        fetched = f" Fetch it with: {fetch.format(model=asked.model)}." if fetch else ""
        return ModelNotFound(
            f"{where}: it has no model {asked.model!r}, or the address is not that of an API. "
            f"Check --model and --base-url; the address usually ends in /v1.{fetched}"
        )
    if status in (400, 413, 422, 500) and (_CONTEXT.search(code) or _CONTEXT.search(answer.said)):
        return ContextExceeded(f"The text is too long for {asked.model}: {answer.said}")
    after = answer.retry_after
    if status == 429:
        wait = f"; it asks to wait {after:g} s." if after else "."
        return RateLimited(f"{where}: too many requests{wait}", retry_after=after)
    if status >= 500 or status in _TRANSIENT:
        return EndpointUnavailable(f"{where}: {answer.said or 'no reason given'}.", retry_after=after)
    return EndpointError(f"{where}: {answer.said or 'no reason given'}.")


def words_of(body: Any, text: str, secret: str) -> tuple[str, str]:
    """A server's own words and its code, on one line, shortened, and without the key if it repeats that."""
    code = ""
    said: Any = text
    if isinstance(body, Mapping):
        nested = body.get("error")
        inner = nested if isinstance(nested, Mapping) else body
        code = str(inner.get("code") or inner.get("type") or "")
        said = inner.get("message") or inner.get("detail") or inner.get("error") or text
    elif isinstance(body, str):
        said = body
    line = " ".join(str(said).split())
    if "<html" in line[:300].lower() or line.lower().startswith("<!doctype"):
        line = "an HTML page"
    if len(secret) >= 4:
        line, code = line.replace(secret, "…"), code.replace(secret, "…")
    return (line if len(line) <= _WORDS else f"{line[: _WORDS - 1]}…").rstrip("."), code


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait: ``retry-after-ms``, or ``Retry-After`` in seconds or as a date."""
    with contextlib.suppress(ValueError):
        return max(0.0, float(headers.get("retry-after-ms", "")) / 1000)
    said = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(said))
    with contextlib.suppress(ValueError, TypeError):
        until = parsedate_to_datetime(said)
        until = until if until.tzinfo else until.replace(tzinfo=timezone.utc)
        return max(0.0, until.timestamp() - time.time())
    return None
