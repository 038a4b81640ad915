"""Errors as the API tells them: a status, the name of the error, and a sentence that says what to do."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer import errors
from summarizer.render.safe import one_line
from summarizer.serve.types import ErrorDetail, ErrorResponse

log = logging.getLogger("summarizer.serve")

_STATUSES: tuple[tuple[type[errors.SummarizerError], int], ...] = (  # the first that fits
    (errors.NotText, 415),
    (errors.InputTooLarge, 413),
    (errors.InputError, 422),
    (errors.UnsupportedClaims, 422),
    (errors.AuthenticationError, 502),
    (errors.ModelNotFound, 502),
    (errors.QuotaExceeded, 502),
    (errors.ContextExceeded, 422),
    (errors.DeadlineExceeded, 504),
    (errors.RateLimited, 503),
    (errors.EndpointError, 502),
)
_INTERNAL = (
    "The server failed, and its log names the error. Try again; if it happens again, please report it."
)


class Refusal(Exception):
    """A request that is not served: the status and body of its response."""

    def __init__(
        self,
        status: int,
        type: str,
        message: str,
        *,
        retry_after: float | None = None,
        challenge: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.detail = ErrorDetail(type=type, message=message, retry_after=retry_after)
        self.challenge = challenge

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response."""
        found = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        if self.detail.retry_after is not None:
            found["Retry-After"] = str(max(1, round(self.detail.retry_after)))
        if self.challenge:
            found["WWW-Authenticate"] = "Bearer"
        return found

    @property
    def body(self) -> bytes:
        """The JSON of an ErrorResponse."""
        return ErrorResponse(error=self.detail).model_dump_json(exclude_none=True).encode()


def refusal_of(error: BaseException) -> Refusal:
    """Return what the client is told of any error.

    An unexpected one is logged by its type and its place only, since its message may quote the article.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, errors.SummarizerError):
        status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
        return Refusal(status, type(error).__name__, one_line(str(error)), retry_after=error.retry_after)
    frame = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{frame[0].filename}:{frame[0].lineno}" if frame else "an unknown place"
    log.error("%s at %s", type(error).__name__, place)
    return Refusal(500, "InternalError", _INTERNAL)


def invalid(faults: Sequence[Any]) -> Refusal:
    """Return the refusal of a request by the errors of a Pydantic ValidationError: 400 for no JSON, else 422.

    The message names the first fault and quotes nothing of the request.
    """
    first = faults[0]
    said = one_line(first["msg"].removeprefix("Value error, "))
    if first["type"] == "json_invalid":
        return Refusal(400, "InvalidJson", f"The body is not JSON: {said}. Send a JSON object in UTF-8.")
    at = ".".join(map(str, first["loc"]))
    return Refusal(422, "InvalidRequest", f"{at}: {said}." if at else f"The request is incomplete: {said}.")


def told(refusal: Refusal) -> str:
    """Return the data of an ``error`` event."""
    return json.dumps(
        {"status": refusal.status, **refusal.detail.model_dump(exclude_none=True)}, ensure_ascii=False
    )
