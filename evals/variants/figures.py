"""Other values for the figures of a text, which stand to each other as the originals do."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from summarizer.figures import Kind, Mention, Qualifier, agree

Key = tuple[str, Decimal]  # the unit and the value of a figure
Values = dict[Key, Decimal]

_NEAR, _BESIDE = 500, 300  # characters between the parts of a sum, and between figures and their ratio
_TRIES = 250
_WRONG = 5  # faults: a value that stays, one that two figures share, a minority that becomes a majority
_HUNDRED = Decimal(100)
_UNEVEN = Decimal("0.04")  # a value rounded by more than that gets a further digit
_FAR = Decimal("0.3")  # what follows from others stays so near to what the common factor gives
_MAIN = -1_000_000  # where the figures of the record stand together, wherever the text has them
# How far each hedge reaches, as shares of the value.
_REACH = {
    Qualifier.ABOUT: ("0.95", "1.05"),
    Qualifier.AT_LEAST: ("1", "1.08"),
    Qualifier.AT_MOST: ("0.92", "1"),
}
_ALL = [Decimal(each) / 20 for each in (*range(7, 18), *range(23, 49))]  # what all money is multiplied by
_SHARES = [Decimal(each) / 20 for each in (*range(12, 19), *range(22, 33))]
_PERCENT = [Decimal(each) / 20 for each in (*range(14, 19), *range(22, 28))]


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a text, all its places, and the coarsest step in which the text writes it."""

    key: Key
    mention: Mention
    step: Decimal
    places: tuple[int, ...]

    @property
    def kept(self) -> bool:
        """Half and all of something, and nothing, mean more than a number: they stay."""
        return self.key[0] == "%" and self.key[1] in (0, 50, 100)

    def ends(self, value: Decimal) -> tuple[Decimal, Decimal]:
        """The least and the greatest that is meant by a value that stands in this figure's place."""
        if self.mention.qualifier in _REACH:
            low, high = _REACH[self.mention.qualifier]
            return value * Decimal(low), value * Decimal(high)
        return value - self.step / 2, value + self.step / 2

    def rounded(self, value: Decimal) -> Decimal:
        """The value in the figure's own steps, or tenths of them; never the original one."""
        step = self.step
        near = (value / step).quantize(Decimal(1)) * step
        if abs(near - value) > abs(value) * _UNEVEN and self.key[0] != "%" and step != 1:
            step /= 10
            near = (value / step).quantize(Decimal(1)) * step
        near = max(near, step)
        return near if near != self.key[1] else near + (step if value >= near else max(-step, step - near))


@dataclass(frozen=True, slots=True)
class Product:
    """``b`` times ``k`` is ``a``: "22% of 800 is 176", "up 16% from 33.1 to 38.4", "8.4 times 50 is 420"."""

    a: Key
    b: Key
    k: Key
    form: str  # share, more, less, times

    @property
    def keys(self) -> tuple[Key, ...]:
        """Its figures, first those that are best computed from the others."""
        return self.b, self.a, self.k

    def factor(self, k: Decimal) -> Decimal:
        """What ``b`` is multiplied by."""
        part = k / _HUNDRED
        return {"share": part, "more": 1 + part, "less": 1 - part, "times": k}[self.form]

    @property
    def off(self) -> Decimal:
        """How far it is from true in the original: 1 where it is exact."""
        return self.b[1] * self.factor(self.k[1]) / self.a[1]

    def solved(self, key: Key, new: Values) -> Decimal | None:
        """The value of one figure that follows from the others, as far off as the original is."""
        off = self.off
        if not new[self.b] or not self.factor(new[self.k]):
            return None
        if key == self.a:
            return new[self.b] * self.factor(new[self.k]) / off
        if key == self.b:
            return new[self.a] / self.factor(new[self.k]) * off
        factor = new[self.a] * off / new[self.b]
        part = {"share": factor, "more": factor - 1, "less": 1 - factor}.get(self.form)
        return factor if part is None else part * _HUNDRED

    def broken(self, new: Values, figures: Mapping[Key, Figure]) -> float:
        """0 where it still holds, as precisely as the figures are stated."""
        low, high = figures[self.a].ends(new[self.a])
        least, most = figures[self.b].ends(new[self.b])
        less, more = figures[self.k].ends(new[self.k])
        factors = sorted((self.factor(less), self.factor(more)))
        return 0.0 if least * factors[0] <= high and low <= most * factors[1] else 1.0


@dataclass(frozen=True, slots=True)
class Sum:
    """``parts`` make ``total``; without one, a hundred percent."""

    parts: tuple[Key, ...]
    total: Key | None

    @property
    def keys(self) -> tuple[Key, ...]:
        """Its figures, first the total."""
        return (self.total, *self.parts) if self.total else self.parts

    def solved(self, key: Key, new: Values) -> Decimal | None:
        """The value of one figure that follows from the others."""
        if key == self.total:
            return sum((new[part] for part in self.parts), Decimal(0))
        others = sum((new[part] for part in self.parts if part != key), Decimal(0))
        return (new[self.total] if self.total else _HUNDRED) - others

    def broken(self, new: Values, figures: Mapping[Key, Figure]) -> float:
        """0 where it still holds, less than 1 where a rounding tells why it does not."""
        total = new[self.total] if self.total else _HUNDRED
        off = abs(sum((new[part] for part in self.parts), Decimal(0)) - total)
        return 0.0 if not off else 0.4 if off <= max(figures[key].step for key in self.keys) else 1.0


Bond = Product | Sum


def figures_of(mentions: Iterable[Mention], main: Collection[Key] = ()) -> dict[Key, Figure]:
    """The distinct values among the mentions; dates are none. ``main`` are those of the record."""
    found: dict[Key, Figure] = {}
    for mention in mentions:
        for value in (mention.value, mention.upper):
            if value is None or mention.step is None:
                continue
            key = (mention.unit, value)
            old = found.get(key, Figure(key, mention, mention.step, (_MAIN,) if key in main else ()))
            found[key] = replace(old, step=max(old.step, mention.step), places=(*old.places, mention.start))
    return found


def bonds_of(figures: Mapping[Key, Figure]) -> list[Bond]:
    """The sums, shares, growths and multiples that the figures of a text make up."""
    original = {key: key[1] for key in figures}
    products: dict[tuple[frozenset[Key], Key], Product] = {}
    fitting = [bond for bond in _products(figures) if not bond.broken(original, figures)]
    for bond in sorted(fitting, key=lambda bond: (bond.form != "share", abs(bond.off - 1))):
        products.setdefault((frozenset((bond.a, bond.b)), bond.k), bond)  # 49% of 29, or 29 less 49%
    return [*products.values(), *(bond for bond in _sums(figures) if not bond.broken(original, figures))]


def _products(figures: Mapping[Key, Figure]) -> Iterator[Product]:
    units = {"%": ("share", "more", "less"), "x": ("times",), "shares": ("times",)}
    for k in figures:
        for form in units.get(k[0], ()):
            for a in figures:
                for b in figures:
                    if a == b or a[0] != b[0] or a[0] in ("%", "x") or not a[1] or not b[1]:
                        continue
                    told = k not in (a, b) and _tells(figures[a], figures[b], k, form)
                    if told and _are_near(figures, (k, a, b), _BESIDE):
                        yield Product(a, b, k, form)


def _tells(a: Figure, b: Figure, k: Key, form: str) -> bool:
    """Whether two figures are precise enough to tell their ratio."""
    if form in ("more", "less"):
        change = a.key[1] - b.key[1] if form == "more" else b.key[1] - a.key[1]
        hedged = a.mention.qualifier in _REACH or b.mention.qualifier in _REACH
        return k[1] < 1000 and change > a.step + b.step and not hedged
    return form == "times" or k[1] >= 5


def _sums(figures: Mapping[Key, Figure]) -> Iterator[Sum]:
    for total in (*figures, None):
        unit = total[0] if total else "%"
        if unit == "x":
            continue
        beside = [key for key in figures if key[0] == unit and 0 < key[1] < (total[1] if total else 100)]
        beside = [key for key in beside if total is None or _are_near(figures, (key, total))]
        least = 10 if unit == "%" else 0  # "2% and 3%" is 5% by chance
        for count in (2, 3, 4) if unit != "%" and len(beside) < 16 else (2,):
            for parts in combinations(beside, count):
                if min(part[1] for part in parts) >= least and _are_near(figures, parts):
                    yield Sum(parts, total)


def _are_near(figures: Mapping[Key, Figure], keys: Sequence[Key], reach: int = _NEAR) -> bool:
    first, *others = (figures[key].places for key in keys)
    return any(all(any(abs(at - place) <= reach for place in each) for each in others) for at in first)


def revalued(mentions: Sequence[Mention], rng: random.Random, main: Collection[Key] = ()) -> Values:
    """Another value for each figure.

    All money is multiplied by one number, all shares and percentages by others; then what follows from other
    figures is computed from them. Of many tries the one is taken that breaks the least of what was true. Raises ValueError where none will do.
    """
    figures = figures_of(mentions, main)
    bonds = bonds_of(figures)
    alike = _alike(figures)
    best: tuple[float, Values] = (float("inf"), {})
    for _ in range(_TRIES):
        money = rng.choice(_ALL)
        new = _tried(figures, bonds, money, rng)
        score = _faults(new, figures, bonds, alike)
        score += sum(_strays(key, new[key], money) for key in figures)
        if score < best[0]:
            best = (score, new)
        if not score:
            break
    if best[0] >= _WRONG:
        raise ValueError("no other values keep what is true of these")
    return best[1]


def _strays(key: Key, value: Decimal, money: Decimal) -> float:
    """How far an amount is from the multiple of the original that the others are, by rounding or on purpose."""
    if key[0] in ("%", "x", "shares") or not key[1]:
        return 0.0
    return min(0.15, 2 * abs(float(value / key[1] / money) - 1))


def _tried(
    figures: Mapping[Key, Figure], bonds: Sequence[Bond], money: Decimal, rng: random.Random
) -> Values:
    shares, percent = rng.choice(_SHARES), rng.choice(_PERCENT)
    by_unit = {"shares": shares, "x": percent}
    new: Values = {}
    for key, figure in figures.items():
        unit, value = key
        if figure.kept:
            new[key] = value
        elif unit == "%" and 50 < value < 100:
            new[key] = figure.rounded(100 - (100 - value) * percent)
        else:
            new[key] = figure.rounded(value * (percent if unit == "%" else by_unit.get(unit, money)))
    done = {key for key, figure in figures.items() if figure.kept}
    for bond in rng.sample(bonds, len(bonds)):
        free = [key for key in bond.keys if key not in done]
        solved = bond.solved(free[0], new) if free else None
        if solved is not None and abs(solved - new[free[0]]) < new[free[0]] * _FAR:
            new[free[0]] = figures[free[0]].rounded(solved)
        done.update(bond.keys)
    return new


def _alike(figures: Mapping[Key, Figure]) -> list[tuple[Figure, Figure, bool]]:
    """Pairs of amounts that are close, and whether they can state one fact: a conflict has to stay one."""
    money = [each for each in figures.values() if each.mention.kind is Kind.MONEY and not each.mention.upper]
    pairs = ((a, b) for a, b in combinations(money, 2) if a.key[0] == b.key[0])
    return [(a, b, agree(a.mention, b.mention)) for a, b in pairs if 0.8 < a.key[1] / (b.key[1] or 1) < 1.25]


def _faults(
    new: Values,
    figures: Mapping[Key, Figure],
    bonds: Sequence[Bond],
    alike: Sequence[tuple[Figure, Figure, bool]],
) -> float:
    score = sum(bond.broken(new, figures) for bond in bonds)
    for key, figure in figures.items():
        score += 10 * (new[key] == key[1] and not figure.kept)
        score += 5 * (key[0] == "%" and _side(new[key]) != _side(key[1]))
        score += 0.1 * ((key[0], new[key]) in figures and not figure.kept)
        dotted = "." in figure.mention.text and key[1] % (figure.step * 10)
        score += 0.2 * bool(
            dotted and not new[key] % (figure.step * 10)
        )  # "$20.0 billion" for "$13.8 billion"
        score += 0.3 * (new[key].adjusted() // 3 != key[1].adjusted() // 3 and key[0] != "%")
    for a, b, same in alike:
        one, two = (replace(each.mention, value=new[each.key], step=each.step) for each in (a, b))
        score += 2 * (agree(one, two) != same)
    return score + 10 * (len(figures) - len({(key[0], value) for key, value in new.items()}))


def _side(percent: Decimal) -> tuple[bool, bool, bool]:
    """Of which majority a share is, and whether it is more than all."""
    return percent > 50, percent >= 100, percent > 100
