"""What the words ``MODULE:NAME`` name: a user's own schema, or a function of theirs."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any


def import_named(named: str, kind: str = "name") -> Any:
    """Import NAME from MODULE, an installed one or one in the current folder; ``kind`` is the word for it in errors.

    Raises ValueError, which says what to mend: a wrong form, no such module, one that fails, or no such name.
    """
    module_name, colon, name = named.partition(":")
    if not (module_name and colon and name):
        raise ValueError(f"{named!r} is not of the form MODULE:{kind.upper()}, as in my_records:Takeover.")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise ValueError(f"importing {module_name} failed: {error}.") from error
        raise ValueError(
            f"there is no module {error.name!r}, neither installed nor in {os.getcwd()}."
        ) from error
    except Exception as error:  # the module is the user's, and may fail in any way
        raise ValueError(f"importing {module_name} failed: {type(error).__name__}: {error}.") from error
    found = getattr(module, name, None)
    if found is None:
        raise ValueError(f"the module {module_name} has no {kind} {name!r}.")
    return found
