"""Places where the text says that the price or the terms are not told."""

import re

from .model import Kind, Mention, Qualifier
from .plain import SEP, forms, words, words_after

_HIDDEN = words("undisclosed unspecified withheld confidential secret")
_TOLD = words(
    "disclosed revealed released given announced specified divulged available provided made published stated named quoted"
)
_TELL = words(
    "disclose reveal release give announce specify divulge provide say name comment tell share discuss"
)
_TELLING = words(
    "disclosing revealing releasing giving specifying providing saying naming telling sharing discussing"
)
_KEEP = words("keep keeps kept keeping")
_STAY = words("stay stays stayed remain remains remained")
_GAVE = words("gave gives offered names")
_COY = words("mum coy lipped silent guarded drawn")  # "tight-lipped"
WORDS = forms(
    _HIDDEN | _TOLD | _TELL | _TELLING | _KEEP | _STAY | _COY | _GAVE | {"put", "wraps", "known", "between"}
)
_TERMS = words(
    """term terms price prices value amount amounts sum sums detail details figure figures consideration
    cost costs fee fees valuation financials cash payment payments number numbers"""
)

_PRICE = words("term terms price sum amount consideration financials financial")
_TALK = ("tell", "share", "discuss")  # one does so of many things that are no price

_I = re.IGNORECASE | re.ASCII
_NOT = re.compile(
    rf"(?:\b(?:not|never|cannot)|\b[a-z]{{2,6}}n't)(?:{SEP}(?:immediately|yet|been|be|being|publicly|to|officially|"
    rf"further|currently|initially|also|otherwise|allowed|permitted|free|able|going|at|liberty|supposed)){{0,4}}{SEP}\Z"
    rf"|\bca'?n't{SEP}\Z"
    # "Neither company would give the price", "nobody will say for how much"
    rf"|\b(?:neither|nobody|none|no{SEP}one)(?:{SEP}[a-z-]+){{0,4}}{SEP}\Z",
    _I,
)
_MUCH_OF = words("it he she they the this each either for was is were money cash had has will would in at")
_REFUSING = re.compile(
    rf"\b(?:declin|refus)(?:ed|es|ing|e){SEP}to{SEP}\Z|\b(?:forbid|prevent|prohibit|bar|bars|barred|stop|stops)\w*(?:{SEP}[a-z]+){{1,3}}{SEP}(?:to|from){SEP}\Z|\bwithout{SEP}\Z",
    _I,
)
_IS = re.compile(
    rf"\b(?:was|were|is|are|be|been|remain|remains|remained|stay|stays|stayed|kept)(?:{SEP}(?:immediately|yet|being|an?|strictly|closely|well|guarded|kept|trade)){{0,4}}{SEP}\Z",
    _I,
)
_NO = re.compile(r"\bno ", _I)
# "Put a figure on it", "keep the price to themselves", "the terms are under wraps"
_PUT = re.compile(rf"{SEP}an?{SEP}(?:price|figure|number|value|sum)(?:{SEP}tag)?{SEP}(?:on|to)\b", _I)
_HUSHED = (
    rf"(?:secret|private|quiet|confidential|under{SEP}wraps|off{SEP}the{SEP}record|out{SEP}of{SEP}(?:the{SEP})?(?:public|sight|print|papers)|"
    rf"between{SEP}(?:us|ourselves|themselves|them|(?:the{SEP})?(?:two|both|parties|sides|companies|families|partners|buyer|seller))|"
    rf"to{SEP}(?:themselves|itself|himself|herself|ourselves|myself))\b"
)
_READ_BY_ITSELF = re.compile(r"\b(?:secret|confidential|wraps)\b", _I)
_HUSHED_HERE = re.compile(_HUSHED, _I)
_NO_PRICE = re.compile(
    rf"{SEP}no{SEP}(?:purchase{SEP}|sale{SEP}|exact{SEP})?(?:price|terms|sum|amount|value)(?:{SEP}tag)?\b", _I
)
_HUSHED_BEHIND = re.compile(rf"{SEP}(?:strictly{SEP}|all{SEP}|firmly{SEP})?{_HUSHED}", _I)
# "What the fund has paid is being kept between the two"
_WHAT_IS_PAID = re.compile(
    r"\b(?:what|how much)\b[^.;?]{0,60}\b(?:paid|pays?|paying|costs?|fetched|got|gets|received|changed hands)\b",
    _I,
)
_KEPT = re.compile(
    rf"(?:{SEP}(?:the|its|their|his|her|our|those|all|exact|full|purchase|sale|deal)){{0,3}}{SEP}(?P<what>[a-z]+)"
    rf"(?:{SEP}(?:of|for|paid|the|deal|sale)){{0,4}}{SEP}{_HUSHED}",
    _I,
)
_PRICE_ASKED = re.compile(rf"\b(?:cost|costs|price|how{SEP}much|pay|paid)\b[^.!]{{0,40}}\?", _I)
_UNDER = re.compile(rf"\bunder{SEP}\Z", _I)
_PUBLIC = re.compile(rf"{SEP}public\b", _I)
_CLAUSE_END = re.compile(r"[.!?;](?= )|\n")
_REACH = 200


def read(text: str, start: int, end: int, floor: int) -> Mention | None:
    """Return the words around `text[start:end]`, one of WORDS, that say that an amount is not told."""
    word = text[start:end].lower()
    clause = max(floor, start - _REACH)
    for boundary in _CLAUSE_END.finditer(text, clause, start):
        clause = boundary.end()
    near = max(clause, start - 56)
    if word in _HIDDEN:
        told_of = word in ("undisclosed", "unspecified") and _names_terms(text, end, 3)
        if not told_of and _IS.search(text, near, start):
            told_of = _speaks_of_terms(text[clause:start])
        return _mention(text, start, end) if told_of or _stands_alone(text, start, end) else None
    if word == "made":
        public = _PUBLIC.match(text, end)
        if public is None:
            return None
        end = public.end()
    if word in _GAVE or word == "named":
        none = _NO_PRICE.match(text, end)
        if none is not None:
            return _mention(text, start, none.end())
        if word in _GAVE:
            return None
    if word == "known":
        denial = _NOT.search(text, near, start)
        of_price = _speaks_of_terms(text[clause:start], _PRICE) or _WHAT_IS_PAID.match(
            text[end : end + 80].lstrip()
        )
        return _mention(text, denial.start(), end) if denial and of_price else None
    if word == "between":
        shared = _IS.search(text, near, start) and _HUSHED_HERE.match(text, start)
        return (
            _mention(text, start, shared.end())
            if shared and _speaks_of_terms(text[clause:start], _PRICE)
            else None
        )
    if word in _STAY or (word == "kept" and _IS.search(text, near, start)):
        hushed = _HUSHED_BEHIND.match(text, end)
        if (
            hushed is None
            or _READ_BY_ITSELF.search(hushed[0])
            or not _speaks_of_terms(text[clause:start], _PRICE)
        ):
            return None
        return _mention(text, start, hushed.end())
    if word in _KEEP:
        kept = _KEPT.match(text, end)
        if kept is None:
            return None
        what = kept["what"].lower()
        asked = what in ("that", "it") and _PRICE_ASKED.search(text, max(floor, start - _REACH), start)
        return _mention(text, start, kept.end()) if what in _TERMS or asked else None
    if word == "wraps":
        under = _UNDER.search(text, near, start)
        return _mention(text, under.start(), end) if under and _speaks_of_terms(text[clause:start]) else None
    denial = _NOT.search(text, near, start)
    if word == "put":
        denial, put = denial or _REFUSING.search(text, near, start), _PUT.match(text, end)
        if denial:
            return _mention(text, denial.start(), put.end()) if put else None
        return _no_terms(text, clause, start, end) if _IS.search(text, near, start) else None
    if word in _TOLD:
        if denial is None:
            return _no_terms(text, clause, start, end) if _IS.search(text, near, start) else None
        if _speaks_of_terms(text[clause : denial.start()]) or _stands_alone(text, denial.start(), end):
            return _mention(text, denial.start(), end)
        return None
    denial = denial or _REFUSING.search(text, near, start)
    if word in _COY and (word != "drawn" or denial):
        begin = denial.start() if denial and word == "drawn" else start - len("tight-") * (word == "lipped")
        return _mention(text, begin, end) if _names_terms(text, end, 6) else None
    if (
        denial
        and word in ("tell", "say", "share", "discuss")
        and _PRICE_ASKED.search(text, max(floor, start - _REACH), clause)
    ):
        return _mention(text, denial.start(), end)
    if word in _TALK:
        return _mention(text, denial.start(), end) if denial and _names_terms(text, end, 4, _PRICE) else None
    if denial and (_names_terms(text, end, 6) or _speaks_of_terms(text[clause : denial.start()])):
        return _mention(text, denial.start(), end)
    return None


def _no_terms(text: str, clause: int, start: int, end: int) -> Mention | None:
    """Return "no price was given", from "no" on."""
    for no in _NO.finditer(text, clause, start):
        if _names_terms(text, no.start() + 2, 4):
            return _mention(text, no.start(), end)
    return None


def _names_terms(text: str, position: int, reach: int, terms: frozenset[str] = _TERMS) -> bool:
    """Tell whether one of the next words is "terms", "price" or the like, or "how much"."""
    before = ""
    for word, end in words_after(text, position, reach):
        name = word.lower().rstrip(".").removesuffix("'s")
        if name in terms or (before, name) in (("what", "it"), ("what", "they")):
            return True
        if (before, name) == ("how", "much"):  # but not how much water
            following = [after.lower() for after, _ in words_after(text, end, 1)]
            return not following or following[0].rstrip(".") in _MUCH_OF
        before = name
    return _WHAT_IS_PAID.match(text[position : position + _REACH].lstrip()) is not None


def _speaks_of_terms(clause: str, terms: frozenset[str] = _TERMS) -> bool:
    if any(word.strip(",:()\"'") in terms for word in clause.lower().split()):
        return True
    return _WHAT_IS_PAID.search(clause) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether the words fill a cell, brackets or a whole text: "Price: not disclosed"."""
    before, after = text[max(0, start - 9) : start].rstrip(" "), text[end : end + 1]
    return (not before or before[-1] in ":(|\n") and (not after or after in ").|,;\n")


def _mention(text: str, start: int, end: int) -> Mention:
    return Mention(Kind.UNDISCLOSED, start, end, text[start:end], qualifier=Qualifier.UNDISCLOSED)
