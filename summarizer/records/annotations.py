"""Take type annotations apart."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin


def unwrap(annotation: Any) -> tuple[Any, bool, bool, tuple[Any, ...]]:
    """Return the bare type of an annotation, whether it is a list, whether it may be None, and its extras."""
    many = optional = False
    extras: tuple[Any, ...] = ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            extras += tuple(more)
        elif origin in (Union, types.UnionType):
            rest = [arg for arg in get_args(annotation) if arg is not type(None)]
            if len(rest) != 1:
                return annotation, many, optional, extras
            optional = True
            annotation = rest[0]
        elif origin in (list, tuple) and get_args(annotation) and not many:
            if origin is tuple and get_args(annotation)[1:] != (...,):
                return annotation, many, optional, extras
            many = True
            annotation = get_args(annotation)[0]
        else:
            return annotation, many, optional, extras
