"""Numbers in digits and words, with the magnitude words that follow them."""

import re
from decimal import Context, Decimal
from typing import NamedTuple

from .plain import GAP, SEP

# Wide enough that no figure we accept is ever rounded, whatever context the caller has set.
EXACT = Context(prec=120)

_POWERS = {
    2: "hundred",
    3: "thousand k",
    5: "lakh lakhs lac lacs",
    6: "million millions mln mlns mn mio mm m",
    7: "crore crores cr",
    9: "billion billions bln blns bn mrd b",
    12: "trillion trillions trln trn tln tn t",
}
POWERS = {word: power for power, words in _POWERS.items() for word in words.split()}
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL.split())}
NUMBER_WORDS |= {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
_SIGNS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}

_LITERAL = re.compile(
    r"""(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}               # 1,234,567
        |[0-9]{1,2}(?:,[0-9]{2}){1,6},[0-9]{3}        # 1,50,000
        |[0-9]{1,3}(?:'[0-9]{3}){1,6}                 # 1'234'567
        |[0-9]{1,3}(?:[ ][0-9]{3}){2,6}               # 1 234 567
        |[0-9]{1,18}
        )(?:\.[0-9]{1,9})?(?![0-9]|[.,][0-9])""",
    re.VERBOSE,
)
_GROUPING = re.compile("[,' ]")
_EUROPEAN = re.compile(
    r"(?:[0-9]{1,3}(?:\.[0-9]{3}){1,6},[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3}){2,6}|[0-9]{1,3},[0-9]{1,2})"
    r"(?![0-9]|[.,][0-9])"
)
_RATIO = r"([0-9]{1,2})/(2|4|8|16|32|64)(?![0-9/])"
_BARE_RATIO = re.compile(_RATIO)
_FRACTION = re.compile(rf"{SEP}{_RATIO}|{GAP}([{''.join(_SIGNS)}])")
_HALF = re.compile(rf"(?:an?{SEP})?half(?:{SEP}an?)?(?={SEP}[a-z])", re.IGNORECASE | re.ASCII)
_AND_A_HALF = re.compile(rf"{SEP}and{SEP}a{SEP}half(?={SEP}[a-z])", re.IGNORECASE | re.ASCII)
_WORD = re.compile(rf"({SEP})?([A-Za-z]{{1,14}})(?![\w&])")


class Number(NamedTuple):
    """A number with its magnitude words applied."""

    start: int
    end: int
    value: Decimal
    step: Decimal  # size of the last stated digit
    plain: Decimal  # the value before the magnitude word
    scaled: bool = False  # a magnitude word stands in it
    european: bool = False  # written "1.234,5": to be believed only beside a euro sign


def read(text: str, start: int) -> Number | None:
    """Return the number that starts with the digit or the number word at `start`, if there is one."""
    number = _read_digits(text, start) if text[start].isdigit() else _read_words(text, start)
    if number is None or number.scaled:
        return number
    if text.startswith("and", number.end + 1) and (half := _AND_A_HALF.match(text, number.end)):
        scaled = _times_magnitude(text, _with_fraction(number.start, half.end(), number.value, 1, 2))
        return scaled if scaled.scaled else number
    return _times_magnitude(text, number)


def canonical(value: Decimal) -> Decimal:
    """Return `value` without exponent and trailing zeros: 6400000000 or 11.5."""
    value = value.normalize(EXACT)
    return value.quantize(Decimal(1), context=EXACT) if value == value.to_integral_value() else value


def _read_digits(text: str, start: int) -> Number | None:
    if ratio := _BARE_RATIO.match(text, start):
        return _with_fraction(start, ratio.end(), Decimal(0), int(ratio[1]), int(ratio[2]))
    literal = _LITERAL.match(text, start)
    if literal is None:
        european = _EUROPEAN.match(text, start)
        if european is None:
            return None
        digits = european[0].replace(".", "").replace(",", ".")
        return _from_digits(start, european.end(), digits, european=True)
    digits = _GROUPING.sub("", literal[0])
    if text[start - 1 : start] == "." and "." not in digits and not text[start - 2 : start - 1].isalnum():
        return _from_digits(start - 1, literal.end(), "." + digits)
    if "." not in digits and (fraction := _FRACTION.match(text, literal.end())):
        top, bottom = _SIGNS[fraction[3]] if fraction[3] else (int(fraction[1]), int(fraction[2]))
        if top < bottom:
            return _with_fraction(start, fraction.end(), Decimal(digits), top, bottom)
    return _from_digits(start, literal.end(), digits)


def _from_digits(start: int, end: int, digits: str, european: bool = False) -> Number:
    value = Decimal(digits)
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    return Number(start, end, value, step, value, european=european)


def _with_fraction(start: int, end: int, whole: Decimal, top: int, bottom: int) -> Number:
    step = EXACT.divide(Decimal(1), Decimal(bottom))  # by a power of two: the quotient is exact
    value = EXACT.fma(step, Decimal(top), whole)
    return Number(start, end, value, step, value)


def _read_words(text: str, start: int) -> Number | None:
    """Read "seven", "fifty-one", "two hundred and fifty million", "a billion" or "half a billion"."""
    if half := _HALF.match(text, start):
        scaled = _times_magnitude(text, _with_fraction(start, half.end(), Decimal(0), 1, 2))
        return scaled if scaled.scaled else None
    total = group = 0  # what is closed by a magnitude word, and what is not yet
    room = 1000  # the next word must be smaller: "fifty" leaves room for "one", "one" for nothing
    power = 99  # of the last magnitude word: they come in falling order
    article = False  # "a" counts as one, but only before "hundred" or a magnitude
    position = end = start
    for _ in range(16):
        word = _WORD.match(text, position)
        if word is None or (position > start and not word[1]):
            break
        name, position = word[2].lower(), word.end()
        if name == "and" and room >= 100 and end > start:
            continue
        if name in ("a", "an") and end == start:
            article, group, room = True, 1, 1
            continue
        size = NUMBER_WORDS.get(name)
        if size is not None and size < room and (room >= 100 or 0 < size < 10):
            group += size
            room = 10 if size >= 20 else 0
        elif name == "hundred" and 0 < group < 100:
            group, room, article = 100 * group, 100, False
        elif group and len(name) > 1 and name != "hundred" and POWERS.get(name, 99) < power:
            power = POWERS[name]
            total, group, room, article = total + group * 10**power, 0, 1000, False
        else:
            break
        end = position
    if end == start or article:
        return None
    value = Decimal(total + group)
    unit = Decimal(1 if group or power == 99 else 10**power)
    return Number(start, end, value, unit, EXACT.divide(value, unit), power < 99)


def _times_magnitude(text: str, number: Number) -> Number:
    """Read up to two magnitude words after `number`: "billion", "lakh crore", "bn"."""
    end, power = number.end, 0
    for _ in range(2):
        word = _WORD.match(text, end)
        if word is None or (found := POWERS.get(word[2].lower())) is None:
            break
        if len(word[2]) == 1 and (power or (word[1] and not _is_spaced_letter(text, word))):
            break
        end, power = word.end(), power + found
    if not power:
        return number
    value, step = number.value.scaleb(power, EXACT), number.step.scaleb(power, EXACT)
    return Number(number.start, end, value, step, number.plain, True, number.european)


def _is_spaced_letter(text: str, word: re.Match[str]) -> bool:
    """Tell whether the letter of "$5 m" or "$5 b" is a magnitude; "$40 B shares" names a class of shares."""
    return word[2] in "mMbB" and not text.startswith((" share", " stock"), word.end())
