"""The draft that a model fills: one for each schema, the same for every article.

A figure, a name or a phrase is answered by quoting it: ``{"quote": "$14 million", "sentence": 3}``. Closed
sets are enums of all their members, and lists have any length. The JSON schema has no references, bounds or
defaults, so it is within OpenAI's strict subset and llama.cpp's grammars, and a server compiles it once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from summarizer.asking.fields import Field as SchemaField
from summarizer.asking.fields import Form, fields_of
from summarizer.records.drafts import Draft
from summarizer.records.values import Money


class Quote(Draft):
    """Words of the article and the number of the sentence that has them."""

    quote: str
    sentence: int


class Cited(Draft):
    """Base of an answer from a closed set with the number of the sentence that tells it."""

    sentence: int


class _Answering(Draft):
    """Base of a whole draft: an answer may be left out, but an object with none of them is another object."""

    @model_validator(mode="before")
    @classmethod
    def _answers_something(cls, said: Any) -> Any:
        known = [one.alias or name for name, one in cls.model_fields.items()]
        if isinstance(said, dict) and not any(name in said for name in known):
            raise PydanticCustomError(
                "no_answer", "None of the fields is there: {known}", {"known": ", ".join(known)}
            )
        return said


@lru_cache(maxsize=64)
def draft_of(schema: type[BaseModel], only: tuple[str, ...] = ()) -> type[Draft]:
    """Make the draft of a schema, or of the fields named in ``only``. Prose comes last: the facts are known by then."""
    wanted = [one for one in fields_of(schema) if not only or one.name in only]
    ordered = sorted(wanted, key=lambda one: one.form is Form.PROSE)
    return _draft(schema.__name__, {one.name: _annotation(one, top=True) for one in ordered}, _Answering)


def _draft(name: str, answers: dict[str, Any], base: type[Draft] = Draft) -> type[Draft]:
    # Properties are aliases: a schema may name a field like a method of Pydantic's.
    made: dict[str, Any] = {
        f"answer_{at}": (annotation, Field(default=_default(annotation), alias=key))
        for at, (key, annotation) in enumerate(answers.items())
    }
    return create_model(name, __base__=base, **made)


def _default(annotation: Any) -> Any:
    """The value of an answer that is missing because the server does not enforce the schema."""
    return [] if getattr(annotation, "__origin__", None) is list else None


def _annotation(one: SchemaField, *, key: bool = False, top: bool = False) -> Any:
    """The annotation of a field's answer. ``key`` names an item, and ``top`` fields say which sentence tells a choice."""
    if one.many and one.form is Form.QUOTE and not top:
        return list[str]  # short ones beside a quotation, such as the aliases of a name
    answer = _single(one, cite=top and not one.many)
    if one.many:
        return list[answer]  # type: ignore[valid-type]
    stated = key or (one.form in (Form.FLAG, Form.CHOICE) and not one.optional)
    return answer if stated else answer | None


def _single(one: SchemaField, *, cite: bool) -> Any:
    if one.form is Form.PROSE:
        return str
    if one.form in (Form.FLAG, Form.CHOICE):
        answer = bool if one.form is Form.FLAG else _one_of([label for label, _ in one.members])
        return _lenient(_extended(Cited, "Answer", {"answer": answer}), "answer") if cite else answer
    if one.form is Form.GROUP:
        inner = {each.name: _annotation(each, key=each is one.key) for each in one.fields}
        return _draft(one.type.__name__, inner)
    beside = {inner.name: _annotation(inner) for inner in one.fields}
    if one.form is Form.FIGURE and issubclass(one.type, Money):
        beside["undisclosed"] = bool
    return _lenient(_extended(Quote, one.type.__name__, beside), "quote")


def _extended(base: type[Draft], name: str, answers: dict[str, Any]) -> type[Draft]:
    fields: dict[str, Any] = {key: (answer, _unsaid(answer)) for key, answer in answers.items()}
    return create_model(name, __base__=base, **fields)


def _unsaid(answer: Any) -> Any:
    return False if answer is bool else None


def _one_of(labels: list[str]) -> Any:
    known = {_folded(label): label for label in labels}
    return Annotated[
        Literal[tuple(labels)],
        BeforeValidator(lambda said: known.get(_folded(said), said) if isinstance(said, str) else said),
    ]


def _folded(label: str) -> str:
    return "".join(character for character in label.lower() if character.isalnum())


def _lenient(model: type[Draft], key: str) -> Any:
    """The model, which also takes a bare value: where no server enforces the schema, models shorten answers."""

    def wrap(said: Any) -> Any:
        if isinstance(said, (str, bool, int, float)):
            return {key: said if key == "answer" else str(said), "sentence": 0}
        if isinstance(said, dict) and said.get("sentence") is None and key in said:
            return {**said, "sentence": 0}
        return said

    return Annotated[model, BeforeValidator(wrap)]


def as_answers(draft: BaseModel) -> dict[str, Any]:
    """A filled draft as plain data, by the names of the schema's fields."""
    return draft.model_dump(by_alias=True)
