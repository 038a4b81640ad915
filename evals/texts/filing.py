"""A filing of 300,000 characters, made from a seed, whose deal is told on three pages far apart.

The other pages are what filings are full of: definitions, risks and covenants without any figure, and pages
of figures that have nothing to do with the deal. ``python -m evals.long_filing > filing.txt`` writes it;
``GOLD`` is what a record of it has to hold.
"""

from __future__ import annotations

import random
import sys

CHARACTERS = 300_000
TITLE = "NOTICE OF EXTRAORDINARY GENERAL MEETING OF SKERNE WATERWORKS PLC"
LEAD = (
    "York, 17 February 2031. The directors of Skerne Waterworks plc (the Company) give notice of a meeting of its "
    "shareholders to consider the offer of Caldbeck Utilities described in this document."
)
TERMS = (
    "Under the terms of the offer, Caldbeck Utilities will acquire 74% of the share capital of the Company for a "
    "total of £1.36 billion in cash, payable at completion.",
    "The offer values the whole of the Company at approximately £1.84 billion.",
    "Completion is conditional on the consent of the water regulator. On completion Imogen Thwaite, the chief "
    "financial officer of the Company, will be appointed chief executive of the Company.",
)
GOLD = {
    "amount": "1360000000",
    "stake": "74",
    "valuation": "1840000000",
    "acquirer": "Caldbeck Utilities",
    "target": "Skerne Waterworks plc",
    "person": "Imogen Thwaite",
}

_SUBJECTS = [
    "the board",
    "a director",
    "any shareholder",
    "the registrar",
    "the proxy",
    "an adviser",
    "the auditor",
    "the chair",
]
_DUTIES = (
    "may adjourn the meeting where the number of those present does not allow it to proceed in good order",
    "shall keep the register of members open for inspection at the registered office in the usual hours",
    "has to be given notice in writing of each matter that is to be put to a vote",
    "is not bound by an instruction that reaches the office after the time stated on the form",
    "may rely on a certificate that appears on its face to have been signed by the person entitled to sign it",
    "owes no duty to a holder of options beyond that which the rules of the scheme provide for",
    "shall disclose any interest in a contract that is proposed to be entered into",
    "can be removed by ordinary resolution of which special notice was given",
)
_RISKS = (
    "drought", "flooding of the lower works", "a change of law", "the failure of a supplier", "the loss of key staff",
    "a fault in the telemetry", "the price of chemicals", "claims of landowners",
)  # fmt: skip
_RESULTS = (
    "could disrupt the supply to households", "may raise the cost of treatment", "might delay works that are planned",
    "could lead to claims that insurance does not cover", "may draw the attention of those who supervise the industry",
)  # fmt: skip


def filing(seed: int = 7, characters: int = CHARACTERS) -> str:
    """The text of the filing."""
    rng = random.Random(seed)  # noqa: S311
    pages: list[str] = []
    while sum(map(len, pages)) < characters:
        in_notes = 0.1 < sum(map(len, pages)) / characters < 0.2
        pages.append(_figures(rng, len(pages)) if in_notes else _clauses(rng, len(pages)))
    for share, told in zip((0.35, 0.6, 0.9), TERMS, strict=True):
        pages.insert(int(share * len(pages)), f"The offer\n\n{told}")
    return "\n\n".join([TITLE, LEAD, *pages]) + "\n"


def _clauses(rng: random.Random, page: int) -> str:
    lines = [f"Part {page + 1}: {rng.choice(('Articles', 'Definitions', 'Risk factors', 'Procedure'))}"]
    for clause in range(18):
        if rng.random() < 0.5:
            said = f"{rng.choice(_SUBJECTS)} {rng.choice(_DUTIES)}"
        else:
            said = f"{rng.choice(_RISKS)} {rng.choice(_RESULTS)}"
        lines.append(
            f"{page + 1}.{clause + 1} {said[0].upper()}{said[1:]}, {rng.choice(_RESULTS).split(' ', 1)[1]} or not."
        )
    return "\n\n".join(lines)


def _figures(rng: random.Random, page: int) -> str:
    lines = [f"Part {page + 1}: Notes to the accounts"]
    for year in range(2019, 2031):
        revenue, rate = rng.randint(310, 420), rng.randint(18, 26)
        lines.append(
            f"In {year} revenue was £{revenue} million and tax was charged at {rate}%, as the accounts show."
        )
    return "\n\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(filing())
