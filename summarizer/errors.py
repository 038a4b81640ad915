"""Every error this package raises on purpose, as one tree.

    SummarizerError                     exit code
    ├── InputError                      2   the article (or argument) cannot be used
    │   ├── EmptyInput                      nothing to read
    │   ├── NotText                         binary, or an encoding that cannot be told
    │   ├── InputTooLarge                   over the limit of characters
    │   └── NotEnglish                      the text is in another language
    ├── SchemaError                     2   the record's schema is not made of value types
    ├── UnsupportedClaims               2   strict=True and the text does not support a fact
    ├── ConfigurationError              3   a setting, an extra or a prompt is missing or wrong
    │   ├── PromptError                     a template is missing or names an unknown variable
    │   ├── WeightsError                    the embedded model's weights are missing or damaged
    │   ├── AuthenticationError             401, 403
    │   ├── ModelNotFound                   404
    │   └── QuotaExceeded                   402, or 429 with the quota used up
    └── EndpointError                   4   the model's server failed
        ├── EndpointUnavailable             5xx, timeout, refused or reset connection, no JSON
        ├── DeadlineExceeded                the time of the article was over
        ├── ModelProcessDied                the embedded model's process died again after a restart
        ├── RateLimited                     429 beyond the time allowed
        ├── Truncated                       the reply met its token limit twice
        ├── ContextExceeded                 the prompt does not fit, or was silently cut
        ├── Refused                         a refusal or a content filter
        └── InvalidReply                    the reply never met the schema

Each carries what a caller needs as attributes, and a sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from summarizer.findings import Finding

# What a command ends with where all is not well.
SOME_FAILED = 1  # some articles failed, or the program itself did
BAD_INPUT = 2
MISCONFIGURED = 3
ENDPOINT_FAILED = 4
INTERRUPTED = 130


class SummarizerError(Exception):
    """Root of the tree.

    ``attempts`` counts requests that were made, ``usage`` holds what they cost (or None),
    ``retry_after`` is in seconds (or None), and ``findings`` what the checks saw.
    """

    exit_code: ClassVar[int] = SOME_FAILED

    def __init__(
        self,
        message: str,
        *,
        attempts: int = 0,
        usage: Any = None,
        retry_after: float | None = None,
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.usage = usage
        self.retry_after = retry_after
        self.findings = tuple(findings)


class InputError(SummarizerError):
    """The article or an argument cannot be used."""

    exit_code = BAD_INPUT


class EmptyInput(InputError):
    """There is nothing to read."""


class NotText(InputError):
    """The input is binary, or its encoding cannot be told."""


class InputTooLarge(InputError):
    """The input is longer than one article can be."""


class NotEnglish(InputError):
    """The text is in a language that this version does not read."""


class SchemaError(SummarizerError):
    """The record's schema holds something that is not one of the value types."""

    exit_code = BAD_INPUT


class UnsupportedClaims(SummarizerError):
    """Under ``strict=True``: the text does not support a fact that the model gave."""

    exit_code = BAD_INPUT


class ConfigurationError(SummarizerError):
    """A setting, an extra or a prompt is missing or wrong."""

    exit_code = MISCONFIGURED


class PromptError(ConfigurationError):
    """A prompt template is missing or names a variable that it is not given."""


class WeightsError(ConfigurationError):
    """The embedded model's weights are missing, damaged, or do not fit on the disk."""


class AuthenticationError(ConfigurationError):
    """The endpoint refused the key."""


class ModelNotFound(ConfigurationError):
    """The endpoint does not know the model, or the address is not that of an API."""


class QuotaExceeded(ConfigurationError):
    """The account behind the key has nothing left to spend."""


class EndpointError(SummarizerError):
    """The model's server failed."""

    exit_code = ENDPOINT_FAILED


class EndpointUnavailable(EndpointError):
    """The server cannot be reached, answers with an error, or answers with no JSON."""


class DeadlineExceeded(EndpointError):
    """The time that the article may take was over before the server had answered."""


class ModelProcessDied(EndpointError):
    """The embedded model's process died, was restarted once, and died again."""


class RateLimited(EndpointError):
    """The server asks to wait for longer than the time allowed."""


class Truncated(EndpointError):
    """The reply met its token limit, twice."""


class ContextExceeded(EndpointError):
    """The prompt does not fit into the model's context, or was silently cut."""


class Refused(EndpointError):
    """The model refused, or a content filter stopped it."""


class InvalidReply(EndpointError):
    """The reply never met the schema."""
