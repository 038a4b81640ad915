"""Re-asks by instructor: it validates a draft, sends it back with what is wrong, and validates the next one.

The first answer does not pass through instructor, because most drafts are valid and instructor costs several
times what the request itself costs. An answer that is not valid is handed over as the completion of
instructor's first call. Importing instructor takes a quarter of a second, so this module is imported at the
first re-ask.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import instructor
import tenacity
from instructor.core.exceptions import InstructorRetryException
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from summarizer.llm.base import Request, T
from summarizer.records.drafts import doubting

# instructor logs failed calls as errors. They are raised here in our own words, so its log would repeat them.
logging.getLogger("instructor").addHandler(logging.NullHandler())

Messages = list[dict[str, Any]]


class NeverValid(Exception):
    """No answer matched the draft's schema."""


async def reask(
    request: Request[T],
    messages: Messages,
    first: str,
    ask: Callable[[Messages], Awaitable[str]],
    *,
    complaints: int,
    may_go_on: Callable[[int], bool],
    on_invalid: Callable[[], None],
) -> T:
    """Return the first valid draft: of ``first``, or of what ``ask`` answers to the messages that say what is wrong.

    ``complaints`` is the number of times that the complaints of the request send a draft back; ``may_go_on``
    gets the number of attempts so far; ``on_invalid`` is called for each answer that does not match the
    schema. Raises NeverValid, or what ``ask`` raises.
    """
    given: list[str] = []

    async def create(*, messages: Messages, **_options: Any) -> ChatCompletion:
        given.append(await ask(messages) if given else first)
        return _completion(given[-1])

    def learn(state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome is not None else None
        if given and not _is_complaint(error):
            on_invalid()

    patched: Any = instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)
    try:
        draft: T = await patched(
            response_model=doubting(request.draft, _at_most(complaints, request)),
            messages=messages,
            strict=False,  # "14.3" for a number is an answer, not an error
            max_retries=tenacity.AsyncRetrying(
                stop=lambda state: not may_go_on(state.attempt_number),
                retry=tenacity.retry_if_exception_type((ValidationError, json.JSONDecodeError)),
                after=learn,
                reraise=True,
            ),
        )
    except InstructorRetryException as error:
        cause = error.__cause__
        if isinstance(cause, (ValidationError, json.JSONDecodeError)) or not isinstance(cause, Exception):
            raise NeverValid from None
        raise cause from None
    return draft


def _completion(text: str) -> ChatCompletion:
    """An answer in the form that instructor reads."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return ChatCompletion.model_validate(
        {"id": "", "object": "chat.completion", "created": 0, "model": "", "choices": [choice]}
    )


def _at_most(times: int, request: Request[T]) -> Callable[[T], Sequence[str]]:
    """The complaints of a request, raised so many times and then kept back: its answer is taken as it is."""
    left = times

    def complain(draft: T) -> Sequence[str]:
        nonlocal left
        left -= 1
        return request.complain(draft) if left >= 0 and request.complain is not None else ()

    return complain


def _is_complaint(error: BaseException | None) -> bool:
    """Whether a draft matched its schema, but claimed what the source does not hold."""
    return isinstance(error, ValidationError) and all(one["type"] == "value_error" for one in error.errors())
