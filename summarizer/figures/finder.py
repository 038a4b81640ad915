"""The scan that finds every mention of a text."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from . import currencies, dates, figures, footnotes, quantities, tables, undisclosed
from .model import Kind, Mention
from .numerals import NUMBER_WORDS
from .plain import SEP, flatten, forms

# Every run of letters and every run of digits is seen once; most words are in no table and cost one look-up.
_TOKEN = re.compile(r"[A-Za-z]+|([0-9])[0-9.,]*")
_ORDINALS = "third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_COUNTING_ARTICLE = re.compile(
    rf"an?{SEP}(?:hundred|thousand|mi?ll|[mbt]n\b|bi?ll|tri|lakh|crore|half|quarter|{_ORDINALS})",
    re.IGNORECASE,
)
_MONEY = (Kind.MONEY, Kind.PER_SHARE)
_PARSED = 200  # characters of a string that may be one mention
_ABOUT_TERMS = re.compile(
    r"(?:the|an?|of|for|sum|amount|terms?|price|value|consideration|financial|purchase|was|were|is|are|has|have|"
    r"did|does|deal|transaction|cash|details|and|\s|[.:()])*",
    re.IGNORECASE,
)


def find(text: str) -> tuple[Mention, ...]:
    """Return the mentions of `text` in order; they do not overlap."""
    plain = flatten(footnotes.blank(text))
    mentions = _in_their_country(list(_scan(plain)), plain)
    return tuple(_as_written(mention, text) for mention in _in_their_tables(mentions, text))


def _as_written(mention: Mention, text: str) -> Mention:
    written = text[mention.start : mention.end]
    return mention if mention.text == written else replace(mention, text=written)


def _in_their_tables(mentions: list[Mention], text: str) -> list[Mention]:
    """Take the value of amounts that stand in a table "in millions"."""
    if not any(mention.kind in (Kind.MONEY, Kind.SHARES) for mention in mentions):
        return mentions
    parts = [*tables.regions(text)]
    starts = [start for start, _ in parts]
    found = []
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        inside = index >= 0 and mention.start < parts[index][1]
        found.append(figures.without_scale(mention) if inside else mention)
    return found


def _in_their_country(mentions: list[Mention], text: str) -> list[Mention]:
    """Give figures in "crowns" the code of the country that the text is about, and bare "$" the one that it states."""
    bare = {m for m in mentions if m.unit == "USD" and currencies.is_bare_dollar(m.text)}
    if bare and (code := currencies.dollars_stated(text)):
        mentions = [replace(mention, unit=code) if mention in bare else mention for mention in mentions]
    if not any(m.kind in _MONEY and m.unit in (*currencies.SHARED_CODES, "GBP") for m in mentions):
        return mentions
    named = [country for country, _ in currencies.countries(text).most_common()]
    return [_settled(mention, named) if mention.kind in _MONEY else mention for mention in mentions]


def _settled(mention: Mention, named: Sequence[str]) -> Mention:
    """Give a figure the currency of the first of the countries `named` that has a currency of this word."""
    if mention.unit == "GBP":
        return replace(mention, unit=currencies.pounds(mention.text, named))
    codes = currencies.shared(mention.text) if mention.unit in currencies.SHARED_CODES else {}
    country = next((country for country in named if country in codes), None)
    return replace(mention, unit=codes[country]) if country else mention


def parse(text: str, kind: Kind | None = None) -> Mention | None:
    """Return the one mention that fills `text` (white space and hedge words apart), or None.

    The mention must be of `kind` where one is given. Its offsets are those of `text`.
    """
    if len(text) > _PARSED:
        return None
    # "12 times" tells by the noun after it that it is a multiple, and the caller knows already
    mentions = find(f"{text.rstrip()} earnings" if kind is Kind.MULTIPLE else text)
    if not mentions and kind in (None, Kind.PERCENT):
        return figures.whole_share(text)
    if len(mentions) != 1 or kind not in (None, mentions[0].kind):
        return None
    mention = mentions[0]
    start, end = mention.hedge or (mention.start, mention.end)
    rest = text[: min(start, mention.start)] + text[max(end, mention.end) :]
    if mention.kind is Kind.UNDISCLOSED:  # "an undisclosed sum", "terms were not disclosed"
        return mention if _ABOUT_TERMS.fullmatch(rest) else None
    return None if rest.strip() else mention


def bare_number(text: str) -> Decimal | None:
    """Return the one number in digits that `text` holds, whatever it counts; None if it cannot be read whole."""
    plain = flatten(footnotes.blank(text[:_PARSED]))
    found: list[Decimal | None] = []
    taken = 0
    for token in _TOKEN.finditer(plain):
        if token.lastindex and token.start() >= taken:
            read = quantities.bare(plain, token.start())
            found.append(read.value if read else None)
            taken = read.end if read else token.end()
    return found[0] if len(found) == 1 else None


def _scan(text: str) -> Iterator[Mention]:
    taken = 0
    previous: Mention | None = None
    reader_of = _READERS.get
    for token in _TOKEN.finditer(text):
        reader = reader_of(token[0], _at_digit if token.lastindex else None)
        if reader is None or token.start() < taken:
            continue
        for mention in reader(text, *token.span(), previous):
            yield mention
            previous, taken = mention, mention.end


def _at_digit(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return (
        _listed(dates.at_number(text, start, end))
        or figures.read(text, start, previous)
        or figures.read_share(text, start, previous)
        or _listed(dates.bare_year(text, start))
    )


def _at_number_word(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return figures.read(text, start, previous) or figures.read_share(text, start, previous)


def _at_article(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _at_number_word(text, start, end, previous) if _COUNTING_ARTICLE.match(text, start) else []


def _at_month(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _listed(dates.at_month(text, start, end))


def _at_period(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _listed(dates.at_period(text, start))


def _at_silence(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _listed(undisclosed.read(text, start, end, previous.end if previous else 0))


def _listed(mention: Mention | None) -> list[Mention]:
    return [mention] if mention else []


_READERS: dict[str, Callable[[str, int, int, Mention | None], list[Mention]]] = {
    **dict.fromkeys(forms((*NUMBER_WORDS, "half", "quarter")), _at_number_word),
    **dict.fromkeys(forms(("symbolic", "nominal", "notional")), figures.read_symbolic),
    **dict.fromkeys(("a", "A", "an", "An", "AN"), _at_article),
    **dict.fromkeys(dates.MONTH_WORDS, _at_month),
    **dict.fromkeys(dates.PERIOD_WORDS, _at_period),
    **dict.fromkeys(undisclosed.WORDS, _at_silence),
}
