"""Which of many records report the same deal.

Records are compared with the groups so far that share a rare part of a name, or two things of any kind: never
each with each. The order in which they are given does not matter, as they are sorted first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import combinations, islice
from operator import or_

from pydantic import BaseModel, ConfigDict, Field

from summarizer.dossiers.intervals import Interval, interval_of
from summarizer.dossiers.naming import ALIAS, EXACT, Key, companies_match, company_key
from summarizer.dossiers.scalars import figure_words
from summarizer.dossiers.sources import Given, Reading, readings_of, records_of
from summarizer.records.deal import DealSummary
from summarizer.records.deal_terms import PartyRole
from summarizer.records.values import Money, Percent

# How many groups may share a thing for it to be looked up alone; things that more share are looked up in
# pairs.
_RARE = {
    "=": 64,
    "~": 8,
    "#": 0,
}  # a whole name, the first word of one or its initials, a figure or the month
_PAIRED = 64
_LOOKED_AT = 16  # groups that one record is compared with at most
_YEARS_APART = 1
_PRINCIPALS = (PartyRole.ACQUIRER, PartyRole.TARGET, PartyRole.PARTNER, PartyRole.SELLER)
_BUYERS = (PartyRole.ACQUIRER, PartyRole.PARTNER)
_FIGURES = ("amount", "valuation", "stake")


class Possible(BaseModel):
    """Another group that may report the same deal, by its first source, and why that is not sure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    reason: str


class DealGroup(BaseModel):
    """Records that report one deal. ``reason`` says why they are together, ``unsure`` which others may belong to them.

    Records that report no deal are a group of their own, with ``is_deal`` false.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_deal: bool
    sources: tuple[str, ...]
    reason: str
    unsure: tuple[Possible, ...] = ()
    records: tuple[DealSummary, ...] = Field(default=(), repr=False)


@dataclass
class _Names:
    """Names of parties, and the other forms of them that the texts use."""

    full: set[Key] = field(default_factory=set)
    short: set[Key] = field(default_factory=set)

    def __or__(self, other: _Names) -> _Names:
        return _Names(self.full | other.full, self.short | other.short)


@dataclass
class _Profile:
    """What one record, or all records of a group, say of a deal, as far as it tells deals apart."""

    readings: list[Reading]
    names: dict[PartyRole, _Names] = field(default_factory=dict)
    shown: dict[Key, str] = field(default_factory=dict)
    figures: dict[str, list[tuple[Interval, str, str]]] = field(default_factory=lambda: defaultdict(list))
    years: set[int] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    unsure: list[tuple[int, str]] = field(default_factory=list)

    def take(self, other: _Profile) -> None:
        """Add what another profile says."""
        self.readings += other.readings
        for role, names in other.names.items():
            self.names[role] = self.names.get(role, _Names()) | names
        self.shown = {**other.shown, **self.shown}
        for name, figures in other.figures.items():
            known = {(interval, unit) for interval, unit, _ in self.figures[name]}
            self.figures[name] += [one for one in figures if one[:2] not in known]
        self.years |= other.years
        self.dates |= other.dates

    def of(self, *roles: PartyRole) -> _Names:
        """The names of the parties that play one of these roles."""
        return reduce(or_, (self.names[role] for role in roles if role in self.names), _Names())


def group(records: Iterable[Given]) -> tuple[DealGroup, ...]:
    """Group records by the deal that they report; each group can be given to ``reconcile``.

    ``records`` as for ``reconcile``. Two records are put together where their targets and buyers match, or
    one of them and a figure or the date; figures and dates that contradict each other by far keep them apart.
    What is not sure stays apart and is named in ``unsure``. Raises InputError where something given is not
    the record of a deal.
    """
    readings = readings_of(records_of(records))
    none = [reading for reading in readings if not reading.record.is_deal]
    groups = [_as_group(profile, profiles) for profiles in [_grouped(readings)] for profile in profiles]
    groups.sort(key=lambda one: one.sources)
    if none:
        groups.append(
            DealGroup(
                is_deal=False,
                sources=tuple(reading.source for reading in none),
                reason="no deal is reported",
                records=tuple(reading.record for reading in none),
            )
        )
    return tuple(groups)


def _grouped(readings: Sequence[Reading]) -> list[_Profile]:
    profiles: list[_Profile] = []
    index = _Index()
    # Records with most to tell first, so that those with little meet whole groups.
    told = [_profile(reading) for reading in readings if reading.record.is_deal]
    for profile in sorted(
        told, key=lambda p: (-len(p.of(*_PRINCIPALS).full), -len(p.figures), p.readings[0].source)
    ):
        keys = sorted(_keys(profile))
        sure: list[tuple[int, str]] = []
        unsure: list[tuple[int, str]] = []
        for at in index.near(keys):
            verdict, reason = _compare(profile, profiles[at])
            if verdict is not None:
                (sure if verdict else unsure).append((at, reason))
        if len(sure) == 1 or (sure and _is_best(sure)):
            at, reason = sure[0]
            profiles[at].take(profile)
            profiles[at].reasons[reason] += 1
        else:
            at = len(profiles)
            profiles.append(profile)
            unsure += sure
        profiles[at].unsure += [pair for pair in unsure if pair[0] != at]
        index.add(at, keys)
    return profiles


def _is_best(sure: list[tuple[int, str]]) -> bool:
    """Whether the first of several groups fits by more than the others; sorts them."""
    sure.sort(key=lambda pair: (-pair[1].count(";"), pair[0]))
    return sure[0][1].count(";") > sure[1][1].count(";")


class _Index:
    """Groups by what they share: looked up by a rare thing alone, by pairs of things otherwise."""

    def __init__(self) -> None:
        self._one: defaultdict[str, list[int]] = defaultdict(list)
        self._two: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def near(self, keys: Sequence[str]) -> list[int]:
        """The groups to compare with, those that share most first."""
        shared: Counter[int] = Counter()
        for key in keys:
            found = self._one.get(key, ())
            if len(found) <= _RARE[key[0]]:
                shared.update(found)
        for pair in combinations(keys, 2):
            # Of a pair that many deals share, the latest groups are looked at: sources of one deal sort
            # together.
            shared.update(self._two.get(pair, ())[-_PAIRED:])
        return [at for at, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_AT]]

    def add(self, at: int, keys: Sequence[str]) -> None:
        for key in keys:
            _add(self._one[key], at)
        for pair in combinations(keys, 2):
            _add(self._two[pair], at)


def _add(found: list[int], at: int) -> None:
    if not found or found[-1] != at:
        found.append(at)


def _profile(reading: Reading) -> _Profile:
    record = reading.record
    profile = _Profile([reading])
    for party in record.parties:
        if party.role in _PRINCIPALS:
            key = company_key(party.name)
            names = profile.names.setdefault(party.role, _Names())
            names.full.add(key)
            names.short |= {company_key(alias) for alias in party.aliases} - {key}
            profile.shown.setdefault(key, party.name)
    for name in _FIGURES:
        value: Money | Percent | None = getattr(record, name)
        interval = interval_of(value) if value is not None else None
        if value is not None and interval is not None:
            unit = (value.currency or "") if isinstance(value, Money) else "%"
            profile.figures[name].append((interval, unit, figure_words(value)))
    date = record.announced_on.date if record.announced_on is not None else None
    if date:
        profile.years.add(int(date[:4]))
        profile.dates.add(date)
    return profile


def _keys(profile: _Profile) -> Iterator[str]:
    """What a record can be looked up by: the first words of its principals' names, their initials, figures, the date."""
    words: set[str] = set()
    names = profile.of(*_PRINCIPALS)
    for key in names.full | names.short:
        words |= {f"~{key[0]}", "=" + "".join(key)}
        if len(key) > 2:
            words.add("~" + "".join(word[0] for word in key))
    yield from islice(sorted(words), 24)
    for name in ("amount", "valuation"):
        for interval, _, _ in profile.figures.get(name, [])[:2]:
            yield from (f"#{name} {figure}" for figure in _rounded(interval))
    yield from (f"#date {date[:7]}" for date in sorted(profile.dates)[:2])


def _rounded(interval: Interval) -> set[str]:
    """The figure to one digit, either way, so that close figures share one."""
    middle = (interval.low + interval.high) / 2
    if not middle:
        return {"0"}
    exponent = middle.adjusted()
    scaled = middle.scaleb(-exponent)
    return {f"{int(scaled + shift)}e{exponent}" for shift in (Decimal(0), Decimal("0.5"))}


def _compare(a: _Profile, b: _Profile) -> tuple[bool | None, str]:
    """Tell whether two profiles are of one deal: True, False for not sure, None for no; and why."""
    targets = a.of(PartyRole.TARGET), b.of(PartyRole.TARGET)
    buyers = a.of(*_BUYERS), b.of(*_BUYERS)
    everyone = a.of(*_PRINCIPALS), b.of(*_PRINCIPALS)
    target, buyer = _shared(*targets), _shared(*buyers)
    other = None if target or buyer else _shared(*everyone)
    dates = _dates(a, b)
    if not (target or buyer or other) or dates < 0:
        return None, ""
    same, apart = _figures(a, b)
    parties = [("same target", target), ("same buyer or partner", buyer), ("same party", other)]
    reasons = [f"{words} ({a.shown[pair[1]]})" for words, pair in parties if pair is not None] + same
    reason = "; ".join(reasons + ["same date"] * dates)
    agreed = bool(same or dates)
    told = all(one.full for one in targets)
    if target and buyer:
        unlike = len(apart) > 1 and not same
        return not unlike, f"{reason}; but {' and '.join(apart)}" if unlike else reason
    rivals = all(one.full for one in buyers) and not buyer
    if target and not rivals:
        sure = agreed and target[0] >= ALIAS
        return sure, reason if sure else f"{reason}; a buyer is not named in both"
    if agreed and len(everyone[0].full & everyone[1].full) > 1:  # the same parties, in other roles
        return True, reason
    if target and agreed:
        return False, f"{reason}; but the buyers differ"
    if buyer and agreed and not told:
        return False, f"{reason}; a target is not named in both"
    return None, ""


def _shared(a: _Names, b: _Names) -> tuple[float, Key] | None:
    """The best match of a name in both, with its score and the name as ``a`` has it; None where there is none."""
    if both := a.full & b.full:
        return EXACT, min(both)
    found = [(ALIAS, key) for key in a.full & b.short]
    found += [(ALIAS, x) for x in a.full if _forms(x, a) & b.full]
    found += [
        (score, x)
        for x in a.full
        for y in b.full
        if (score := companies_match(x, y)) and not (_rivals(x, y, b.full) or _rivals(y, x, a.full))
    ]
    return max(found, default=None)


def _forms(name: Key, names: _Names) -> set[Key]:
    """The short forms that can be of this name."""
    return {short for short in names.short if companies_match(short, name)}


def _rivals(long: Key, short: Key, names: set[Key]) -> bool:
    """Whether a short name stands beside a longer one that is not the other's: Alder, Alder Foods and "Alder Field"."""
    return len(short) < len(long) and any(
        key != short and companies_match(key, short) and not companies_match(key, long) for key in names
    )


def _figures(a: _Profile, b: _Profile) -> tuple[list[str], list[str]]:
    """In words, the figures that agree and those that do not."""
    same, apart = [], []
    for name in _FIGURES:
        pairs = [
            (one, other)
            for one in a.figures.get(name, ())
            for other in b.figures.get(name, ())
            if one[1] == other[1]
        ]
        if not pairs:
            continue
        meeting = next((one for one, other in pairs if one[0].meets(other[0])), None)
        if meeting is not None:
            same.append(f"{name} agrees ({meeting[2]})")
        elif not any(_near(one[0], other[0]) for one, other in pairs):
            apart.append(f"{name} differs ({pairs[0][0][2]}, {pairs[0][1][2]})")
    return same, apart


def _near(a: Interval, b: Interval) -> bool:
    """Whether two figures are within a third of each other: one deal, told or priced differently."""
    low, high = sorted((a.low + a.high, b.low + b.high))
    return low * 3 >= high * 2


def _dates(a: _Profile, b: _Profile) -> int:
    """1 where two dates agree, -1 where the years are too far apart for one deal, else 0."""
    if any(x.startswith(y) or y.startswith(x) for x in a.dates for y in b.dates):
        return 1
    if a.years and b.years and min(abs(x - y) for x in a.years for y in b.years) > _YEARS_APART:
        return -1
    return 0


def _as_group(profile: _Profile, profiles: Sequence[_Profile]) -> DealGroup:
    readings = sorted(profile.readings, key=lambda reading: reading.source)
    reason = max(
        profile.reasons,
        key=lambda words: (profile.reasons[words], words),
        default="the only report of this deal",
    )
    unsure = {
        min(reading.source for reading in profiles[at].readings): words
        for at, words in sorted(profile.unsure)
    }
    return DealGroup(
        is_deal=True,
        sources=tuple(reading.source for reading in readings),
        reason=reason,
        unsure=tuple(Possible(source=source, reason=words) for source, words in sorted(unsure.items())),
        records=tuple(reading.record for reading in readings),
    )
