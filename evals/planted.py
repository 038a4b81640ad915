"""Twenty planted errors beside the right values, for ``summarizer.verify`` and, where it is installed, llmground.

``python -m evals.planted`` prints the table of docs/verify.md. Each error is a small record about one of the documents;
it is caught where a verifier objects to one of the planted paths, and an objection to the right record is a false alarm.
An error is told apart from the right value where it is caught and the right record is not objected to.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple

from summarizer import verify

DOCUMENTS = Path(__file__).parent / "documents"
HARBOR, CARVE_OUT = "harbor-quay", "carve-out-euros-multiple"
MINORITY, TAKEOVER = "minority-investor-chief-moves", "cash-takeover-premium"
TRANSPOSED, SCALE, CURRENCY = "transposed digit", "millions for billions", "another currency"
SENTENCE, TWIN = "figure from another sentence", "name's near twin"

Record = dict[str, Any]


class Planted(NamedTuple):
    """A right record, the same with an error, and the paths at which the two differ or are read together."""

    kind: str
    document: str
    right: Record
    wrong: Record
    paths: tuple[str, ...]

    @property
    def text(self) -> str:
        """The article."""
        return (DOCUMENTS / f"{self.document}.txt").read_text(encoding="utf-8")


def _plain(kind: str, document: str, field: str, right: Any, wrong: Any) -> Planted:
    return Planted(kind, document, {field: right}, {field: wrong}, (field,))


def _money(kind: str, document: str, field: str, right: tuple[int, str], wrong: tuple[int, str]) -> Planted:
    first, second = ({field: {"value": value, "currency": currency}} for value, currency in (right, wrong))
    return Planted(kind, document, first, second, (f"{field}.value", f"{field}.currency"))


def _quoted(document: str, field: str, right: int, wrong: int, quote: str) -> Planted:
    first, second = ({field: {"value": value, "quote": quote}} for value in (right, wrong))
    return Planted(SENTENCE, document, first, second, (f"{field}.value",))


PLANTED = (
    _plain(TRANSPOSED, HARBOR, "revenue", 96_000_000, 69_000_000),
    _plain(TRANSPOSED, CARVE_OUT, "earlier_price", "€640 million", "€460 million"),
    _plain(TRANSPOSED, MINORITY, "sales", 71_000_000.0, 17_000_000.0),
    _plain(TRANSPOSED, TAKEOVER, "price_per_share", "412 pence", "421 pence"),
    _plain(SCALE, HARBOR, "valuation", "€800 million", "€800 billion"),
    _money(SCALE, CARVE_OUT, "net_debt", (1_100_000_000, "EUR"), (1_100_000, "EUR")),
    _plain(SCALE, MINORITY, "valuation", 250_000_000, 250_000_000_000),
    _plain(SCALE, TAKEOVER, "bridge_loan", "A$1.5 billion", "A$1.5 million"),
    _money(CURRENCY, HARBOR, "amount", (180_000_000, "EUR"), (180_000_000, "USD")),
    _plain(CURRENCY, CARVE_OUT, "amount", "€420 million", "$420 million"),
    _plain(CURRENCY, MINORITY, "amount", "CHF 45 million", "EUR 45 million"),
    _money(CURRENCY, TAKEOVER, "earlier_price", (212_000_000, "AUD"), (212_000_000, "USD")),
    _quoted(HARBOR, "amount", 180_000_000, 35_000_000, "putting about €180 million into Lindmark Cellworks"),
    _quoted(CARVE_OUT, "ebitda", 50_000_000, 640_000_000, "8.4 times the €50 million of EBITDA"),
    _quoted(MINORITY, "amount", 45_000_000, 20_000_000, "Ruvenal is putting CHF 45 million into Feltrano"),
    _quoted(TAKEOVER, "premium", 38, 31, "comes at a 38% premium"),
    _plain(TWIN, HARBOR, "chief", "Annika Tervo", "Annika Tervonen"),
    _plain(TWIN, CARVE_OUT, "buyer", "Ondaro Equity", "Ondara Equity"),
    _plain(TWIN, MINORITY, "chief", "Ludovica Bernaschetti", "Ludovica Bernasconi"),
    _plain(TWIN, TAKEOVER, "buyer", "Kestrow Industries", "Kestrel Industries"),
)


def without_quotation(planted: Planted) -> Planted:
    """The same error in a record that cites nothing."""
    right, wrong = (
        {name: {key: part for key, part in value.items() if key != "quote"} for name, value in record.items()}
        for record in (planted.right, planted.wrong)
    )
    return planted._replace(right=right, wrong=wrong)


Objections = Callable[[Record, str], set[str]]


def ours(record: Record, text: str) -> set[str]:
    """The paths to which ``summarizer.verify`` objects."""
    return {finding.field for finding in verify(record, text).findings}


def _llmground() -> Objections | None:
    """The paths that llmground calls ungrounded, or weakly grounded; None where it is not installed."""
    try:
        library = import_module("llmground")
    except ImportError:
        return None

    def objections(record: Record, text: str) -> set[str]:
        report = library.verify(record, text)
        return {result.path for result in (*report.ungrounded, *report.weak)}

    return objections


def verifiers() -> dict[str, Objections]:
    """What is compared, by name and version."""
    systems: dict[str, Objections] = {f"verify {metadata.version('deal-summarizer')}": ours}
    if (other := _llmground()) is not None:
        systems[f"llmground {metadata.version('llmground')}"] = other
    return systems


def main() -> None:
    """Print, for each kind of error, how many are caught and how many right records are objected to."""
    systems = verifiers()
    rows = {
        kind: [each for each in PLANTED if each.kind == kind]
        for kind in dict.fromkeys(p.kind for p in PLANTED)
    }
    rows["all twenty"] = list(PLANTED)
    rows[f"{SENTENCE}, nothing cited"] = [without_quotation(each) for each in rows[SENTENCE]]
    heads = (f"{name}: caught | false alarms | told apart" for name in systems)
    print("| planted error | " + " | ".join(heads) + " |")
    print("|---" * (1 + 3 * len(systems)) + "|")
    for kind, planted in rows.items():
        cells = []
        for objections in systems.values():
            hits = [
                [bool(objections(record, p.text) & set(p.paths)) for record in (p.wrong, p.right)]
                for p in planted
            ]
            caught, alarms = (sum(column) for column in zip(*hits, strict=True))
            apart = sum(wrong and not right for wrong, right in hits)
            cells += [str(caught), str(alarms), f"{apart} of {len(hits)}"]
        print(f"| {kind} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
