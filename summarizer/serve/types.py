"""What the API takes and returns, as Pydantic models from which the OpenAPI document is made."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from summarizer.dossiers.model import DealDossier
from summarizer.records.deal import DealSummary

MAX_UPLOAD = 20_000_000
"""The largest body of a request, in bytes."""
MAX_TEXT = 1_000_000
"""The longest text of an article, in characters."""
_MAX_ARTICLES = 50
_MAX_RECORDS = 500


class Format(str, Enum):
    """The form of a result. All but ``json`` are sent as a file to save."""

    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"


class DossierFormat(str, Enum):
    """The form of a dossier. All but ``json`` are sent as a file to save."""

    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


Model = Annotated[
    str | None, Field(max_length=300, description="One of the names of /v1/models. Default: the first.")
]
View = Annotated[
    bool,
    Field(description="Also return the record in words, arranged for display. May change between versions."),
]


class ArticleGiven(_Given):
    """An article: its text, or the address of a web page."""

    text: str | None = Field(default=None, description="The text, or the source of an HTML page.")
    url: str | None = Field(
        default=None,
        max_length=2_000,
        description="An http(s) address on the public internet, to be fetched.",
    )
    id: str | None = Field(default=None, max_length=300, description="A name for the article.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.text is None) == (self.url is None):
            raise ValueError("give either text or url")
        return self


class SummaryRequest(ArticleGiven):
    """An article to read."""

    all_deals: bool = Field(default=False, description="A record for each deal of a digest.")
    model: Model = None
    view: View = False


class SummaryForm(_Given):
    """A file to read: plain text, HTML or PDF."""

    file: str = Field(
        description="At most 20 MB.", json_schema_extra={"contentMediaType": "application/octet-stream"}
    )
    all_deals: bool = False
    model: Model = None
    view: View = False


class DossierRequest(_Given):
    """Several reports of one deal or more: records, and articles that are read first.

    An article that one of the records was made from is not read again: it shows each claim in its place
    (format html).
    """

    articles: list[ArticleGiven] = Field(default=[], max_length=_MAX_ARTICLES)
    records: list[dict[str, Any]] = Field(
        default=[], max_length=_MAX_RECORDS, description="Records or dossiers as this API returns them."
    )
    together: bool = Field(default=False, description="Take all for reports of one deal, without grouping.")
    model: Model = None
    view: View = False

    @model_validator(mode="after")
    def _any(self) -> Self:
        if not self.articles and not self.records:
            raise ValueError("give articles or records")
        return self


class ExportRequest(_Given):
    """Records to be written in another form. No model is asked."""

    records: list[dict[str, Any]] = Field(min_length=1, max_length=_MAX_RECORDS)


class ArticleRead(BaseModel):
    """The text that was read, to which the offsets of all evidence refer, in Unicode code points."""

    id: str
    title: str | None = None
    text: str


class SummaryResponse(BaseModel):
    """The records of an article: one, or with ``all_deals`` one for each deal. ``views`` only on request."""

    article: ArticleRead
    records: list[DealSummary]
    views: list[dict[str, Any]] | None = None


class ArticleFailed(BaseModel):
    """An article without a record, and why."""

    id: str
    type: str
    message: str


class DossierResponse(BaseModel):
    """A dossier for each deal. ``failed`` has the articles that could not be read, ``views`` only on request."""

    dossiers: list[DealDossier]
    failed: list[ArticleFailed] = []
    views: list[dict[str, Any]] | None = None


class ModelOffered(BaseModel):
    """A model that articles may be read with."""

    name: str
    embedded: bool = Field(description="Whether it runs in a process of this server.")
    default: bool


class ModelList(BaseModel):
    """The models that articles may be read with, the default first, and the limits of the queue."""

    models: list[ModelOffered]
    running: int = Field(description="Articles that are read at a time.")
    waiting: int = Field(description="Articles that may wait.")


class ErrorDetail(BaseModel):
    """What went wrong, and what to do. ``type`` is the name of the error; ``retry_after`` is in seconds."""

    type: str
    message: str
    retry_after: float | None = None


class ErrorResponse(BaseModel):
    """The body of every response that is not a success."""

    error: ErrorDetail
