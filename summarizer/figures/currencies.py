"""Signs, codes and words of currencies, before and after a number."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from .plain import SEP, words

# Forms of a currency's word, then its code: alone, and after the name of a country. Alone, "?" is of no
# country.
_WORDS = """
dollar dollars dlr dlrs: USD us=USD ca=CAD au=AUD nz=NZD hk=HKD sg=SGD tw=TWD jm=JMD bb=BBD
euro euros: EUR
pound pounds: GBP gb=GBP ie=IEP eg=EGP lb=LBP sd=SDG sy=SYP
stg sterling: GBP
punt punts: IEP ie=IEP
yen: JPY jp=JPY
yuan renminbi rmb: CNY cn=CNY
rupee rupees rs: ? in=INR pk=PKR lk=LKR np=NPR mu=MUR
rupiah rupiahs: IDR id=IDR
won: KRW kr=KRW
franc francs: CHF ch=CHF fr=FRF be=BEF lu=LUF
mark marks: DEM de=DEM
markka markkas: FIM fi=FIM
crown crowns: ? se=SEK dk=DKK no=NOK is=ISK cz=CZK
kr krona mkr tkr mdkr mnkr: ? se=SEK dk=DKK no=NOK is=ISK
krone kroner: ? no=NOK dk=DKK
kronor: SEK se=SEK
kronur: ISK is=ISK
koruna korunas: CZK cz=CZK
lire: ITL it=ITL
lira liras: TRY tr=TRY it=ITL
guilder guilders: NLG nl=NLG
schilling schillings: ATS at=ATS
peseta pesetas: ESP es=ESP
escudo escudos: PTE pt=PTE
drachma drachmas: GRD gr=GRD
peso pesos: ? mx=MXN ph=PHP ar=ARS cl=CLP co=COP uy=UYU do=DOP
real reais reals: BRL br=BRL
rand: ZAR za=ZAR
rouble roubles ruble rubles: RUB ru=RUB
zloty zlotys: PLN pl=PLN
forint forints: HUF hu=HUF
shekel shekels: ILS il=ILS
riyal riyals: ? sa=SAR qa=QAR om=OMR
dirham dirhams: ? ae=AED ma=MAD
dinar dinars: ? kw=KWD bh=BHD jo=JOD rs=RSD tn=TND
ringgit: MYR my=MYR
baht: THB th=THB
dong: VND vn=VND
naira: NGN ng=NGN
shilling shillings: ? ke=KES ug=UGX tz=TZS
leu lei: RON ro=RON
lev leva: BGN bg=BGN
hryvnia hryvnias: UAH ua=UAH
taka: BDT bd=BDT
tenge: KZT kz=KZT
cedi cedis: GHS gh=GHS
sol soles: PEN pe=PEN
birr: ETB et=ETB
cent cents cts: USD us=USD ca=CAD au=AUD nz=NZD hk=HKD sg=SGD eu=EUR za=ZAR
pence: GBP ie=IEP
"""
_MINOR = {"cent", "cents", "cts", "pence"}  # hundredths of the unit
_HUNDREDTH = Decimal("0.01")
# Words that mean something else after a small number: "all 5 won", "9 marks out of 10", "two crowns".
_AMBIGUOUS = words("won real reals mark marks crown crowns rand dong drachmas sol soles lev")

_NAMES = """
us: us, u.s., american; ca: canadian, cdn, can; au: australian, aust; nz: new zealand, n.z., nz;
hk: hong kong, h.k., hk; sg: singapore, singaporean; tw: taiwan, taiwanese; jm: jamaican; bb: barbados;
gb: british, u.k., uk; ie: irish; eg: egyptian; lb: lebanese; jp: japanese; cn: chinese; in: indian;
pk: pakistani, pakistan; lk: sri lankan; id: indonesian; kr: korean, south korean; ch: swiss; fr: french;
be: belgian; lu: luxembourg; de: german, west german; fi: finnish; se: swedish; dk: danish; no: norwegian;
is: icelandic; cz: czech; it: italian; tr: turkish; nl: dutch; at: austrian; es: spanish; pt: portuguese;
gr: greek; mx: mexican; ph: philippine; ar: argentine; cl: chilean; co: colombian; br: brazilian;
za: south african; ru: russian; pl: polish; hu: hungarian; il: israeli; sa: saudi; qa: qatari; om: omani;
ae: uae; ma: moroccan; kw: kuwaiti; bh: bahraini; my: malaysian; th: thai; vn: vietnamese; ng: nigerian;
ke: kenyan; ug: ugandan; tz: tanzanian; ro: romanian; bg: bulgarian; ua: ukrainian; bd: bangladeshi; kz: kazakh;
np: nepalese, nepali; mu: mauritian; sd: sudanese; sy: syrian; gh: ghanaian;
pe: peruvian; et: ethiopian; uy: uruguayan; do: dominican; jo: jordanian; rs: serbian; tn: tunisian;
eu: euro
"""

# Codes that are also English words or tickers (TRY, ALL, MAD, AMD) are left out.
_ISO = """
USD EUR GBP JPY CNY CAD AUD NZD HKD SGD TWD INR PKR LKR BDT KRW CHF SEK NOK DKK ISK CZK PLN HUF MXN BRL ARS
CLP COP UYU DOP PEN ZAR RUB ILS SAR AED QAR KWD BHD OMR MYR THB IDR PHP VND NGN KES UGX TZS GHS ETB RON BGN KZT EGP UAH DEM FRF BEF ITL NLG ESP ATS
"""
CODES = {code: code for code in _ISO.split()}
CODES |= {"RMB": "CNY", "CNH": "CNY", "usd": "USD", "eur": "EUR", "gbp": "GBP", "Eur": "EUR"}
_ABBREVIATIONS = CODES | {
    "Rs": "",  # of several countries
    "kr": "",
    "Kr": "",
    "KR": "",
    "RM": "MYR",
    "DM": "DEM",
    "Fr": "CHF",
    "SFr": "CHF",
    "Sfr": "CHF",
    "FFr": "FRF",
    "SKr": "SEK",
    "NKr": "NOK",
    "DKr": "DKK",
    "Ksh": "KES",
    "KSh": "KES",
    "NIS": "ILS",
    "Dh": "AED",
    "Rp": "IDR",
    "Tk": "BDT",
}

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY"}
_SIGNS |= {"₪": "ILS", "฿": "THB", "₫": "VND", "₦": "NGN", "₱": "PHP", "₴": "UAH"}
SIGNS = "".join(_SIGNS)
# Letters glued to a sign, on either side: "US$5", "Cdn$5", "$A5". Any others leave the currency open.
_DOLLARS = """
US=USD U.S.=USD USD=USD C=CAD CA=CAD CAN=CAD CAD=CAD CDN=CAD A=AUD AU=AUD AUS=AUD AUD=AUD NZ=NZD NZD=NZD
HK=HKD HKD=HKD S=SGD SG=SGD SGD=SGD NT=TWD NTD=TWD TW=TWD TWD=TWD R=BRL BR=BRL BRL=BRL J=JMD JA=JMD JMD=JMD
MX=MXN MEX=MXN MXN=MXN AR=ARS ARS=ARS CL=CLP CLP=CLP COL=COP COP=COP UY=UYU UYU=UYU RD=DOP DOP=DOP
TT=TTD TTD=TTD BDS=BBD BBD=BBD BZ=BZD BZD=BZD EC=XCD XCD=XCD FJ=FJD FJD=FJD GY=GYD GYD=GYD KY=KYD CI=KYD KYD=KYD
BN=BND BND=BND NA=NAD NAD=NAD MOP=MOP
"""
_LETTERS = {
    "$": dict(pair.split("=") for pair in _DOLLARS.split()),
    "¥": {"CN": "CNY", "RMB": "CNY", "CNY": "CNY", "JP": "JPY", "JPY": "JPY"},
    "£": {
        "GB": "GBP",
        "UK": "GBP",
        "GBP": "GBP",
        "STG": "GBP",
        "IR": "IEP",
        "E": "EGP",
        "EG": "EGP",
        "LL": "LBP",
    },
}
_OPEN = frozenset("$£¥")  # signs of several currencies
# "50 MUSD", "45 MEUR", "450 mkr", "KSEK 500": thousands are K or, in northern Europe, T.
_SCALES = {
    "k": 3,
    "K": 3,
    "T": 3,
    "t": 3,
    "m": 6,
    "M": 6,
    "mn": 6,
    "mln": 6,
    "million": 6,
    "b": 9,
    "B": 9,
    "bn": 9,
}
_SCALES |= {"MM": 6, "mm": 6, "md": 9, "billion": 9, "thousand": 3}
_SCALED_CODES = words(
    """USD EUR GBP SEK NOK DKK ISK CHF CAD AUD NZD JPY INR CZK PLN HUF SGD HKD CNY RMB BRL ZAR kr"""
)
_SCALED = re.compile(
    r"(?P<scale>[kKTtmMbB]|mn|bn|md)(?P<code>[A-Z]{3}|kr)|(?P<code_first>[A-Z]{3})(?P<last>[kmM]|mn|bn)"
)


def _read_words() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for line in _WORDS.strip().splitlines():
        forms, _, codes = line.partition(":")
        alone, *others = codes.split()
        by_country = {"": alone.strip("?"), **dict(pair.split("=") for pair in others)}
        for word in forms.split():
            table[word] = by_country
    return table


def _read_names() -> dict[str, str]:
    groups = (group.strip().split(": ") for group in _NAMES.split(";"))
    return {name: country for country, names in groups for name in " ".join(names.split()).split(", ")}


_BY_WORD = _read_words()
_COUNTRIES = _read_names()
_FIRST_WORDS = {name.split()[0] for name in _COUNTRIES}
# The lower-case words with which a currency after a number can begin.
UNIT_WORDS = frozenset(_BY_WORD)
FIRST_WORDS = {*_BY_WORD, *_FIRST_WORDS, "usd", "eur", "gbp", "p"}

# Words that several countries share and of which none is meant by most texts: the text has to tell the
# country.
_SHARED = {
    word
    for word, codes in _BY_WORD.items()
    if len(codes) > 1 and codes[""] not in ("USD", "GBP", "JPY", "CNY")
}
_SHARED -= _MINOR
SHARED_CODES = {_BY_WORD[word][""] for word in _SHARED} | {"INR"}
_LANDS = """
sweden=se denmark=dk norway=no iceland=is czechia=cz switzerland=ch france=fr belgium=be india=in mexico=mx
philippines=ph argentina=ar chile=cl colombia=co brazil=br kenya=ke uganda=ug tanzania=tz jordan=jo serbia=rs tunisia=tn uruguay=uy egypt=eg lebanon=lb sudan=sd syria=sy
britain=gb england=gb scotland=gb wales=gb london=gb cairo=eg beirut=lb kuwait=kw bahrain=bh qatar=qa oman=om morocco=ma
stockholm=se copenhagen=dk oslo=no reykjavik=is prague=cz zurich=ch geneva=ch paris=fr
brussels=be mumbai=in delhi=in karachi=pk colombo=lk lanka=lk nepal=np mauritius=mu manila=ph bogota=co santiago=cl
"""
_OTHER_LANDS = words(
    """germany italy spain portugal netherlands austria poland russia ukraine japan korea china turkey australia
    canada ireland finland greece hungary israel thailand vietnam indonesia malaysia singapore nigeria peru europe
    asia africa america"""
)
_COUNTRY_OF = {name: code for name, code in _COUNTRIES.items() if name.isalpha() and len(name) > 2}
_COUNTRY_OF |= dict(pair.split("=") for pair in _LANDS.split())
_COUNTRY = re.compile(rf"\b(?:{'|'.join(sorted(_COUNTRY_OF))})\b")
_LAST_SHARED = re.compile(rf"[0-9a-z.][ -]*({'|'.join(sorted(_SHARED))})\b(?: (?:a|per|each) ?[a-z]*)?$")
_FIRST_SHARED = re.compile(r"(kr|rs)\b")
_POUNDS = re.compile(r"[0-9a-z][ -]+pounds?\b(?! sterling)")

_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z])(?:(U\.S\.|[A-Za-z]{{1,12}})|(U\.?S\.?|[A-Z]{{3}}|NT|HK|NZ|AU|MX|RD|TT|TW|Mex|Cdn) ))?([{SIGNS}])([A-Z]{{1,2}}|mn?|mm|mln|bn|k)? {{0,2}}\Z"
    r"|(?<![A-Za-z])([A-Za-z]{2,5})\.? {0,2}\Z|(?<![\w&/.-])(R)\Z"
    rf"|(?<![A-Za-z])([A-Z]{{3}} ?|[{SIGNS}] ?)([mM]|MM|mm|mn|mln|[bB]|bn|[kK]|million|billion|thousand) {{1,2}}\Z"
)
_AFTER = re.compile(rf"({SEP})?((?:[A-Z]\.){{2}}|[A-Za-z]{{1,14}}(?!\w)|[{SIGNS}¢](?! {{0,2}}[0-9]))")
_STERLING = re.compile(rf"{SEP}sterling\b", re.IGNORECASE | re.ASCII)
_PENCE = re.compile(rf"p(?={SEP}(?:a|per|each|for)\b)")


DOLLARS = frozenset(_BY_WORD["dollar"].values())
DOLLAR_SIGN = DOLLARS | set(_LETTERS["$"].values())  # the currencies that are written with "$"
_DOLLAR_NAMES = {
    **{
        name: _BY_WORD["dollar"][country]
        for name, country in _COUNTRIES.items()
        if country in _BY_WORD["dollar"]
    },
    **{code.lower(): code for code in DOLLARS},
    "us$": "USD",
    "c$": "CAD",
    "a$": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
}
_WHOSE = "|".join(re.escape(name) for name in sorted(_DOLLAR_NAMES, key=len, reverse=True))
_HERE = r"(?: (?:here|below|above|throughout|quoted|given|cited|mentioned|used|in this [a-z]+)){0,3}"
_ARE = r"(?: (?:are|is|means?|refers? to|stands? for)| ?[=:])"
_GIVEN = r"(?: (?:all|given|quoted|stated|expressed|shown|reported|denominated)){0,2}(?: in)?"
# "(All dollars are Australian.)", "All figures in Canadian dollars", "Dollar amounts are in C$".
_STATEMENT = re.compile(
    rf"(?:\b(?:dollars?|dollar (?:amounts|figures|sums|values|prices|signs?))|(?<![a-z])\$){_HERE}{_ARE}{_GIVEN} (?P<a>{_WHOSE})(?![\w$])"
    rf"|\b(?:figures|amounts|sums|values|prices|numbers|money|currency){_HERE}{_ARE}?{_GIVEN} (?P<b>{_WHOSE})(?![\w$])(?: dollars|(?<=[$d]))"
)
_BARE_DOLLARS = re.compile(r"(?:^|[^a-z])\$(?![a-z])|[0-9a-z][ -]+(?:dollars?|dlrs?|cents?|cts)\b|¢")
_NAMED_DOLLARS = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, _DOLLAR_NAMES))})(?![a-z])")


def is_bare_dollar(form: str) -> bool:
    """Tell whether a figure's form has dollars or cents without a word for whose."""
    small = form.lower()
    return _BARE_DOLLARS.search(small) is not None and _NAMED_DOLLARS.search(small) is None


def dollars_stated(text: str) -> str:
    """Return the code of the dollars that a text says it counts in ("All dollars are Canadian"), or ""."""
    found = _STATEMENT.search(text.lower())
    return _DOLLAR_NAMES[found["a"] or found["b"]] if found else ""


def shared(form: str) -> dict[str, str]:
    """Return the codes that a figure's form may mean, by country, where only its text can tell; else nothing."""
    found = _LAST_SHARED.search(form.lower()) or _FIRST_SHARED.match(form.lower())
    before_it = form.lower().split()[-2:-1]  # nothing in "one-franc"
    if found is None or any(_COUNTRY_OF.get(word) for word in before_it):
        return {}
    return {country: code for country, code in _BY_WORD[found[1]].items() if country}


def pounds(form: str, named: Sequence[str]) -> str:
    """Return the code of a figure in bare pounds, where the countries `named` have pounds and Britain is not named."""
    codes = _BY_WORD["pounds"]
    others = [country for country in named if country in ("eg", "lb", "sd", "sy")]
    if not others or "gb" in named or _POUNDS.search(form.lower()) is None:
        return "GBP"
    return codes[others[0]] if len(others) == 1 else ""


def is_country(word: str) -> bool:
    """Tell whether a word in lower case is a country, a continent or their people: "germany", "american"."""
    return word in _COUNTRY_OF or word in _COUNTRIES or word in _OTHER_LANDS


def countries(text: str) -> Counter[str]:
    """Count how often a text names each country that has a currency word of several."""
    return Counter(_COUNTRY_OF[name] for name in _COUNTRY.findall(text.lower()))


def before(text: str, end: int) -> tuple[int, str, Decimal] | None:
    """Return where the currency that stands just before `end` starts, its code and its factor.

    The code is "" where the sign or the word is of several countries. The factor is 10**6 of "MUSD", else 1.
    """
    offset = max(0, end - 20)
    head = text[offset:end]
    last = head[-1:] if head[-1:] != " " else head.rstrip(" ")[-1:]
    if not (last.isalpha() or last == "." or last in _SIGNS):
        return None
    match = _BEFORE.search(head)
    if match is None:
        return None
    glued, apart, sign, behind, word, rand, named, scale = match.groups()
    start = offset + match.start()
    if rand:
        return start, "ZAR", Decimal(1)
    if scale:
        code = _SIGNS.get(named.strip()) or CODES.get(named.strip())
        return (start, code, Decimal(10) ** _SCALES[scale]) if code else None
    if word:
        if word in _ABBREVIATIONS:
            return start, _ABBREVIATIONS[word], Decimal(1)
        return (start, *scaled) if (scaled := _scaled_code(word)) else None
    return _at_sign(text, start, offset + match.start(3), (glued, apart, sign, behind))


def _at_sign(
    text: str, start: int, at: int, parts: tuple[str | None, str | None, str, str | None]
) -> tuple[int, str, Decimal] | None:
    """Read the sign at `at` with the letters before and after it."""
    glued, apart, sign, behind = parts
    letters = _LETTERS.get(sign, {})
    code = letters.get((glued or apart or "").upper())
    if behind and behind not in letters:  # "US$m 5"
        open_code = "" if glued and not code else code or _SIGNS[sign]
        return (start, open_code, Decimal(10) ** _SCALES[behind]) if behind in _SCALES else None
    if behind:
        return at, letters[behind], Decimal(1)
    if code:
        return start, code, Decimal(1)
    if (power := _SCALES.get(glued or "")) and (sign != "$" or power == 3 or len(glued or "") > 1):
        return start, "" if sign == "$" else _SIGNS[sign], Decimal(10) ** power  # "M€ 5", "MM$ 5"
    if sign in _OPEN and text[at - 1 : at].isalpha():  # "Xyz$5": of a country that is not known here
        return (start if glued else at), "", Decimal(1)
    return at, _SIGNS[sign], Decimal(1)


def _scaled_code(word: str) -> tuple[str, Decimal] | None:
    """Read "MUSD", "kEUR", "mkr" or "USDm"."""
    match = _SCALED.fullmatch(word)
    if match is None:
        return None
    code, scale = match["code"] or match["code_first"], match["scale"] or match["last"]
    if code not in _SCALED_CODES:
        return None
    return CODES.get(code, ""), Decimal(10) ** _SCALES[scale]


def after(text: str, start: int, firm: bool) -> tuple[int, str, Decimal] | None:
    """Return the end, the code and the factor of the currency that follows a number ending at `start`.

    `firm` says that the number has a magnitude word or is large: a word such as "won" is a currency only
    then. The code is "" where several countries have the word. The factor is 1, 0.01 for cents and pence, or
    10**6 for "MUSD".
    """
    if pence := _PENCE.match(text, start):
        return pence.end(), "GBP", _HUNDREDTH
    match = _AFTER.match(text, start)
    if match is None:
        return None
    gap, word = match.groups()
    if word in _SIGNS:
        return (match.end(), _SIGNS[word], Decimal(1)) if firm or not gap else None
    if word == "¢":
        return match.end(), "USD", _HUNDREDTH
    if word in CODES:
        return match.end(), CODES[word], Decimal(1)
    if scaled := _scaled_code(word):
        return (match.end(), *scaled)
    country, name, end = _name(text, match)
    codes = _BY_WORD.get(name)
    if codes is None or country not in codes or (name in _AMBIGUOUS and not (firm or country)):
        return None
    if name in ("pound", "pounds"):
        if not firm and text.startswith(" of ", end):
            return None  # a weight
        if sterling := _STERLING.match(text, end):
            end = sterling.end()
    return end, codes[country], _HUNDREDTH if name in _MINOR else Decimal(1)


def _name(text: str, match: re.Match[str]) -> tuple[str, str, int]:
    """Split "Hong Kong dollars" into the country, the currency's word and the end."""
    first = match[2].lower()
    if first in _FIRST_WORDS and (second := _AFTER.match(text, match.end())) and second[1]:
        word = second[2].lower()
        if first in _COUNTRIES and word in _BY_WORD:
            return _COUNTRIES[first], word, second.end()
        country = _COUNTRIES.get(f"{first} {word}")
        if country and (third := _AFTER.match(text, second.end())) and third[1]:
            return country, third[2].lower(), third.end()
    return "", first, match.end()
