"""Numbers in digits and words, with the magnitude words that follow them."""

import re
from decimal import Context, Decimal
from typing import NamedTuple

from .plain import GAP, SEP, words

# Wide enough that no figure we accept is ever rounded, whatever context the caller has set.
EXACT = Context(prec=120)

_POWERS = {
    2: "hundred",
    3: "thousand k tsd",
    5: "lakh lakhs lac lacs",
    6: """million millions mln mlns mn mio mm m millionen miljon miljoner miljoen miljoenen millioner milione
        milioni millón millones milhão milhões""",
    7: "crore crores cr",
    9: """billion billions bln blns bn mrd b mia mld milliard milliards milliarde milliarden milliarder miljard
        miljarder miljarden miliardo miliardi""",
    12: "trillion trillions trln trn tln tn t",
}
POWERS = {word: power for power, words in _POWERS.items() for word in words.split()}
# Words for different powers in different languages: a number before one of them has no value.
_UNSURE = words("mil mill billionen billones billón bilhão bilhões biljon biljoner bilioni trillionen")
_ENGLISH = words(
    """hundred thousand k lakh lakhs lac lacs million millions mln mlns mn mm m crore crores cr billion billions
    bln blns bn b trillion trillions trln trn tln tn t"""
)
_NAMES = words("Mia Mil Mill MIA MIL MILL")
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL.split())}
NUMBER_WORDS |= {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth"
for _size, _part in enumerate(_ORDINALS.split(), 3):
    PARTS |= {_part: _size, f"{_part}s": _size}
_SIGNS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}

_LETTERS = re.compile(r"[^\W\d_]+")
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
_EUROPEAN_GROUPING = re.compile("[.' ]")
_EUROPEAN = re.compile(
    r"""(?:[0-9]{1,3}(?:\.[0-9]{3}){1,6},[0-9]{1,2}  # 1.234,5
        |[0-9]{1,3}(?:[' ][0-9]{3}){1,6},[0-9]{1,2}   # 1 234,5
        |[0-9]{1,3}(?:\.[0-9]{3}){2,6}                # 1.234.567
        |[0-9]{1,6},[0-9]{1,2}                        # 1,5
        )(?![0-9]|[.,][0-9])""",
    re.VERBOSE,
)
_RATIO = r"([0-9]{1,2})/(2|3|4|5|6|8|16|32|64)(?![0-9/])"
_BARE_RATIO = re.compile(_RATIO)
_FRACTION = re.compile(rf"{SEP}{_RATIO}|{GAP}([{''.join(_SIGNS)}])")
_I = re.IGNORECASE | re.ASCII
_TOPS = "|".join(("an?", *_SMALL.split()[1:10]))
_PART = "|".join(sorted(PARTS, key=len, reverse=True))
_IN_WORDS = re.compile(rf"(?:(?P<top>{_TOPS})(?P<gap>{SEP}))?(?P<part>{_PART})(?!\w)", _I)
_SCALE = "|".join(sorted((word for word in POWERS if len(word) > 1), key=len, reverse=True))
_OF_A = re.compile(
    rf"(?P<of>{SEP}of)?(?:{SEP}(?:an?|one))?(?={SEP}(?:(?:{_SCALE}|hundred)(?!\w)|per{GAP}cent\b|pct\b))", _I
)
_AND_PART = re.compile(rf"{SEP}and{SEP}(?={_TOPS}|half)", _I)
_POINT = re.compile(rf"{SEP}point((?:{SEP}(?:{'|'.join(_SMALL.split()[:10])})(?!\w)){{1,9}})", _I)
_NEXT = re.compile(" {1,4}(?=[0-9A-Za-z])")
_SPOKEN = "|".join(NUMBER_WORDS)
# The beginning of a number of which only the end was read: "two and | twenty", "million | five thousand".
_LEAD = re.compile(
    rf"(?<!\w)(?:(?:(?:{_SPOKEN}){SEP}){{1,9}}(?:(?:(?:hundred|and|point){SEP}){{0,3}}|(?:{_SCALE}){SEP})"
    rf"|hundred{SEP}(?:and{SEP})?)\Z",
    _I,
)
_LEAD_OF_DIGITS = re.compile(rf"(?<!\w)(?:an?|{_SPOKEN}|[0-9.,]{{1,9}}){SEP}(?:{_SCALE}){SEP}\Z", _I)
_PART_OF = re.compile(rf"(?:(?<!\w)(?:{_PART})|[0-9]/[0-9]{{1,2}}|[{''.join(_SIGNS)}]){SEP}of{SEP}\Z", _I)
_HUNDRED_AND = re.compile(rf"(?<=hundred){SEP}(?:and{SEP})?(?:{_SPOKEN})(?!\w)", _I)
_WORD = re.compile(rf"({SEP})?([^\W\d_]{{1,14}})(?![\w&])")
_LONG_SCALE = "|".join(sorted((word for word in POWERS if len(word) > 3), key=len, reverse=True))
# What stands where a scale word could, and is none that is read.
_ODD_SCALE = re.compile(
    rf"{SEP}(?:{_LONG_SCALE})(?=[\w&])[\w.,&]{{0,20}}\w"  # "million1.5"
    rf"|{SEP}(?:(?:m|b|tr)il+i?ons?|[a-z]{{0,6}}zillions?|(?:quadr|quint|sext)illions?)(?!\w)"  # "milion", "zillion"
    rf"|(?:{SEP}(?:odd|plus|ish|something|some|dozen|score|or{SEP}(?:so|more|less)|and{SEP}(?:change|something))"
    rf"|\.[a-z]{{1,2}}){SEP}(?:{_SCALE})(?!\w)"  # "-odd million", ".x million"
    rf"|{GAP}[x×]{GAP}10(?:\^|[⁰¹²³⁴-⁹])[0-9]{{0,2}}",  # "x 10^6"
    _I,
)
_MORE_GROUPS = re.compile(r"(?: [0-9]{3}(?![0-9])){1,6}(?:,[0-9]{1,2}(?![0-9,]))?")


class Number(NamedTuple):
    """A number with its magnitude words applied."""

    start: int
    end: int
    value: Decimal
    step: Decimal  # size of the last stated digit
    plain: Decimal  # the value before the magnitude word
    scaled: bool = False  # a magnitude word stands in it
    european: bool = False  # written "1.234,5"
    repeating: bool = False  # a fraction such as a third, of which the value is a rounding


def read(text: str, start: int) -> Number | None:
    """Return the number that starts with the digit or the number word at `start`, if there is one."""
    if text[start].isdigit():
        number = (_read_fraction(text, start) if _BARE_RATIO.match(text, start) else None) or _read_digits(
            text, start
        )
    else:
        number = _read_fraction(text, start) or _read_words(text, start)
    if number is None:
        return None
    if not number.scaled:
        number = _times_magnitude(text, _with_part(text, _with_point(text, number)))
    return _with_smaller(text, number) if number.scaled else number


def rest(text: str, number: Number) -> int:
    """Return the end of the number words that follow `number` and are no part of it; its own end if none do."""
    end = number.end
    if number.scaled:
        end = _end_of_smaller(text, number)
    elif odd := _ODD_SCALE.match(text, end):
        return odd.end()
    if number.scaled and (more := _HUNDRED_AND.match(text, end)):
        end = more.end()
    while (word := _WORD.match(text, end)) and len(word[2]) > 1 and (number.scaled or end == number.end):
        name = word[2].lower()
        if not (name in POWERS or name in _UNSURE) or word[2] in _NAMES:
            break
        end = word.end()
    return end


def groups_after(text: str, number: Number) -> int:
    """Return the end of the groups in "1 234" of which `number` is the first, which may be figures of their own."""
    groups = _MORE_GROUPS.match(text, number.end) if number.step == 1 and number.value < 1000 else None
    return groups.end() if groups and text[number.start : number.end].isdigit() else number.end


def _end_of_smaller(text: str, number: Number) -> int:
    """Return the end of "five hundred thousand" after "$1 million", which is read only in digits or in words."""
    gap = _NEXT.match(text, number.end)
    if gap is None or not number.plain:
        return number.end
    digits = text[gap.end()].isdigit()
    more = _read_digits(text, gap.end()) if digits else _read_words(text, gap.end())
    more = _times_magnitude(text, more) if more and not more.scaled else more
    unit = EXACT.divide(number.value, number.plain)
    if more is None or not more.scaled or more.value >= unit or text.startswith("-", more.end):
        return number.end  # "$5 million two thousand-dollar loans"
    return more.end


def lead(text: str, number: Number, floor: int) -> int:
    """Return the start of the number words before `number` that are no part of it; its own start if none are."""
    begin = max(floor, number.start - 60)
    before = text[begin : number.start]
    if not before.endswith((" ", "-")):
        return number.start
    if "-" in text[number.start : number.end] and before.endswith(" "):
        return number.start  # "two five-million-pound payments"
    lead = _LEAD if text[number.start].isalpha() else _LEAD_OF_DIGITS
    found = lead.search(before) if number.scaled or lead is _LEAD else None
    if found is None and number.plain == 1 and number.scaled:
        found = _PART_OF.search(before)
    return begin + found.start() if found else number.start


def is_continental(text: str) -> bool:
    """Tell whether the words of a figure are of a language that writes decimals with a comma."""
    return any(word in POWERS and word not in _ENGLISH for word in _LETTERS.findall(text.lower()))


def part_after(text: str, number: Number) -> Number | None:
    """Return "a million and a half" where "and a half" follows `number`, which ends with a scale word."""
    link = _AND_PART.match(text, number.end)
    part = fraction(text, link.end()) if link else None
    if part is None:
        return None
    unit = EXACT.divide(number.value, number.plain) if number.plain else number.value
    more = _of_parts(number.start, part.end, part.top, part.bottom)
    value = EXACT.fma(more.value, unit, number.value)
    return number._replace(end=part.end, value=value, step=EXACT.multiply(more.step, unit))


class Fraction(NamedTuple):
    """A fraction in words or digits: "two-thirds", "a quarter", "half", "3/4"."""

    end: int
    top: int
    bottom: int
    counted: bool  # "one third" and "two-thirds"; "a third" may be the third of several
    joined: bool = False  # by a hyphen


def fraction(text: str, start: int) -> Fraction | None:
    """Return the fraction below one that starts at `start`, if there is one."""
    if ratio := _BARE_RATIO.match(text, start):
        top, bottom = int(ratio[1]), int(ratio[2])
        return Fraction(ratio.end(), top, bottom, True, True) if 0 < top < bottom else None
    words = _IN_WORDS.match(text, start)
    if words is None:
        return None
    name = (words["top"] or "").lower()
    top, bottom = NUMBER_WORDS.get(name, 1), PARTS[words["part"].lower()]
    if top >= bottom:
        return None
    return Fraction(words.end(), top, bottom, name not in ("", "a", "an"), words["gap"] == "-")


def canonical(value: Decimal) -> Decimal:
    """Return `value` without exponent and trailing zeros: 6400000000 or 11.5."""
    value = value.normalize(EXACT)
    return value.quantize(Decimal(1), context=EXACT) if value == value.to_integral_value() else value


def _read_digits(text: str, start: int) -> Number | None:
    if ratio := _BARE_RATIO.match(text, start):
        return _with_fraction(start, ratio.end(), Decimal(0), int(ratio[1]), int(ratio[2]))
    literal, european = _LITERAL.match(text, start), _EUROPEAN.match(text, start)
    if european and (literal is None or literal.end() < european.end()):
        digits = _EUROPEAN_GROUPING.sub("", european[0]).replace(",", ".")
        return _from_digits(start, european.end(), digits, european=True)
    if literal is None:
        return None
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
    part = _of_parts(start, end, top, bottom)
    value = EXACT.add(part.value, whole)
    return part._replace(value=value, plain=value)


def _of_parts(start: int, end: int, top: int, bottom: int) -> Number:
    step = EXACT.divide(Decimal(1), Decimal(bottom))
    value = EXACT.divide(Decimal(top), Decimal(bottom))
    return Number(start, end, value, step, value, repeating=(10**9 * top) % bottom != 0)


def _read_fraction(text: str, start: int) -> Number | None:
    """Read "half a", "a quarter of a", "two-thirds of a" before a scale word or "percent"."""
    part = fraction(text, start)
    link = _OF_A.match(text, part.end) if part else None
    if part is None or link is None:
        return None
    ordinal = part.bottom not in (2, 4) and not (part.counted and part.joined)
    if ordinal and not link["of"]:
        return None  # "a third billion-dollar deal"
    return _times_magnitude(text, _with_fraction(start, link.end(), Decimal(0), part.top, part.bottom))


def _with_part(text: str, number: Number) -> Number:
    """Read "and a half" or "and three-quarters" after a whole number."""
    link = _AND_PART.match(text, number.end) if number.step == 1 and number.value < 1000 else None
    part = fraction(text, link.end()) if link else None
    if part is None or text.startswith(" of", part.end):
        return number
    return _with_fraction(number.start, part.end, number.value, part.top, part.bottom)


def _with_point(text: str, number: Number) -> Number:
    """Read "point five" after a number in words."""
    point = _POINT.match(text, number.end) if text[number.start].isalpha() else None
    if point is None:
        return number
    digits = "".join(str(NUMBER_WORDS[word]) for word in re.findall("[a-z]+", point[1].lower()))
    return _from_digits(number.start, point.end(), f"{number.value}.{digits}")


def _with_smaller(text: str, number: Number) -> Number:
    """Add the smaller amounts of "1 million 500 thousand" and "2 crore 50 lakh"."""
    for _ in range(3):
        gap = _NEXT.match(text, number.end)
        if gap is None:
            break
        position = gap.end()
        digits = text[position].isdigit()
        more = _read_digits(text, position) if digits else _read_words(text, position)
        more = _times_magnitude(text, more) if more and not more.scaled else more
        unit = EXACT.divide(number.value, number.plain) if number.plain else Decimal(0)
        if more is None or not more.scaled or more.value >= unit or not _alike(text, number, more):
            break
        value = EXACT.add(number.value, more.value)
        plain = EXACT.divide(value, EXACT.divide(more.value, more.plain)) if more.plain else number.plain
        number = number._replace(end=more.end, value=value, step=more.step, plain=plain)
    return number


def _alike(text: str, number: Number, more: Number) -> bool:
    """Tell whether both amounts are in words or both in digits: "$5 million two million-dollar loans" is two."""
    return text[number.start].isdigit() == text[more.start].isdigit()


def _read_words(text: str, start: int) -> Number | None:
    """Read "seven", "fifty-one", "two hundred and fifty million" or "a billion"."""
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
        if word is None or (found := POWERS.get(word[2].lower())) is None or word[2] in _NAMES:
            break
        if power > 5 and (power, found) != (6, 6):  # "million million", never "million billion"
            break
        if len(word[2]) == 1 and (power or (word[1] and not _is_spaced_letter(text, word))):
            break
        end, power = word.end(), power + found
    if not power:
        return number
    value, step = number.value.scaleb(power, EXACT), number.step.scaleb(power, EXACT)
    return number._replace(end=end, value=value, step=step, scaled=True)


def _is_spaced_letter(text: str, word: re.Match[str]) -> bool:
    """Tell whether the letter of "$5 m" or "5 k€" is a magnitude; "$40 B shares" names a class of shares."""
    if text.startswith(("€", "£"), word.end()):
        return True
    return word[2] in "mMbB" and not text.startswith((" share", " stock"), word.end())
