"""Dates, as fine as the text states them and no finer."""

import re

from .model import Kind, Mention
from .numerals import NUMBER_WORDS
from .plain import GAP, SEP, forms, words, words_after

_NAMES = "january february march april may june july august september october november december"
_MONTHS = {form: month for month, name in enumerate(_NAMES.split(), 1) for form in (name, name[:3])}
_MONTHS["sept"] = 9
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH_WORDS = forms(_MONTHS) - set(_MONTHS)
PERIOD_WORDS = forms(
    words("q h first second third fourth early late mid end fiscal financial fy spring summer winter")
)

_YEAR = "(?:19|20)[0-9]{2}"
_ENDED = r"(?![\w%]|[.,][0-9]|-[0-9]{3})"  # no further digits, so the number is whole
_SPACE = " {1,9}"
_DAY = re.compile(
    rf"\.?{_SPACE}(?:(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?{_ENDED}(?!/|:[0-9]|{GAP}%)|([A-Za-z]{{3,5}})(?!\w))"
)
_LAST_DAY = re.compile(r"-[0-9]{1,2}(?![\w-])")
_BEFORE_YEAR = re.compile(rf"(?:\.?,?{_SPACE}(?:of )?|-)({_YEAR}){_ENDED}")
_DAY_MONTH = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?{SEP}(?:of )?([A-Z][A-Za-z]{{2,8}})(?!\w)")
_NUMERIC = re.compile(
    rf"(?:({_YEAR})([-/])([0-9]{{1,2}})\2([0-9]{{1,2}})|([0-9]{{1,2}})/([0-9]{{1,2}})/({_YEAR}))(?![0-9/]|-[0-9])"
)
_YEAR_MONTH = re.compile(r"((?:19|20)([0-9]{2}))-(0[1-9]|1[0-2])(?![\w-])")
_NTH = rf"(?:first|second|third|fourth){SEP}(?:fiscal{SEP})?(?:quarter|half)"
_PART = (
    rf"(?:(?:q[1-4]|h[12]|[1-4]q|[12]h|{_NTH}|early|late|mid|end|spring|summer|winter)"
    rf"(?:{SEP}(?:of|in))?{SEP})"
)
_FISCAL = rf"(?:(?:fiscal|financial){SEP}(?:year{SEP})?|fy{GAP})"
_PERIOD = re.compile(
    rf"(?:{_PART}{_FISCAL}?|{_FISCAL})({_YEAR}|(?<=fy)[0-9]{{2}}){_ENDED}", re.IGNORECASE | re.ASCII
)
_BARE_YEAR = re.compile(
    rf"{_YEAR}(?![\w%°]|[.,:][0-9]|/(?![0-9]{{2}}(?![\w/]))[0-9]|-(?!{_YEAR}(?![\w-]))[0-9]{{3}}|-[0-9]{{1,2}}-)"
)
_YEAR_BEFORE = re.compile(rf"(?<![\w-]){_YEAR}-\Z")
_LAST_WORD = re.compile(r"([A-Za-z]+)\.? {1,4}\Z")
_GLUE = tuple("_#@/\\.&+=$€£¥₹")

# After these words four digits are a name or a number.
_NUMBERED = words(
    """no nos number windows office boeing chapter section page room suite flight route rule model version
    article paragraph form box apt unit lot item building highway iso rfc bus"""
)
# Before these, they count.
_COUNTED = words(
    """employees people workers jobs staff stores shops engineers customers users units homes hotels rooms
    patients companies locations outlets branches restaurants megawatts mw acres hectares miles km
    kilometers kilometres tons tonnes barrels feet square points members students shareholders years hours
    days vehicles cars"""
)
_STREETS = words("street st avenue ave road rd boulevard blvd drive lane way parkway")
# "In June 13 million shares changed hands": the number after the month is no day.
_MEASURED = words(
    """mln million mn bn bln billion trillion thousand crore lakh pct percent per dlr dlrs dollars stg cents
    shares times yen euros pounds"""
)


def at_month(text: str, start: int, end: int) -> Mention | None:
    """Return the date that begins with the name of a month in `text[start:end]`, if there is one."""
    month = _MONTHS[text[start:end].lower()]
    if year := _BEFORE_YEAR.match(text, end):
        return _mention(text, start, year.end(), f"{year[1]}-{month:02}")
    match = _DAY.match(text, end)
    if match is None or any(word.lower() in _MEASURED for word, _ in words_after(text, match.end(), 1)):
        return None
    digits, word = match.groups()
    day = int(digits) if digits else NUMBER_WORDS.get(word.lower(), 99)
    last = _LAST_DAY.match(text, match.end())
    year = _BEFORE_YEAR.match(text, (last or match).end())
    if word and (day > 10 or (month == 5 and not year)):
        return None  # "March against", "May one ask"
    if year is None:
        return _day(text, start, match.end(), "", month, day)
    if last:  # "June 13-15, 2025" is no single day
        return _mention(text, start, year.end(), f"{year[1]}-{month:02}")
    return _day(text, start, year.end(), year[1], month, day)


def at_number(text: str, start: int, end: int) -> Mention | None:
    """Return the date that begins with the digits `text[start:end]`: "13 June 2025", "2025-06-13"."""
    following = text[end : end + 1]
    if end - start > 4 or not (following.isalpha() or following in (" ", "-", "/")) or _is_glued(text, start):
        return None
    if (match := _DAY_MONTH.match(text, start)) and (month := _MONTHS.get(match[2].lower())):
        year = _BEFORE_YEAR.match(text, match.end())
        return _day(text, start, (year or match).end(), year[1] if year else "", month, int(match[1]))
    if following in ("-", "/"):
        if match := _NUMERIC.match(text, start):
            return _numeric(text, start, match)
        if (match := _YEAR_MONTH.match(text, start)) and int(match[3]) != (int(match[2]) + 1) % 100:
            return _mention(text, start, match.end(), match[0])  # but "2005-06" is two years
    return at_period(text, start) if following in ("Q", "q", "H", "h") else None


def at_period(text: str, start: int) -> Mention | None:
    """Return the year that begins with "Q3", "third quarter of", "early" or "fiscal" at `start`."""
    match = _PERIOD.match(text, start)
    if match is None:
        return None
    return _mention(text, start, match.end(), match[1] if len(match[1]) == 4 else f"20{match[1]}")


def bare_year(text: str, start: int) -> Mention | None:
    """Return the year that stands at `start`, where four digits are nothing else."""
    match = _BARE_YEAR.match(text, start)
    if match is None or not _is_year(text, start, match.end()):
        return None
    return _mention(text, start, match.end(), match[0])


def _numeric(text: str, start: int, match: re.Match[str]) -> Mention | None:
    if match[1]:
        return _day(text, start, match.end(), match[1], int(match[3]), int(match[4]))
    month, day = int(match[5]), int(match[6])
    if month > 12:
        month, day = day, month
    elif day <= 12 and day != month:
        return None  # the fifth of June, or the sixth of May
    return _day(text, start, match.end(), match[7], month, day)


def _day(text: str, start: int, end: int, year: str, month: int, day: int) -> Mention | None:
    if not 1 <= month <= 12 or not 1 <= day <= _LENGTHS[month - 1]:
        return None
    if year and (month, day) == (2, 29) and (int(year) % 4 or (not int(year) % 100 and int(year) % 400)):
        return None
    return _mention(text, start, end, f"{year or '-'}-{month:02}-{day:02}")


def _is_glued(text: str, start: int) -> bool:
    """Tell whether a sign or another number stands right before the digits."""
    before, last = text[max(0, start - 2) : max(0, start - 1)], text[max(0, start - 1) : start]
    if last and last in "-:,'":
        return before.isalnum()
    return last.isalnum() or last in _GLUE


def _is_year(text: str, start: int, end: int) -> bool:
    """Tell whether four digits stand where a year would, not a part number, an address or a count."""
    before = text[max(0, start - 24) : start]
    if before[-1:] == "-" and before[-2:-1].isalnum():
        # "2019-2023" and "pre-2025", but not "555-2023" or "GPT-2023"
        return bool(_YEAR_BEFORE.search(before)) or before.lower().endswith(("pre-", "post-", "mid-"))
    if _is_glued(text, start) or before.rstrip(" ")[-1:].isdigit():
        return False
    word = _LAST_WORD.search(before)
    if word and word[1].lower() in _NUMBERED:
        return False
    for index, (following, _) in enumerate(words_after(text, end, 4)):
        name = following.lower().rstrip(".")
        if name in _STREETS if index else name in _COUNTED:
            return False
        if not following[0].isupper():
            break
    return True


def _mention(text: str, start: int, end: int, date: str) -> Mention:
    return Mention(Kind.DATE, start, end, text[start:end], date=date)
