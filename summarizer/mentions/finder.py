"""The scan that finds every mention of a text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from . import currencies, dates, figures, undisclosed
from .model import Kind, Mention
from .numerals import NUMBER_WORDS
from .plain import SEP, flatten, forms

# Every run of letters and every run of digits is seen once; most words are in no table and cost one look-up.
_TOKEN = re.compile(r"[A-Za-z]+|([0-9])[0-9.,]*")
_COUNTING_ARTICLE = re.compile(
    rf"an?{SEP}(?:hundred|thousand|mi?ll|[mbt]n\b|bi?ll|tri|lakh|crore|half)", re.IGNORECASE
)
_PARSED = 200  # characters of a string that may be one mention
_ABOUT_TERMS = re.compile(
    r"(?:the|an?|of|for|sum|amount|terms?|price|value|consideration|financial|purchase|was|were|is|are|has|have|"
    r"did|does|deal|transaction|cash|details|and|\s|[.:()])*",
    re.IGNORECASE,
)


def find(text: str) -> tuple[Mention, ...]:
    """Return the mentions of `text` in order; they do not overlap."""
    plain = flatten(text)
    return tuple(
        mention
        if mention.text == (given := text[mention.start : mention.end])
        else replace(mention, text=given)
        for mention in _in_their_country(list(_scan(plain)), plain)
    )


def _in_their_country(mentions: list[Mention], text: str) -> list[Mention]:
    """Give figures in "crowns" the code of the country that the text is about, and bare "$" the one that it states."""
    bare = {m for m in mentions if m.unit == "USD" and currencies.is_bare_dollar(m.text)}
    if bare and (code := currencies.dollars_stated(text)):
        mentions = [replace(mention, unit=code) if mention in bare else mention for mention in mentions]
    if not any(mention.unit in currencies.SHARED_CODES for mention in mentions):
        return mentions
    named = [country for country, _ in currencies.countries(text).most_common()]
    settled = []
    for mention in mentions:
        codes = currencies.shared(mention.text) if mention.unit in currencies.SHARED_CODES else {}
        country = next((country for country in named if country in codes), None)
        settled.append(replace(mention, unit=codes[country]) if country else mention)
    return settled


def parse(text: str, kind: Kind | None = None) -> Mention | None:
    """Return the one mention that fills `text` (white space and hedge words apart), or None.

    The mention must be of `kind` where one is given. Its offsets are those of `text`.
    """
    if len(text) > _PARSED:
        return None
    # "12 times" tells by the noun after it that it is a multiple, and the caller knows already
    mentions = find(f"{text.rstrip()} earnings" if kind is Kind.MULTIPLE else text)
    if len(mentions) != 1 or kind not in (None, mentions[0].kind):
        return None
    mention = mentions[0]
    start, end = mention.hedge or (mention.start, mention.end)
    rest = text[: min(start, mention.start)] + text[max(end, mention.end) :]
    if mention.kind is Kind.UNDISCLOSED:  # "an undisclosed sum", "terms were not disclosed"
        return mention if _ABOUT_TERMS.fullmatch(rest) else None
    return None if rest.strip() else mention


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
        or _listed(dates.bare_year(text, start))
    )


def _at_number_word(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return figures.read(text, start, previous)


def _at_article(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return figures.read(text, start, previous) if _COUNTING_ARTICLE.match(text, start) else []


def _at_month(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _listed(dates.at_month(text, start, end))


def _at_period(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _listed(dates.at_period(text, start))


def _at_silence(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    return _listed(undisclosed.read(text, start, end, previous.end if previous else 0))


def _listed(mention: Mention | None) -> list[Mention]:
    return [mention] if mention else []


_READERS: dict[str, Callable[[str, int, int, Mention | None], list[Mention]]] = {
    **dict.fromkeys(forms((*NUMBER_WORDS, "half")), _at_number_word),
    **dict.fromkeys(("a", "A", "an", "An", "AN"), _at_article),
    **dict.fromkeys(dates.MONTH_WORDS, _at_month),
    **dict.fromkeys(dates.PERIOD_WORDS, _at_period),
    **dict.fromkeys(undisclosed.WORDS, _at_silence),
}
