"""What the rules read of one article, each part when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from summarizer.inventory import Inventory
from summarizer.records.deal import Party
from summarizer.records.deal_terms import PartyRole

from . import deal, lists, people
from .figures import ROLES, ToldFigure, roles_in, told_figures
from .names import names
from .parties import Parties, reverses


def read_hints(inventory: Inventory) -> Hints:
    """Propose what an article says of a deal, by its words alone. Nothing is read before it is asked for."""
    return Hints(inventory)


class Hints:
    """What the rules read of one article.

    ``values`` are the fields of ``DealFacts`` that they settle, and ``asked`` the roles of parties for which
    a model is asked. ``figures`` are the figures of the article with the roles that the words near them tell.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    @cached_property
    def figures(self) -> tuple[ToldFigure, ...]:
        """Every figure that may be cited, with its role."""
        return told_figures(self._inventory)

    @cached_property
    def earlier(self) -> frozenset[int]:
        """The numbers of the sentences with figures that tell of something before the deal of the article."""
        return frozenset(figure.sentence.number for figure in self.figures if figure.earlier)

    def rivals(self, field: str) -> list[ToldFigure]:
        """Return the figures whose role is that of a field, those of earlier deals left out."""
        roles = ROLES.get(field, ())[:1]
        return [figure for figure in self.figures if figure.role in roles and not figure.earlier]

    def roles_in(self, sentence: str, mentions: Sequence[Any]) -> tuple[str | None, ...]:
        """Return the roles of the figures of a sentence that is not of the article."""
        return roles_in(sentence, 0, mentions)

    def reverses(self, sentence: str, roles: Mapping[str, str]) -> bool:
        """Return whether a sentence has the target buy the buyer; ``roles`` are those of the parties' names."""
        return reverses(sentence, roles)

    @cached_property
    def asked(self) -> tuple[PartyRole, ...]:
        """The roles of parties for which a model is asked."""
        return self._parties.asked

    def parties(self, answered: Sequence[Party], kind: Any) -> tuple[Party, ...]:
        """Return the parties that a model answered, and those that the words tell, in the roles that the words tell."""
        return self._parties.all(answered, kind)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The fields that the rules settle; where they find no deal, only that."""
        told = deal.is_deal(self._zones, self._parties.told)
        if told is False:
            return {"is_deal": False}
        inventory, figures = self._inventory, self.figures
        stake = deal.stake(figures, inventory)
        kind = deal.deal_type(self._zones, figures, self._lead, stake, self._parties.told)
        amount = deal.amount(figures, inventory)
        picked = {field: lists.phrases(field, inventory) for field in ("rationale", "concerns", "conditions")}
        own = [span.start for value in (amount, stake) if value is not None for span in value.evidence]
        return {
            **({"is_deal": True} if told else {}),
            **({"deal_type": kind} if kind else {}),
            "status": deal.status(self._zones, outstanding=bool(picked["conditions"])),
            "announced_on": deal.announced_on(figures, inventory, self._lead),
            "amount": amount,
            "stake": stake,
            "valuation": deal.valuation(figures, inventory),
            "consideration": deal.consideration(self._zones),
            "people": people.people(inventory, self._parties.told),
            "use_of_proceeds": lists.use_of_proceeds(inventory, self.earlier),
            **picked,
            "earlier_deals": lists.earlier_deals(inventory, figures, own),
        }

    @cached_property
    def _parties(self) -> Parties:
        named = names(s.text for s in self._inventory.sentences if not s.heading)
        return Parties(self._inventory, named, self.earlier)

    @cached_property
    def _zones(self) -> deal.Zones:
        return deal.zones_of(self._inventory, self.earlier)

    @cached_property
    def _lead(self) -> frozenset[int]:
        return frozenset(sentence.number for sentence in self._inventory.leading())
