"""The base of the drafts that a model fills: Pydantic models with a flat JSON schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, create_model, model_validator
from pydantic_core import PydanticCustomError

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


def doubting(draft: type[T], complain: Callable[[T], Sequence[str]]) -> type[T]:
    """The same draft, which refuses what ``complain`` has sentences about: they are the reason of a re-ask."""

    def check(filled: Any) -> Any:
        complaints = complain(filled)
        if complaints:
            # Pydantic keeps a ValueError with its traceback, where no garbage collection finds it: with it
            # stayed this draft's class, 90 KB for each article that was asked again.
            raise PydanticCustomError("value_error", "{complaints}", {"complaints": " ".join(complaints)})
        return filled

    checked: dict[str, Any] = {"check": model_validator(mode="after")(check)}
    return create_model(draft.__name__, __base__=draft, __validators__=checked)


@lru_cache(maxsize=256)
def made(name: str, properties: tuple[tuple[str, Any], ...]) -> type[Draft]:
    """Return a draft with these properties, all required."""
    # Most questions are the same for every article, and making a class costs milliseconds.
    fields: dict[str, Any] = {field: (annotation, ...) for field, annotation in properties}
    return create_model(name, __base__=Draft, **fields)
