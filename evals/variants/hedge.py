"""The same deal before it is one: reported, denied or still talked about."""

from __future__ import annotations

import random
import re
from typing import Any

from evals.cases import Case
from evals.gold import Range, labels
from evals.variants.deletion import cut
from evals.variants.edits import Edit, alter, like, made, placed, plain
from summarizer.document import read_document

_OF_EQUALS = {"joint_venture", "merger", "partnership"}
# Not where it also says what is paid in: that is a fact without evidence of its own.
_DONE = re.compile(
    r"^(?!.*\b(?:cash|stock|shares?)\b).*\b(?:went through|took (?:place|effect)|confirmed|was signed|signed (?:papers|on)|"
    r"ha(?:s|ve|d) (?:now |already )?(?:closed|completed|cleared|approved|said yes)|(?:cleared|completed) (?:the|its|their))\b",
    re.IGNORECASE | re.DOTALL,
)
_CERTAIN = {"announced", "pending", "completed"}
# What frames the article, so that whatever it says as certain is said by a draft or a report. Each is a new
# headline and the paragraphs below it.
_FRAMES = {
    "hedge-talks": (
        "{a} and {b} still in talks, sources say",
        "{a} and {b} are still in talks and nothing has been signed, people familiar with the matter said. The "
        "negotiations could drag on or end without a deal, they said. Both companies declined to comment.",
        "The text below is a draft announcement that the two sides have been passing back and forth. It has not been "
        "approved by either of them, and says what would be told if they came to an agreement:",
    ),
    "hedge-reported": (
        "{a} said to be near deal with {b}",
        "{a} is close to a deal with {b}, according to a report that neither company has confirmed. No agreement has been "
        "signed, two people with knowledge of the talks said, asking not to be named, and it may never be.",
        "The report, which appeared overnight on a website and gave no sources, treats the matter as settled. It reads "
        "as follows:",
    ),
    "hedge-denied": (
        "{b} denies report of deal with {a}",
        "{b} denied a report about a deal with {a}. Nothing has been signed and nothing agreed, a spokesman said; the "
        "two had met, as companies do, and no more than that. {a} did not return calls.",
        "This is the report, which the website that ran it has since taken down and which could not be verified:",
    ),
}  # fmt: skip


def make(case: Case, rng: random.Random) -> list[Case]:
    """Two of the three hedges, for a deal that the text tells as certain and that has two named sides."""
    gold = case.gold
    statuses = {str(each) for each in getattr(gold, "status", None) or ()}
    if True not in (getattr(gold, "is_deal", None) or ()) or not statuses or not statuses <= _CERTAIN:
        return []
    case = _without_certainty(case)
    sides = _sides(case)
    if len(sides) < 2:
        return []
    # A draft announcement does not tell that the deal has closed; a report may have got that wrong as well.
    fitting = sorted(set(_FRAMES) - ({"hedge-talks"} if "completed" in statuses else set()))
    return [_framed(case, variant, sides) for variant in sorted(rng.sample(fitting, 2))]


def _sides(case: Case) -> list[str]:
    """The names of the buyer and the bought, or of the two that join forces."""
    roles: dict[str, str] = {}
    equals: list[str] = []
    for item in getattr(case.gold, "parties", None) or ():
        names = sorted((each for each in item.name if type(each) is str and each[:1].isupper()), key=len)
        if not names or item.optional:
            continue
        said = {str(role) for role in item.role}
        for role in said & {"acquirer", "target"}:
            roles.setdefault(role, names[0])
        if said & {"acquirer", "partner"}:
            equals.append(names[0])
    kinds = {str(kind) for kind in getattr(case.gold, "deal_type", None) or ()}
    if len(equals) > 1 and kinds & _OF_EQUALS:
        return equals[:2]
    return [roles[role] for role in ("acquirer", "target") if role in roles]


def _without_certainty(case: Case) -> Case:
    """The case without the sentences that say that all is done and tell nothing else that the gold has."""
    told = [place for each in labels(case.gold) for place in each.label.evidence]
    done = [
        each
        for each in read_document(case.text).sentences
        if _DONE.search(each.text) and not any(start < each.end and each.start < end for start, end in told)
    ]
    altered = cut(case.text, done)
    return made(case, "", altered, placed(plain(case), altered.kept))


def _framed(case: Case, variant: str, sides: list[str]) -> Case:
    a, b = sides
    blocks = [each.format(a=a, b=b) for each in _FRAMES[variant]]
    lead = "\n\n".join([blocks[0], *(like(case.text, each) for each in blocks[1:])]) + "\n\n"
    altered = alter(case.text, [Edit(0, 0, lead)])
    gold = placed(plain(case), altered.kept)
    gold["status"] = ["rumoured"]
    if gold.get("announced_on"):
        gold["announced_on"] = [*(each for each in gold["announced_on"] if each is not None), None]
    _add_places(gold, lead, sides)
    return made(case, variant, altered, gold)


def _add_places(node: Any, lead: str, sides: list[str]) -> None:
    """Where the frame names the two sides is evidence of them as well."""
    for items in (part for part in node.values() if isinstance(part, list)):
        for item in items:
            if not isinstance(item, dict) or "role" not in item:
                continue
            for name in sides:
                if name in item.get("name", ()):
                    item["evidence"] = sorted([*map(tuple, item["evidence"]), *_places(name, lead)])


def _places(name: str, text: str) -> list[Range]:
    found, at = [], text.find(name)
    while at >= 0:
        found.append((at, at + len(name)))
        at = text.find(name, at + 1)
    return found
