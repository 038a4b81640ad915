"""The drafts that the model fills: flat Pydantic models, made of the questions of one request.

``draft_model`` makes the model and, with it, the JSON schema that goes to the server; the grounding turns a
filled draft back into values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from summarizer.document import Sentence
from summarizer.records.compile import Form, Question, Slot, asked_items, label_key

T = TypeVar("T", bound=BaseModel)


class Draft(BaseModel):
    """Base of all drafts; its JSON schema is flat, without ``$ref``, titles or defaults."""

    model_config = ConfigDict(extra="ignore")
    _known_schema: ClassVar[dict[str, Any]]

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The JSON schema with every reference resolved; every property is required. Not to be changed."""
        if args or kwargs:
            return cls._resolved(*args, **kwargs)
        if "_known_schema" not in cls.__dict__:
            cls._known_schema = cls._resolved()
        return cls._known_schema

    @classmethod
    def _resolved(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        schema = super().model_json_schema(*args, **kwargs)
        return _flat(schema, schema.pop("$defs", {}))  # type: ignore[no-any-return]


def _flat(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_flat(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _flat(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    flat = {
        key: _flat(value, definitions)
        if key != "properties"
        else {k: _flat(v, definitions) for k, v in value.items()}
        for key, value in node.items()
        if key not in ("title", "default", "description") or key == "properties"
    }
    if flat.get("type") == "object":
        flat["required"] = list(flat.get("properties", {}))
        flat["additionalProperties"] = False
    if "const" in flat:  # not every grammar engine knows const
        flat["enum"] = [flat.pop("const")]
    return flat


def draft_model(questions: Sequence[Question]) -> type[Draft]:
    """Make the draft of one request: a property for each question."""
    return _made("Answers", tuple(part for q in questions for part in _properties(q)))


def doubting(draft: type[T], complain: Callable[[T], Sequence[str]]) -> type[T]:
    """The same draft, which refuses what ``complain`` has sentences about: they are the reason of a re-ask."""

    def check(filled: Any) -> Any:
        complaints = complain(filled)
        if complaints:
            # Pydantic keeps a ValueError with its traceback, where no garbage collection finds it: with it stayed
            # this draft's class, 90 KB for each article that was asked again.
            raise PydanticCustomError("value_error", "{complaints}", {"complaints": " ".join(complaints)})
        return filled

    checked: dict[str, Any] = {"check": model_validator(mode="after")(check)}
    return create_model(draft.__name__, __base__=draft, __validators__=checked)


@lru_cache(maxsize=256)
def _made(name: str, properties: tuple[tuple[str, Any], ...]) -> type[Draft]:
    # Most questions are the same for every article, and making a class costs milliseconds.
    fields: dict[str, Any] = {field: (annotation, ...) for field, annotation in properties}
    return create_model(name, __base__=Draft, **fields)


def _properties(question: Question) -> list[tuple[str, Any]]:
    """The properties of the draft that answer a question: one, or one for each of the main choices of a pivot."""
    if question.slot.form is Form.PIVOT:
        return [(label_key(label), _text(question.slot.ask.length) | None) for label in question.options]
    return [(question.key, _annotation(question))]


@lru_cache(maxsize=64)
def _text(length: int) -> Any:
    # A bound for the server's grammar only: a longer answer is not a wrong one.
    return Annotated[str, Field(json_schema_extra={"maxLength": length})]


@lru_cache(maxsize=64)
def _many(annotation: Any, limit: int) -> Any:
    return Annotated[list[annotation], Field(json_schema_extra={"maxItems": limit})]


def _one_of(labels: Iterable[str]) -> Any:
    return Literal[tuple(labels)]


def _annotation(question: Question) -> Any:
    slot = question.slot
    answer: Any
    if slot.form is Form.YES_NO:
        return _one_of(("yes", "no"))
    if slot.form is Form.PROSE:
        return _text(slot.ask.length)
    if slot.form is Form.EACH:
        yes_no = _one_of(("yes", "no"))
        return _made("Judged", tuple((sentence_key(sentence), yes_no) for sentence in question.sentences))
    if slot.form is Form.ITEMS and question.rows:
        item = _item_model(question, without=slot.key)
        return _made("Rows", tuple((label_key(name), item) for name in question.rows))
    if slot.form is Form.ITEMS:
        return _many(_item_model(question), slot.ask.limit)
    if slot.form is Form.CHOICE or slot.form is Form.FIGURE:
        answer = _one_of(question.options)
    else:
        answer = _text(slot.ask.length)
    if slot.many:
        return _many(answer, slot.ask.limit)
    return answer | None if slot.optional else answer


def _item_model(question: Question, *, without: Slot | None = None) -> type[Draft]:
    properties: list[tuple[str, Any]] = []
    for item in asked_items(question):
        if item is without:
            continue
        if item.form is Form.FIGURE:
            annotation: Any = _one_of(question.figures[item.name]) | None
        elif item.form is Form.CHOICE:
            annotation = _one_of(member.label for member in item.type)
        elif item.form is Form.YES_NO:
            annotation = _one_of(("yes", "no"))
        else:
            text = _text(question.slot.ask.length)
            annotation = text | None if item.optional else text
        properties.append((item_key(item), annotation))
    return _made(question.slot.type.__name__, tuple(properties))


def item_key(item: Slot) -> str:
    """The property of an item's field: its description where that is a short phrase, else its name."""
    return item.name if item.text.endswith("?") else label_key(item.text)


def sentence_key(sentence: Sentence) -> str:
    """The property under which a sentence is judged."""
    return f"sentence_{sentence.number}"
