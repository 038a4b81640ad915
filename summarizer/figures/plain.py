"""A plain copy of a text, character for character, and the reading of words in it.

All other modules work on the plain copy: one kind of space, hyphen and quote, and a line break only where a
paragraph ends. Its offsets are those of the text.
"""

import re
from collections.abc import Iterable, Iterator

# What may stand between the parts of one figure: "6.4 billion", "6.4-billion", "6.4\n   billion".
GAP = " {0,9}"
SEP = "[ -] {0,9}"

_LIKE = {
    " ": "\t\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u202f\u205f\u3000",
    "-": "‐‑‒–−﹣－",
    "'": "‘’ʼ＇",
    "$": "﹩＄",
    "£": "￡",
    "¥": "￥",
    "₩": "￦",
    "%": "﹪％",
    ",": "，",
    ".": "．",
    **{str(digit): chr(0xFF10 + digit) for digit in range(10)},
}
_ASCII = [(odd, plain) for plain, odds in _LIKE.items() for odd in odds if odd.isascii()]
_OTHER = [(odd, plain) for plain, odds in _LIKE.items() for odd in odds if not odd.isascii()]
# "1 000 000" with no-break or thin spaces is one number; with plain spaces it may be three.
_GROUP = re.compile("(?<=[0-9])[\u00a0\u2007\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_DECIMAL_DOT = re.compile("(?<=[0-9])[·∙˙](?=[0-9])")  # "£5·3m"
_LINE_BREAK = re.compile(r"\n(?<!\n\n)(?! *\n)")
_WORD = re.compile(r"[/ -] {0,9}([^\W\d_][\w.&']{0,30})")


def flatten(text: str) -> str:
    """Return the plain copy of `text`, of the same length."""
    if not text.isascii():
        text = _DECIMAL_DOT.sub(".", _GROUP.sub("'", text))
        for odd, plain in _OTHER:
            text = text.replace(odd, plain)
    for odd, plain in _ASCII:
        text = text.replace(odd, plain)
    return _LINE_BREAK.sub(" ", text)


def words(text: str) -> frozenset[str]:
    """Return the words of a list in one string."""
    return frozenset(text.split())


def forms(words: Iterable[str]) -> frozenset[str]:
    """Return each word in lower case, with a capital, and in capitals."""
    return frozenset(form for word in words for form in (word, word.capitalize(), word.upper()))


def words_after(text: str, position: int, limit: int) -> Iterator[tuple[str, int]]:
    """Yield up to `limit` words that follow `position` without other marks between, each with its end."""
    for _ in range(limit):
        word = _WORD.match(text, position)
        if word is None:
            return
        position = word.end()
        yield word[1], position
