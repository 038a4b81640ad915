"""The routes: a page at ``/`` and the API under ``/v1``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from summarizer import __version__
from summarizer.render.safe import one_line
from summarizer.serve import work as doing
from summarizer.serve.exports import MEDIA, dossiers_as, file_name, records_as
from summarizer.serve.failures import Refusal, invalid, refusal_of, told
from summarizer.serve.guard import Guard
from summarizer.serve.queue import Place, QueueFull
from summarizer.serve.shown import dossier_shown
from summarizer.serve.types import (
    MAX_UPLOAD,
    DossierFormat,
    DossierRequest,
    DossierResponse,
    ErrorResponse,
    ExportRequest,
    Format,
    ModelList,
    ModelOffered,
    SummaryForm,
    SummaryRequest,
    SummaryResponse,
)
from summarizer.serve.work import Service, Upload, Work, records_given

PAGE = Path(__file__).parent / "page"
_SLOWEST_UPLOAD = 120.0  # seconds
_SILENCE = 15.0  # seconds between events after which a comment keeps the connection open
_RETRY = 30.0  # seconds after which a client may find a place in the queue

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorResponse, "description": meaning}
    for status, meaning in (
        (400, "The body is not JSON, or no form."),
        (401, "The token is missing or wrong."),
        (403, "The request comes from another site, or a form has no header X-Summarizer."),
        (408, "The body did not arrive in time."),
        (413, "The body or the text is too large."),
        (415, "The body or the file is of a kind that cannot be read."),
        (422, "The request or the article cannot be used."),
        (500, "The server is misconfigured or failed."),
        (502, "The model's server failed."),
        (503, "The queue is full, or the model's server asks to wait: see Retry-After."),
        (504, "The time for the article was over."),
    )
}


def _body(*kinds: tuple[str, type[BaseModel]]) -> dict[str, Any]:
    """The request body for the OpenAPI document; routes read it themselves, once a place in the queue is theirs."""
    content = {}
    for media, model in kinds:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        content[media] = {"schema": _inlined(schema, schema.pop("$defs", {}))}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, known: dict[str, Any]) -> Any:
    if isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        return (
            _inlined(known[name], known)
            if name in known
            else {k: _inlined(v, known) for k, v in schema.items()}
        )
    return [_inlined(part, known) for part in schema] if isinstance(schema, list) else schema


def _files(formats: Iterable[Format | DossierFormat]) -> dict[str, Any]:
    return {
        MEDIA[Format(one.value)].partition(";")[0]: {"schema": {"type": "string"}}
        for one in formats
        if one != "json"
    }


class _Events(StreamingResponse):
    """Server-sent events of work that ends with the connection."""

    def __init__(self, work: Work[Any]) -> None:
        super().__init__(_lines(work), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events. A client that goes ends the work, whether or not there is an event to send."""
        gone = asyncio.ensure_future(_gone(receive))
        gone.add_done_callback(lambda _: self._work.cancel())
        try:
            await self.stream_response(send)
        finally:
            gone.cancel()


async def _lines(work: Work[SummaryResponse]) -> AsyncIterator[str]:
    async for event in work.events(_SILENCE):
        yield (
            ": still at work\n\n"
            if event is None
            else _event(event[0], json.dumps(event[1], ensure_ascii=False))
        )
    try:
        result = work.result()
    except Exception as error:
        yield _event("error", told(refusal_of(error)))
    else:
        yield _event("record", result.model_dump_json(exclude={"article": {"text"}}))


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def make(
    service: Service,
    *,
    hosts: Iterable[str],
    any_address: bool = False,
    token: str | None = None,
    warm_up: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> ASGIApp:
    """Make the application. ``warm_up`` runs in the background from the start. ``Guard`` says what the rest is."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.ensure_future(warm_up()) if warm_up is not None else None
        yield
        if warming is not None:
            warming.cancel()
        service.close()

    app = FastAPI(
        title="deal-summarizer",
        version=__version__,
        description="Reads articles about deals into records. Each fact shows where the article states it.",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    _add_routes(app, service)

    @app.exception_handler(Refusal)
    async def _refused(_: Request, error: Refusal) -> Response:
        return Response(error.body, error.status, dict(error.headers))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return await _refused(request, invalid(error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        names = {404: "NotFound", 405: "MethodNotAllowed"}
        said = f"{error.detail}. See /openapi.json for what there is."
        refusal = Refusal(error.status_code, names.get(error.status_code, "HttpError"), said)
        return Response(refusal.body, refusal.status, {**dict(error.headers or {}), **refusal.headers})

    app.mount("/page", StaticFiles(directory=PAGE))
    return Guard(app, hosts, any_address=any_address, token=token, limit=MAX_UPLOAD)


def _add_routes(app: FastAPI, service: Service) -> None:
    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    @app.get("/v1/models", responses={401: _ERRORS[401], 403: _ERRORS[403]})
    async def models() -> ModelList:
        """List the models that articles may be read with."""
        offered = [
            ModelOffered(name=one.name, embedded=one.embedded, default=index == 0)
            for index, one in enumerate(service.offers)
        ]
        return ModelList(models=offered, running=service.queue.running, waiting=service.queue.waiting)

    @app.post(
        "/v1/summaries",
        response_model=SummaryResponse,
        responses={
            **_ERRORS,
            200: {"content": {"text/event-stream": {"schema": {"type": "string"}}, **_files(Format)}},
        },
        openapi_extra=_body(("application/json", SummaryRequest), ("multipart/form-data", SummaryForm)),
    )
    async def summaries(request: Request, format: Format = Format.JSON) -> Response:
        """Read an article.

        With `Accept: text/event-stream` the response is a stream of events, each with JSON: `progress`,
        `article` (the text that was read), `queued` (the position; 0: its turn has come), `fact` (a field and
        its value; a later one replaces it), and at the end `record` or `error`. Closing the connection ends
        the work. `all_deals` has no facts.
        """
        with _place(service) as place:
            given, asked = await _read_summary(request)
            offer = _known(lambda: service.offer(asked.model))
            do = partial(doing.summary, given, offer, place, all_deals=asked.all_deals, view=asked.view)
            work = Work(service, place, do)
        if "text/event-stream" in request.headers.get("accept", ""):
            return _Events(work)
        made = await _finished(request, work)
        if format is Format.JSON:
            return _json(made)
        return _file(await asyncio.to_thread(records_as, made.records, format), "summary", format)

    @app.post(
        "/v1/dossiers",
        response_model=DossierResponse,
        responses={**_ERRORS, 200: {"content": _files(DossierFormat)}},
        openapi_extra=_body(("application/json", DossierRequest)),
    )
    async def dossiers(request: Request, format: DossierFormat = DossierFormat.JSON) -> Response:
        """Reconcile several reports into a dossier for each deal."""
        with _place(service) as place:
            asked = await _read(request, DossierRequest)
            offer = _known(lambda: service.offer(asked.model))
            work = Work(service, place, partial(doing.reconciled, asked, offer, place))
        made = await _finished(request, work)
        if format is not DossierFormat.JSON:
            form = Format(format.value)
            return _file(
                await asyncio.to_thread(dossiers_as, made.dossiers, made.texts, form), "dossier", form
            )
        views = [dossier_shown(one) for one in made.dossiers] if asked.view else None
        return _json(DossierResponse(dossiers=list(made.dossiers), failed=made.failed, views=views))

    @app.post(
        "/v1/exports",
        responses={**_ERRORS, 200: {"content": {"application/json": {"schema": {}}, **_files(Format)}}},
        response_class=Response,
        openapi_extra=_body(("application/json", ExportRequest)),
    )
    async def exports(request: Request, format: Format = Format.JSON) -> Response:
        """Write records as JSON, CSV, Markdown or HTML."""
        asked = await _read(request, ExportRequest)
        records = _known(lambda: records_given(asked.records))
        return _file(await asyncio.to_thread(records_as, records, format), "summary", format)


def _place(service: Service) -> Place:
    """Return a place in the queue. Raises Refusal."""
    try:
        return service.queue.enter()
    except QueueFull:
        raise Refusal(
            503, "QueueFull", "The queue is full. Try again when an article is done.", retry_after=_RETRY
        ) from None


def _known(find: Callable[[], T]) -> T:
    """Return what is found; an error of the package is a Refusal."""
    try:
        return find()
    except Exception as error:
        raise refusal_of(error) from error


async def _finished(request: Request, work: Work[T]) -> T:
    """Wait for the work; end it when the client has gone. Raises Refusal."""
    gone = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait({work.task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.task.done():
            raise Refusal(499, "ClientGone", "The connection was closed.")
        return _known(work.result)
    finally:
        gone.cancel()
        work.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read(request: Request, model: type[M]) -> M:
    """Read a JSON body. Raises Refusal."""
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise Refusal(415, "WrongContentType", "Send JSON here (Content-Type: application/json).")
    body = await _arrived(request.body())
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error.errors(include_input=False)) from None


async def _read_summary(request: Request) -> tuple[SummaryRequest | Upload, SummaryRequest | SummaryForm]:
    """Read what is to be summarised, and how."""
    if request.headers.get("content-type", "").lower().startswith("application/json"):
        asked = await _read(request, SummaryRequest)
        return asked, asked
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=10)
    parser.spool_max_size = MAX_UPLOAD + 1  # a file stays in memory: none is ever on the disk
    try:
        form = await _arrived(parser.parse())
    except (MultiPartException, KeyError, ValueError) as error:
        said = one_line(str(getattr(error, "message", "it is damaged, or has no boundary")))
        raise Refusal(
            400, "InvalidForm", f"The form cannot be read: {said}. Send one file as multipart/form-data."
        ) from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refusal(422, "InvalidRequest", "file: send the article as a file of this name.")
        settings = SummaryForm.model_validate({**dict(form), "file": ""})
        name = one_line((file.filename or "").replace("\\", "/").rpartition("/")[2])[-200:]
        return Upload(name or "file", await file.read()), settings
    except ValidationError as error:
        raise invalid(error.errors(include_input=False)) from None
    finally:
        await form.close()


async def _arrived(body: Coroutine[Any, Any, T]) -> T:
    try:
        return await asyncio.wait_for(body, _SLOWEST_UPLOAD)
    except asyncio.TimeoutError:
        raise Refusal(408, "TooSlow", "The body did not arrive in time. Send it again.") from None
    except ClientDisconnect:
        raise Refusal(499, "ClientGone", "The connection was closed.") from None


def _json(made: BaseModel) -> Response:
    return Response(
        made.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _file(text: str, stem: str, format: Format) -> Response:
    """A result as a file to save. Its HTML is never shown by this server, and has no scripts."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(stem, format)}"',
        "Cache-Control": "no-store",
    }
    return Response(text.encode("utf-8", "replace"), headers={**headers, "Content-Type": MEDIA[format]})
