"""Spans: their names and attributes, no text unless asked for, and no import of opentelemetry unless used."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from summarizer import asummarize, errors, summarize
from summarizer.tracing import CONTENT_VARIABLE
from tests.conftest import ANSWERS, ARTICLE, VAGUE, FakeModel
from tests.fault_server import completion, error, serve

_EXPORTER = InMemorySpanExporter()


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """The provider can be set once for a process; each test begins with nothing exported."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(_EXPORTER))
        trace.set_tracer_provider(provider)
    monkeypatch.delenv(CONTENT_VARIABLE, raising=False)
    _EXPORTER.clear()
    yield _EXPORTER
    _EXPORTER.clear()


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_an_article_is_a_span_and_each_request_one_within(
    exported: InMemorySpanExporter, model: FakeModel
) -> None:
    """Named as the conventions for generative AI have it, and within the caller's own span."""
    with trace.get_tracer("caller").start_as_current_span("job") as job:
        record = summarize(ARTICLE, model=model, id="norrlund")
    *requests, article, _ = exported.get_finished_spans()
    assert (article.name, article.kind) == ("invoke_workflow summarize", SpanKind.INTERNAL)
    assert article.parent.span_id == job.get_span_context().span_id
    assert attributes(article) == {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": "summarize",
        "summarizer.records": "DealSummary",
        "summarizer.source.id": "norrlund",
        "summarizer.requests": record.usage.requests,
        "summarizer.findings": len(record.findings),
    }
    assert len(requests) == record.usage.requests
    for span in requests:
        assert (span.name, span.kind) == ("chat fake", SpanKind.CLIENT)
        assert span.parent.span_id == article.context.span_id
        assert span.status.status_code is StatusCode.UNSET
    assert attributes(requests[0]) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "fake",
        "gen_ai.request.max_tokens": 400,
        "gen_ai.output.type": "json",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.cache_read.input_tokens": 60,
        "gen_ai.usage.output_tokens": 10,
        "summarizer.about": "parties",
        "summarizer.attempts": 1,
    }


def test_the_address_of_the_server_and_the_kind_of_an_error(exported: InMemorySpanExporter) -> None:
    """A failed request has its error's class, and its article too; neither has the error's words."""
    with serve([error(400, "no Norrlund here")]) as served, pytest.raises(errors.EndpointError):
        summarize(ARTICLE, base_url=served.base_url, model="m")
    request, article = exported.get_finished_spans()
    assert attributes(request)["server.address"] == "127.0.0.1"
    assert str(attributes(request)["server.port"]) in served.base_url
    for span in (request, article):
        assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
        assert attributes(span)["error.type"] == "EndpointError"
        assert span.events == ()


def test_texts_are_left_out_unless_asked_for(
    exported: InMemorySpanExporter, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the option or by the conventions' variable; any other value of it leaves them out."""
    summarize(ARTICLE, model=model)
    for value in ("", "false", "no_content", "event_only"):
        monkeypatch.setenv(CONTENT_VARIABLE, value)
        summarize(ARTICLE, model=model)
    said = " ".join(span.to_json() for span in exported.get_finished_spans())
    assert not any(word in said for word in ("Norrlund", "Tidewell", "messages"))
    monkeypatch.delenv(CONTENT_VARIABLE)
    for setting in ("content", "true", "SPAN_ONLY", "span_and_event"):
        exported.clear()
        if setting != "content":
            monkeypatch.setenv(CONTENT_VARIABLE, setting)
        summarize(ARTICLE, model=model, trace="content" if setting == "content" else None)
        assert "Norrlund" in exported.get_finished_spans()[0].to_json()


def test_texts_have_the_form_of_the_conventions(exported: InMemorySpanExporter) -> None:
    """Messages with a role and parts, as JSON; the answer with why it ended."""
    with serve([completion('{"is_deal": "no"}')]) as served:
        summarize(VAGUE, base_url=served.base_url, model="m", plan="faceted", trace="content")
    span = attributes(exported.get_finished_spans()[0])
    system, user = json.loads(span["gen_ai.input.messages"])
    assert (system["role"], user["role"]) == ("system", "user")
    assert "Norrlund" in user["parts"][0]["content"]
    assert json.loads(span["gen_ai.output.messages"]) == [
        {
            "role": "assistant",
            "parts": [{"type": "text", "content": '{"is_deal": "no"}'}],
            "finish_reason": "stop",
        }
    ]


def test_a_closed_stream_ends_its_span(exported: InMemorySpanExporter, model: FakeModel) -> None:
    """What was cut off is an error of its own kind; nothing stays open."""
    with summarize(ARTICLE, model=model, stream=True) as stream:
        next(stream)
    stream = summarize(ARTICLE, model=model, stream=True)
    stream.record()
    articles = [span for span in exported.get_finished_spans() if span.name.startswith("invoke")]
    assert len(articles) == 2
    assert all(span.end_time for span in articles)


def test_no_spans_where_they_are_switched_off(exported: InMemorySpanExporter, model: FakeModel) -> None:
    """``trace=False`` says so in the code."""
    summarize(ARTICLE, model=model, trace=False)
    assert exported.get_finished_spans() == ()


def test_a_setting_that_is_none_is_refused(model: FakeModel) -> None:
    """A word that means nothing here is not taken for yes."""
    with pytest.raises(errors.ConfigurationError, match="content"):
        summarize(ARTICLE, model=model, trace="contents")  # type: ignore[call-overload]


def run(code: str) -> subprocess.CompletedProcess[str]:
    model = Path(__file__).with_name("conftest.py")
    head = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('fakes', {str(model)!r})\n"
        "fakes = importlib.util.module_from_spec(spec); sys.modules['fakes'] = fakes\n"
        "spec.loader.exec_module(fakes)\n"
        "from summarizer import summarize\n"
    )
    return subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, check=False)


def test_opentelemetry_is_not_imported_by_us() -> None:
    """A program that does not trace pays nothing for it."""
    done = run(
        "summarize(fakes.ARTICLE, model=fakes.FakeModel(fakes.ANSWERS))\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_without_the_extra_all_else_works_and_the_message_names_it() -> None:
    """Only who asks for spans needs the package."""
    done = run(
        "sys.modules['opentelemetry'] = None; sys.modules.pop('opentelemetry.trace', None)\n"
        "fake = fakes.FakeModel(fakes.ANSWERS)\n"
        "print(summarize(fakes.ARTICLE, model=fake).is_deal)\n"
        "try: summarize(fakes.ARTICLE, model=fake, trace=True)\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    first, second = done.stdout.splitlines()
    assert first == "True"
    assert second.startswith("ConfigurationError")
    assert "deal-summarizer[otel]" in second


def test_asking_for_spans_is_enough(exported: InMemorySpanExporter, model: FakeModel) -> None:
    """Nested in whatever span the task has, in async code too, and the same number of them."""
    import asyncio

    asyncio.run(
        asummarize(ARTICLE, model=model, trace=True, prices={"fake": {"input": 1, "output": Decimal(1)}})
    )
    assert len(exported.get_finished_spans()) == len(model.requests) + 1
    assert len({span.context.trace_id for span in exported.get_finished_spans()}) == 1


def test_the_answers_do_not_depend_on_spans(exported: InMemorySpanExporter) -> None:
    """The same facts with and without."""
    off, on = (summarize(ARTICLE, model=FakeModel(ANSWERS), trace=trace) for trace in (False, True))
    assert on.model_dump(exclude={"usage"}) == off.model_dump(exclude={"usage"})
