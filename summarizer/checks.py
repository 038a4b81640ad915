"""What the record has to stand up to: one function a rule, all pure.

A rule looks for fields by name and type, so a schema of one's own that has an ``amount``, a ``stake`` or
``parties`` is checked like ``DealSummary``. Rules that find a claim without support say which path has to
go; the others only tell the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from summarizer.document import Zone, addresses_reader
from summarizer.figures import Kind, Mention, Qualifier, agree, find, is_rounding_of, may_be, parse
from summarizer.findings import Finding, Span
from summarizer.inventory import Inventory, fold
from summarizer.records.values import Day, FigureValue, Money, Percent

if TYPE_CHECKING:
    from summarizer.rules.figures import ToldFigure
    from summarizer.rules.hints import Hints

Facts = Mapping[str, Any]

_SLACK = Decimal("0.03")  # a stake is rounded to a point and an amount to a tenth: 3% apart is agreement
_HEDGED_SLACK = Decimal("0.08")


def walk(value: Any, path: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Every model inside a value, with its path; spans are left out."""
    if value is None or isinstance(value, (str, Span)):
        return
    if isinstance(value, (tuple, list)):
        for index, part in enumerate(value):
            yield from walk(part, f"{path}[{index}]")
        return
    if isinstance(value, BaseModel):
        yield path, value
        value = vars(value)
    if isinstance(value, dict):
        for name, part in value.items():
            yield from walk(part, f"{path}.{name}" if path else str(name))


def unheld(facts: Facts, inventory: Inventory) -> list[Finding]:
    """Find figures that the evidence does not hold: the last gate before the record, whatever came before."""
    findings = []
    for path, value in walk(facts):
        if not isinstance(value, FigureValue):
            continue
        text: str = getattr(value, "text", "")
        words = fold(text)
        held = any(
            inventory.document.text[span.start : span.end] == span.text
            and inventory.document.is_evidence(span.start)
            and words in fold(span.text)
            for span in value.evidence
        )
        if not held or not _parses_to(value, text):
            message = f'"{text}" is not what its evidence says, so it was left out.'
            findings.append(
                Finding(code="unsupported_figure", field=path, message=message, evidence=value.evidence)
            )
    return findings


def _parses_to(value: FigureValue, text: str) -> bool:
    mention = parse(text) or next(iter(find(text)), None)
    if mention is None:
        return isinstance(value, Money) and value.value is None
    if isinstance(value, Money):
        same = (value.value, value.upper) == (mention.value, mention.upper)
        return same and may_be(mention, value.currency or "", value.text)
    if isinstance(value, Percent):
        return (value.percent, value.upper) == (mention.value, mention.upper)
    if isinstance(value, Day):
        return value.date is None or value.date == mention.date
    return True


def arithmetic(facts: Facts, _inventory: Inventory) -> list[Finding]:
    """Compare amount ÷ stake with the valuation."""
    amount, stake, valuation = facts.get("amount"), facts.get("stake"), facts.get("valuation")
    if not (isinstance(amount, Money) and isinstance(stake, Percent) and isinstance(valuation, Money)):
        return []
    if not amount.value or not stake.percent or not valuation.value or amount.currency != valuation.currency:
        return []
    if amount.upper or stake.upper or valuation.upper or str(getattr(amount, "basis", "")) == "per_share":
        return []
    implied = amount.value * 100 / stake.percent
    if str(getattr(valuation, "basis", "")) == "pre_money":
        implied -= amount.value
    hedged = Qualifier.ABOUT in (amount.qualifier, valuation.qualifier, stake.qualifier)
    slack = _HEDGED_SLACK if hedged else _SLACK
    low, high = valuation.value * (1 - slack), valuation.value * (1 + slack)
    if valuation.qualifier is Qualifier.AT_LEAST:
        high = max(high, implied if implied < valuation.value * Decimal("1.25") else high)
    if valuation.qualifier is Qualifier.AT_MOST:
        low = min(low, implied)
    if low <= implied <= high:
        return []
    return [
        Finding(
            code="arithmetic",
            field="valuation",
            message=f"{amount.text} for {stake.text} implies {_short(implied)} {amount.currency} for the whole, "
            f"but the text says {valuation.text}.",
            evidence=amount.evidence[:1] + valuation.evidence[:1],
        )
    ]


def _short(value: Decimal) -> str:
    for size, word in (
        (Decimal(10) ** 12, "trillion"),
        (Decimal(10) ** 9, "billion"),
        (Decimal(10) ** 6, "million"),
    ):
        if value >= size:
            return f"{(value / size).quantize(Decimal('0.1'))} {word}"
    return f"{value.quantize(Decimal(1)):,}"


def type_against_stake(facts: Facts, _inventory: Inventory) -> list[Finding]:
    """Compare the type of the deal with the size of the stake."""
    kind, stake = str(facts.get("deal_type") or ""), facts.get("stake")
    if not isinstance(stake, Percent) or stake.percent is None or stake.upper is not None:
        return []
    wrong = (kind in ("acquisition", "majority_investment", "merger") and stake.percent < 50) or (
        kind == "minority_investment" and stake.percent >= 50
    )
    if not wrong:
        return []
    message = f"The deal is called {kind.replace('_', ' ')}, but the stake is {stake.text}."
    return [Finding(code="type_against_stake", field="deal_type", message=message, evidence=stake.evidence)]


def same_party(facts: Facts, _inventory: Inventory) -> list[Finding]:
    """Find a party that is both buyer and target."""
    parties = facts.get("parties") or ()
    buyers = {fold(p.name): p for p in parties if str(getattr(p, "role", "")) == "acquirer"}
    return [
        Finding(
            code="role_clash",
            field=f"parties[{index}]",
            message=f"{party.name} is named as buyer and as target.",
            evidence=party.evidence,
        )
        for index, party in enumerate(parties)
        if str(getattr(party, "role", "")) == "target" and fold(party.name) in buyers
    ]


def same_role(facts: Facts, _inventory: Inventory) -> list[Finding]:
    """Find a person whose new and old job are one."""
    findings = []
    for index, person in enumerate(facts.get("people") or ()):
        old, new = getattr(person, "from_role", None), getattr(person, "to_role", None)
        if old and new and fold(old) == fold(new) and str(getattr(person, "change", "")) != "stays":
            message = f"The old and the new job of {person.name} are the same: {new}."
            findings.append(
                Finding(code="same_role", field=f"people[{index}]", message=message, evidence=person.evidence)
            )
    return findings


FIGURES = ("amount", "valuation", "stake")


def two_figures(facts: Facts, inventory: Inventory, hints: Hints) -> list[Finding]:
    """Find another figure that the text gives for the same fact, a rounding too."""
    findings = []
    for name in FIGURES:
        value = facts.get(name)
        if not isinstance(value, (Money, Percent)):
            continue
        said = mention_of(value, inventory)
        if said is None:
            continue
        seen: set[tuple[Any, Any]] = {(said.value, said.upper)}
        for figure in hints.rivals(name):
            other = figure.mention
            if other.kind is not said.kind or other.unit != said.unit:
                continue
            if (other.value, other.upper) in seen:
                continue
            seen.add((other.value, other.upper))
            findings.append(_second(name, value, said, figure, inventory))
    return findings


def mention_of(value: Money | Percent, inventory: Inventory) -> Mention | None:
    """The mention of the text that a figure of the record was read from."""
    number = value.value if isinstance(value, Money) else value.percent
    places = {span.start for span in value.evidence}
    for figure in inventory.figures:
        if (
            figure.sentence.start in places
            and figure.mention.value == number
            and figure.mention.upper == value.upper
        ):
            return figure.mention
    return None


def _second(
    name: str, value: Money | Percent, said: Mention, figure: ToldFigure, inventory: Inventory
) -> Finding:
    other = figure.mention
    if is_rounding_of(other, said) or is_rounding_of(said, other):
        how = "which is the same figure rounded"
    elif agree(other, said):
        how = "which agrees within its hedge"
    else:
        how = "which is another figure for it, or one for something else"
    return Finding(
        code="two_figures",
        field=name,
        message=f"The record has {value.text}; the text also says {' '.join(other.text.split())}, {how}.",
        evidence=(*value.evidence[:1], *inventory.cite([figure.sentence])),
    )


def overprecise(facts: Facts, _inventory: Inventory) -> list[Finding]:
    """Find a date that is finer than its text."""
    findings = []
    for path, value in walk(facts):
        if isinstance(value, Day) and value.date is not None:
            mention = parse(value.text, Kind.DATE)
            if mention is None or mention.date is None or len(value.date) > len(mention.date):
                message = f'The date {value.date} is finer than the text, which says "{value.text}".'
                findings.append(
                    Finding(code="overprecise", field=path, message=message, evidence=value.evidence)
                )
    return findings


def earlier_figure(facts: Facts, inventory: Inventory, hints: Hints) -> list[Finding]:
    """Find a figure whose only places tell of an earlier deal."""
    findings = []
    earlier = {s.start for s in inventory.sentences if s.number in hints.earlier}
    for path, value in walk({name: fact for name, fact in facts.items() if name != "earlier_deals"}):
        if (
            isinstance(value, (Money, Percent))
            and value.evidence
            and all(s.start in earlier for s in value.evidence)
        ):
            message = f"{value.text} stands only where the text tells of an earlier deal."
            findings.append(
                Finding(code="earlier_figure", field=path, message=message, evidence=value.evidence)
            )
    return findings


_NO_ARTICLE = {
    Zone.TEASER: "a teaser",
    Zone.COMMENT: "a comment",
    Zone.ORDERS: "a sentence that gives orders to a machine",
}


def ignored_figures(facts: Facts, inventory: Inventory) -> list[Finding]:
    """Tell of figures that stand only in teasers or comments, and so could not be used."""
    body = {(f.mention.kind, f.mention.value, f.mention.unit) for f in inventory.figures}
    findings = []
    for mention in inventory.mentions:
        sentence = inventory.document.sentence_at(mention.start)
        if (
            mention.kind in (Kind.MONEY, Kind.PER_SHARE)
            and sentence is not None
            and sentence.zone in _NO_ARTICLE
            and sentence.repeat_of is None
            and (mention.kind, mention.value, mention.unit) not in body
        ):
            message = f"{mention.text} stands only in {_NO_ARTICLE[sentence.zone]}, which is no evidence."
            evidence = (inventory.span(sentence.start, sentence.end),)
            findings.append(Finding(code="outside_article", field="", message=message, evidence=evidence))
    return findings


def addressed_figures(facts: Facts, inventory: Inventory) -> list[Finding]:
    """Tell of sums that stand only in sentences that address a reader or a machine."""
    apart = {s.number for s in inventory.sentences if addresses_reader(s.text)}
    sums = [f for f in inventory.figures if f.mention.kind in (Kind.MONEY, Kind.PER_SHARE)] if apart else []
    told = {(f.mention.value, f.mention.unit) for f in sums if f.sentence.number not in apart}
    findings = []
    for figure in sums:
        if figure.sentence.number in apart and (figure.mention.value, figure.mention.unit) not in told:
            start = figure.sentence.start
            used = [
                p
                for p, v in walk(facts)
                if isinstance(v, Money) and any(e.start == start for e in v.evidence)
            ]
            message = f"{figure.mention.text} stands only in a sentence that addresses a reader or a machine."
            evidence = tuple(inventory.cite([figure.sentence]))
            findings.append(
                Finding(
                    code="addressed_figure", field=used[0] if used else "", message=message, evidence=evidence
                )
            )
    return findings


Rule = Callable[[Facts, Inventory], list[Finding]]

RULES: tuple[Rule, ...] = (
    unheld,
    arithmetic,
    type_against_stake,
    same_party,
    same_role,
    overprecise,
    ignored_figures,
    addressed_figures,
)
"""Every rule that looks at the facts and the text, in the order of their findings."""

HINTED = (two_figures, earlier_figure)
"""The rules that also look at what words tell of the figures of the text."""
