"""OpenTelemetry spans for articles and their requests, by the semantic conventions for generative AI.

An article is an ``invoke_workflow`` span, each request (retries and re-asks included) a ``chat`` span in it.
Spans are made where the calling program has loaded opentelemetry, as one that exports spans has, or where it
says ``trace=True``; opentelemetry is not imported otherwise. Texts of articles and replies are left out
unless asked for, and so are the messages of errors, which may quote them.

The conventions: https://github.com/open-telemetry/semantic-conventions-genai (in development; as of autumn
2026). What they have no name for begins with ``summarizer.``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from summarizer.errors import ConfigurationError
from summarizer.llm.base import Model, Reply, Request

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

CONTENT_VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"

Trace = bool | Literal["content"] | None
"""True or "content" (with the texts): make spans. False: none. None: where opentelemetry is loaded."""

_CONTENT_ON = frozenset({"true", "span_only", "span_and_event"})
_WORKFLOW = "summarize"
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Tracing:
    """Where spans go, and whether they carry texts; without a tracer there are none."""

    tracer: Tracer | None = None
    content: bool = False

    @contextmanager
    def article(self, attributes: dict[str, Any]) -> Iterator[Callable[[dict[str, Any]], None]]:
        """A span around one article; yields what adds attributes to it."""
        named = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": _WORKFLOW}
        with self._span(f"invoke_workflow {_WORKFLOW}", "INTERNAL", {**named, **attributes}) as span:
            yield lambda more: span.set_attributes(more) if span is not None else None

    @contextmanager
    def request(self, model: Model, request: Request[Any]) -> Iterator[Callable[[Reply[Any]], None]]:
        """A span around one request; yields what is told the reply."""
        if self.tracer is None:
            yield lambda reply: None
            return
        with self._span(f"chat {model.name}", "CLIENT", _asked(model, request)) as span:
            assert span is not None  # noqa: S101 - there is a tracer
            if self.content:
                messages = [
                    _message("system", request.system),
                    _message("user", f"{request.article}\n\n{request.question}"),
                ]
                span.set_attribute("gen_ai.input.messages", json.dumps(messages, ensure_ascii=False))
            yield lambda reply: self._answered(span, reply)

    def _answered(self, span: Span, reply: Reply[Any]) -> None:
        usage = reply.usage
        span.set_attributes(
            {
                "gen_ai.usage.input_tokens": usage.prompt_tokens,
                "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
                "gen_ai.usage.output_tokens": usage.completion_tokens,
                "summarizer.attempts": usage.requests,
            }
        )
        if self.content:
            said = [{**_message("assistant", reply.raw), "finish_reason": "stop"}]
            span.set_attribute("gen_ai.output.messages", json.dumps(said, ensure_ascii=False))

    @contextmanager
    def _span(self, name: str, kind: str, attributes: dict[str, Any]) -> Iterator[Span | None]:
        if self.tracer is None:
            yield None
            return
        from opentelemetry.trace import SpanKind, StatusCode

        with self.tracer.start_as_current_span(
            name,
            kind=SpanKind[kind],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(StatusCode.ERROR)
                raise


def start(trace: Trace = None) -> Tracing:
    """Settle whether spans are made. Raises ConfigurationError where they are asked for and cannot be."""
    if trace is False or (trace is None and "opentelemetry.trace" not in sys.modules):
        return Tracing()
    if trace not in (None, True, "content"):
        raise ConfigurationError(f"trace is {trace!r}. Give True, False or 'content'.")
    try:
        from opentelemetry.trace import get_tracer
    except ImportError as error:
        raise ConfigurationError(
            "Spans need opentelemetry, which is not installed. Install it with: pip install 'deal-summarizer[otel]'."
        ) from error
    from summarizer import __version__

    content = trace == "content" or os.environ.get(CONTENT_VARIABLE, "").strip().lower() in _CONTENT_ON
    return Tracing(get_tracer("summarizer", __version__), content)


def _asked(model: Model, request: Request[Any]) -> dict[str, Any]:
    served = urlsplit(model.endpoint)
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        # The form of the API that is spoken; server.address says whose it is.
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model.name,
        "gen_ai.request.max_tokens": request.max_tokens,
        "gen_ai.output.type": "json",
        "summarizer.about": request.about,
    }
    if served.hostname and served.scheme in _PORTS:
        attributes["server.address"] = served.hostname
        attributes["server.port"] = served.port or _PORTS[served.scheme]
    return attributes


def _message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}
