"""Take out of a web page what its readers do not see, so that it reaches no model either.

Styles are read where pages have them: on the element, and in a ``style`` element for a class, an id or a tag
alone. Stylesheets in other files and scripts are not read.
"""

from __future__ import annotations

import re
from typing import Any

_UNSEEN_TAGS = frozenset({"template", "noscript", "script", "style"})
_HIDES = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0?\.?0+(?=;|$)|font-size:0*\.?[01]?(?:px|pt|em|rem|%)?(?=;|$)"
    r"|(?:left|top|right|text-indent):-\d{3,}|(?:max-)?(?:height|width):0(?:px)?(?=;|$).*overflow:hidden"
    r"|overflow:hidden.*(?:max-)?(?:height|width):0(?:px)?(?=;|$)|clip:rect\(0|clip-path:inset\((?:50|100)%"
)
_COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
_WHITE = re.compile(r"(?:white|#f{3,4}|#f{6}|#f{8}|rgba?\(255,255,255.*|hsla?\(.*,100%.*)(?:!important)?")
_CLEAR = re.compile(r"(?:transparent|rgba\(.*,0(?:\.0+)?\)).*")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[.#]?[\w-]+")


def without_hidden(html: str) -> Any:
    """Parse a page and drop hidden elements and comments. Returns the root, an ``lxml`` element, or None if there is none."""
    from lxml import html as parser
    from lxml.etree import ParserError

    try:
        root = parser.document_fromstring(
            html.encode("utf-8", "replace"), parser=parser.HTMLParser(encoding="utf-8")
        )
    except (ParserError, ValueError):
        return None
    rules = _rules(root)
    styles = {element: _style(element, rules) for element in root.iter() if isinstance(element.tag, str)}
    body = root.find("body")
    unseen = [e for e in styles if body is not None and e is not body and _is_hidden(e, styles)]
    unseen += [e for e in root.iter() if not isinstance(e.tag, str)]  # comments, processing instructions
    for element in unseen:
        if element.getparent() is not None:
            element.drop_tree() if isinstance(element.tag, str) else _drop_comment(element)
    return root


def _drop_comment(element: Any) -> None:
    parent, tail = element.getparent(), element.tail
    before = element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _rules(root: Any) -> dict[str, str]:
    """Declarations by simple selector: ``.name``, ``#name`` or ``name``."""
    found: dict[str, str] = {}
    for sheet in root.iter("style"):
        css = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.S)
        for selectors, declarations in _RULE.findall(css):
            for selector in selectors.split(","):
                if _SIMPLE.fullmatch(selector.strip()):
                    key = selector.strip().lower()
                    found[key] = f"{found.get(key, '')};{_plain(declarations)}"
    return found


def _plain(declarations: str) -> str:
    return re.sub(r"\s+|!important", "", declarations.lower())


def _style(element: Any, rules: dict[str, str]) -> str:
    """All declarations that hold for an element, the later ones stronger."""
    parts = [rules.get(element.tag, "")]
    parts += [rules.get(f".{name}", "") for name in (element.get("class") or "").lower().split()]
    parts.append(rules.get(f"#{(element.get('id') or '').lower()}", ""))
    parts.append(_plain(element.get("style") or ""))
    return ";".join(part for part in parts if part)


def _is_hidden(element: Any, styles: dict[Any, str]) -> bool:
    if (
        element.tag in _UNSEEN_TAGS
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    ):
        return True
    if element.tag == "input" and element.get("type") == "hidden":
        return True
    style = styles[element]
    return bool(style) and (_HIDES.search(style) is not None or _is_white_on_white(element, styles))


def _is_white_on_white(element: Any, styles: dict[Any, str]) -> bool:
    """Whether an element sets its text white, and nothing behind it has a colour."""
    colours = _COLOUR.findall(styles[element])
    if not colours or not _WHITE.fullmatch(colours[-1]):
        return False
    for each in (element, *element.iterancestors()):
        backgrounds = _BACKGROUND.findall(styles.get(each, ""))
        if backgrounds and not _CLEAR.fullmatch(backgrounds[-1]):
            return _WHITE.fullmatch(backgrounds[-1]) is not None
    return True
