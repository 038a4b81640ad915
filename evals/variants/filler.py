"""Stories that nobody wrote: other deals, adverts and comments with figures of their own."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

from evals.cases import Case
from evals.variants.names import named
from evals.variants.words import Names
from summarizer.figures import Kind, find, parse
from summarizer.figures.plain import words

_TRADES = (
    "bakery chain", "chip tester", "port operator", "toll-road owner", "payroll tool", "seed breeder", "tram maker",
    "pet insurer", "cold store", "ferry line", "glass maker", "label printer", "eye clinic chain", "wind-farm owner",
)  # fmt: skip
_CITIES = (
    "Aarhus",
    "Lisbon",
    "Trieste",
    "Halifax",
    "Pune",
    "Osaka",
    "Cork",
    "Graz",
    "Turku",
    "Perth",
    "Leeds",
)
_TEASERS = (
    "{a} buys {trade} {b} for {sum}",
    "{a} takes {share} of {trade} {b}",
    "{trade_} {b} raises {sum}, led by {a}",
    "{a} drops {sum} bid for {city} {trade}",
    "{city} {trade} {b} said to seek buyer at {sum}",
    "{b} spins off its {trade} to {a}",
)
_SUMMARIES = (
    "The all-cash offer values {b} at {sum}, including debt. Both boards on Monday app",
    "{a} already held {share} and will own all of {b} by the end of the mon",
    "The {city} company will use the money to pay back a loan of {sum} and op",
    "It is the third purchase this year for {a}, which paid {sum} for a {trade} in",
)
_COMMENTS = (
    "They overpaid. {name} is worth {sum} on a good day.",
    "My cousin works there and says the real figure is {sum}.",
    "I thought {a} had offered {sum} for {name}? Nobody mentions that.",
    "So {share} goes to {a}, mark my words.",
    "{sum}?! For that you could buy {a} twice.",
    "Remember when {name} was going for {sum}? Good times.",
)
_USERS = sorted(
    words(
        "lena_k pietro77 old_hand marketmole no_more_coffee jtb ValueHunter sam-in-leeds quietbid rosehill9"
    )
)


class Filler:
    """Draws stories with names and figures that are not in a case's text."""

    def __init__(self, case: Case, rng: random.Random) -> None:
        self._rng = rng
        self._names = Names(rng, case.text)
        self._known = {(m.unit, m.value) for m in find(case.text)}
        self._sign = _sign(case.text)
        self._called = [one.forms[-1] for one in named(case) if not one.person] or ["The company"]

    def sum(self) -> str:
        """An amount that the text does not have, in the sign that it uses most."""
        while True:
            size = self._rng.choice(("million", "million", "billion"))
            number = (
                self._rng.randrange(12, 960)
                if size == "million"
                else Decimal(self._rng.randrange(11, 98)) / 10
            )
            written = f"{self._sign}{number} {size}"
            mention = parse(written)
            if mention and (mention.unit, mention.value) not in self._known:
                return written

    def share(self) -> str:
        """A percentage that the text does not have."""
        free = [each for each in range(11, 96) if ("%", Decimal(each)) not in self._known]
        return f"{self._rng.choice(free)}%"

    def company(self) -> str:
        """The name of a company that the text does not have."""
        return self._names.company()

    def told(self, template: str) -> str:
        """Fill a template."""
        trade = self._rng.choice(_TRADES)
        return template.format(
            a=self.company(),
            b=self.company(),
            trade=trade,
            trade_=trade[0].upper() + trade[1:],
            city=self._rng.choice(_CITIES),
            sum=self.sum(),
            share=self.share(),
            name=self._rng.choice(self._called[:2]),
        )

    def teasers(self, count: int) -> list[str]:
        """Headlines of other stories."""
        return [self.told(each) for each in self._rng.sample(_TEASERS, count)]

    def summary(self) -> str:
        """The first words of another story, cut off."""
        return self.told(self._rng.choice(_SUMMARIES))

    def comments(self, count: int) -> list[str]:
        """Comments of readers, which are wrong."""
        users = self._rng.sample(_USERS, count)
        return [
            f"{user}: {self.told(each)}"
            for user, each in zip(users, self._rng.sample(_COMMENTS, count), strict=True)
        ]

    def user(self) -> str:
        """The name of a reader."""
        return self._rng.choice(_USERS)


def _sign(text: str) -> str:
    money = [m.text[0] for m in find(text) if m.kind is Kind.MONEY and m.text[0] in "$€£"]
    return Counter(money).most_common(1)[0][0] if money else "$"
