"""The timeline of a dossier: earlier deals, the deal, and the people who move with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from summarizer.dossiers.model import DealDossier
from summarizer.render.charts import year_axis
from summarizer.render.dossier_view import words_of
from summarizer.render.safe import one_line


@dataclass(frozen=True, slots=True)
class _Event:
    place: float  # in years; 0 where there is no date
    dated: bool
    date: str
    words: str
    sources: tuple[str, ...]


def timeline_of(dossier: DealDossier, numbers: dict[str, int]) -> Iterator[Markup]:
    """Yield the timeline, or nothing where there is only the deal itself. ``numbers`` are those of the sources."""
    events = sorted(_events(dossier), key=lambda event: (event.place == 0, event.place))
    if len(events) < 2:
        return
    yield Markup("<h3>Timeline</h3>")
    placed = [(event.place, str(index)) for index, event in enumerate(events, 1) if event.dated]
    if len({place for place, _ in placed}) > 1:
        yield year_axis("years of the earlier deals and of this one", placed)
    items = Markup("\n").join(
        Markup('<li><span>{}.</span><span><b>{}</b> {} <span class="faint">{}</span></span></li>').format(
            index, event.date, event.words, " ".join(f"[{numbers[s]}]" for s in event.sources if s in numbers)
        )
        for index, event in enumerate(events, 1)
    )
    yield Markup('<ol class="timeline">{}</ol>').format(items)


def _events(dossier: DealDossier) -> Iterator[_Event]:
    for deal in dossier.earlier_deals:
        year = deal.consensus.value.year
        sources = tuple(map(one_line, deal.consensus.sources))
        yield _Event(
            float(year or 0), bool(year), str(year or "Earlier"), words_of(deal.consensus.value)[0], sources
        )
    announced = dossier.announced_on.consensus if dossier.announced_on is not None else None
    place = _year(announced.value.date) if announced is not None and announced.value.date else 0.0
    status = dossier.status.consensus.value.value if dossier.status is not None else "reported"
    date = one_line(announced.value.text) if announced is not None else "This deal"
    if dossier.announced_on is not None and dossier.announced_on.differing:
        date += " (disputed)"
    sources = tuple(one_line(source.id) for source in dossier.sources)
    yield _Event(place, bool(place), date, f"{one_line(dossier.title)}: {status}", sources)
    for person in dossier.people:
        for change in person.changes:
            words = f"{one_line(person.name)}: {words_of(change.consensus.value)[0]}"
            yield _Event(place, False, "With the deal", words, tuple(map(one_line, change.consensus.sources)))


def _year(date: str) -> float:
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    return round(year + (month - 1) / 12 + (day - 1) / 365, 3) + 0.0
