"""Phrases that code cuts out of sentences: what the money is for, and each of several conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from summarizer.cues import Cue, one_of, small
from summarizer.document import Sentence
from summarizer.inventory import Inventory
from summarizer.records import deal_status
from summarizer.records.deal_cues import CONDITION, CONSENT, SURE_CONDITION
from summarizer.records.deal_terms import DealStatus
from summarizer.records.values import UNDECIDED, Phrase, Undecided

_LONGEST = 200  # characters of a phrase; what is longer was cut at the wrong place
_FUNDS = r"(?:money|cash|funds|funding|proceeds|receipts|capital|investment|credits|sum|windfall|haul)"
_WHOSE = r"(?:(?:all|most|much|half|part|some|the bulk|the rest|the whole) (?:of )?)?(?:the|this|that|these|its|our|their|any|net)"
_THE_FUNDS = rf"{_WHOSE} (?:[\w’'-]+ ){{0,2}}?{_FUNDS}(?: and {_FUNDS})?(?: from [^,;:]{{1,40}}?)?"
_WILL = r"(?:will|would|is to|are to|plans? to|intends? to|means? to|wants? to|aims? to|expects? to|hopes? to|due to)"
_SPEND = r"(?:spend|use|put|pass|pour|plough|plow|channel|invest|steer|devote|deploy|direct|apply)"
_CASH = _FUNDS.replace("investment|", "")  # an investment may help in other ways
_DO = r"(?:build|open|hire|expand|scale|speed|launch|develop|grow|double|enter|finance|fund|repay|pay|add|buy|cut|reduce|invest|move|start|roll out|accelerate)\b"
# Up to the words that name what it is for.
_FOR_WHAT = Cue(
    one_of(
        rf"{_WILL} (?:then |also |now |partly )?{_SPEND} {_THE_FUNDS} (?:on|to|into|in|for|towards?)",
        rf"{_FUNDS} (?:(?:(?:of|from) (?:the|its|that|this) \w+ )?(?:and {_FUNDS} )?(?:will|would|should|is to|are to|is due to|are due to) (?:all |now |mostly |mainly |largely )?"
        r"(?:go|flow|be (?:used|spent|put|ploughed|plowed|poured|invested|channelled|deployed|returned|handed back|paid out|distributed|passed on))|goes|go) (?:on|to|in|into|towards?|for)",
        rf"{_FUNDS} (?:is|are|has been|have been) (?:\w+ )?(?:earmarked|meant|intended|set aside|reserved|destined|ring-fenced) (?:for|to)",
        rf"pass (?:the|this|its) {_FUNDS} (?:on )?to",
        # What is paid for a right or a product is spent like any other money.
        rf"{_WILL} (?:then |also |now |partly )?(?:spend|use|put|invest) (?:the|this|that|its) (?:[\w-]+ )?(?:payment|fee|advance) (?:on|to|into|for|towards?)",
        # A share of the sum that the sentence before has told.
        r"^(?:(?:around|about|roughly|some|almost|nearly|up to) )?(?:half|most|much|the bulk|an? (?:third|quarter|fifth)|(?:two|three)[- ](?:thirds|quarters|fifths))"
        r" (?:of (?:it|that|this|the (?:sum|total|amount)) )?(?:will go|would go|is to go|goes|will be (?:spent|put|invested|ploughed)) (?:into|on|towards?)",
        rf"{_CASH} (?:will|would|should|is to|are to) (?:help|let|allow|enable) (?:it|them|us|the \w+|[\w’'.&-]+(?: [\w’'.&-]+)?)(?: to)?(?= {_DO})",
        rf"{_CASH} (?:will|would|should|is to|are to) (?:fund|finance|pay for|bankroll)",
        rf"with (?:the|this) (?:\w+ )?{_CASH}(?: in hand)?, (?:[\w’'.&-]+ ){{1,5}}?{_WILL}",
    )
)
# What a round was raised for stands in its headline, too: it counts where nothing else is told.
_RAISED_TO = Cue(
    one_of(
        rf"rais(?:e|es|ed|ing) (?:\w+ ){{0,2}}[^\s\d]{{0,4}}\d[\d.,]*(?: ?(?:million|billion|m|mn|bn|crore))? (?:[\w’'-]+ ){{0,8}}?to(?= {_DO})",
    )
)
# A label, or the question that a list answers: "What for: …", "The money goes three ways: …".
_LIST_OPENER = Cue(
    rf"^(?:what (?:for|the {_FUNDS} is for)|use of (?:proceeds|funds)|where {_THE_FUNDS} (?:goes|go|is going|will go)|uses?)(?: ?[:?]|$)|"
    rf"^[^:]{{0,80}}\b{_FUNDS}\b[^:]{{0,60}}(?:\w+ (?:ways|things|areas|purposes|uses|places|aims|goals)|as follows):"
)
_ASKED = Cue(
    rf"^(?:(?:and |so |but )?(?:what|where|how) (?:is|are|’s|'s|will|would|does|do)? ?[^?:]{{0,40}}\b{_FUNDS}\b[^?:]{{0,30}}|what[’']s (?:the|this) {_FUNDS} for)\?$"
)
_GETS = Cue(r"\b(?:gets|gains|wins|acquires|obtains)\b")  # what the buyer does it for is no use of money
_DENIED = Cue(r"\b(?:no|not|none|never|nothing|whether|if)\b")
_SAID = re.compile(
    r",? [“\"]?(?:[\w’'.&-]+ ){0,6}?(?:said|says|added|adds|told|wrote|writes)\b.*$", re.DOTALL
)
_BEHIND = re.compile(r"\s*[;.]\s.*$", re.DOTALL)
_LAST = r"(?:and|as well as|plus)"
_OTHER_ITEM = rf"(?:an?|for|to|on|into|in|towards|\d\S*|some|more|new)\b|{_DO}"
_AND = re.compile(
    rf",\s+(?:{_LAST}\s+)?the (?:rest|remainder|balance|other half)\s+"
    r"(?:(?:is|will be) (?:set aside |earmarked |reserved |meant |intended )?|goes |will go )?(?=(?:for|to|on|into|towards)\b)|"
    rf",\s+{_LAST}\s+|\s+{_LAST}\s+(?={_OTHER_ITEM})"
)
_PLAIN_AND = re.compile(rf"\s+{_LAST}\s+")
_COMMA = re.compile(
    r",\s+(?!and\b|as well|plus\b|the (?:rest|remainder|balance)|which|who|whose|where|including|mostly|mainly|such|like|due|with|among)"
)
_LEAD_IN = re.compile(r"(?:and\s+)?(?:for|to|on|into|in|towards?)\s+")


def use_of_proceeds(inventory: Inventory, _facts: Mapping[str, Any]) -> tuple[Phrase, ...] | Undecided:
    """The phrases behind "will use the proceeds to" and its like, or of a list that such words open."""
    if deal_status.status(inventory, _facts) is DealStatus.TERMINATED:
        return ()  # no deal, no proceeds
    return _phrases(inventory, _FOR_WHAT) or _phrases(inventory, _RAISED_TO) or UNDECIDED


def _phrases(inventory: Inventory, cue: Cue) -> tuple[Phrase, ...]:
    """What ``cue`` leads up to, sentence by sentence; nothing where a phrase was cut at the wrong place."""
    found: list[Phrase] = []
    order = inventory.sentences
    for index, sentence in enumerate(order):
        if sentence.number in inventory.sentences_on_earlier:
            continue
        for start, end in _pieces(order, index, inventory, cue):
            text = inventory.document.text[start:end]
            if len(text) > _LONGEST:
                return ()
            where = next(s for s in order if s.start <= start < s.end)
            found.append(Phrase(text=text, evidence=inventory.cite([where])))
    return tuple(found)


def _pieces(
    order: Sequence[Sentence], index: int, inventory: Inventory, cue: Cue
) -> Iterator[tuple[int, int]]:
    """The places of the phrases that a sentence, or the list behind it, tells."""
    sentence = order[index]
    words = small(sentence.text)
    opener = _LIST_OPENER.search(sentence.text)
    if opener is not None and not words[opener.end() :].strip():
        for item in order[index + 1 :]:
            if not inventory.is_bullet(item):
                return
            yield _trimmed(inventory.document.text, item.start, item.end)
        return
    if sentence.heading:
        return
    if opener is not None:
        if not _GETS.search(words[opener.end() :]):
            yield from _split(inventory.document.text, sentence.start + opener.end(), sentence.end)
        return
    if index and _ASKED.search(order[index - 1].text):
        behind = sentence.text.find(": ") + 1
        if not _DENIED.search(words):
            yield from _split(inventory.document.text, sentence.start + behind, sentence.end)
        return
    told = cue.search(sentence.text)
    if told is not None and not _DENIED.search(words[max(0, told.start() - 20) : told.end()]):
        yield from _split(inventory.document.text, sentence.start + told.end(), sentence.end)


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The items that are listed from ``start`` to ``end``: by semicolons, else by a last "and" and the commas before it."""
    said = _SAID.search(text, start, end)
    if said is not None:
        end = said.start()
    if ";" in text[start:end]:
        cuts = [m.span() for m in re.finditer(r";\s+(?:and\s+)?", text[start:end])]
    else:
        stop = _BEHIND.search(text, start, end)
        end = stop.start() if stop is not None else end
        cuts = _cuts(text[start:end])
    left = start
    for a, b in cuts:
        if start + a > left:
            yield _trimmed(text, left, start + a)
            left = start + b
    if left < end:
        yield _trimmed(text, left, end)


def _cuts(rest: str) -> list[tuple[int, int]]:
    """Where items part: at a last "and", and where a comma or an "and" stands behind a comma, at the commas too."""
    cuts = [m.span() for m in _AND.finditer(rest)]
    commas = [m.span() for m in _COMMA.finditer(rest)]
    if not any(rest[a] == "," for a, _ in cuts):
        last = _PLAIN_AND.search(rest, commas[-1][1]) if commas else None
        if last is None:
            return cuts
        cuts.append(last.span())
    end = max(a for a, _ in cuts)
    return sorted({*cuts, *(span for span in commas if span[0] < end)})


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks, closing marks and a leading preposition."""
    while start < end and text[start] in " \n\r\t":
        start += 1
    lead = _LEAD_IN.match(text, start, end)
    if lead is not None:
        start = lead.end()
    while end > start and text[end - 1] in " \n\r\t.;,\"”’'":
        end -= 1
    return start, end


# Where one condition may end and the next begin.
_NEXT_CONDITION = re.compile(
    r";\s+(?:and\s+)?|,\s+(?!planned\b|scheduled\b|must\b|needs? to\b|ha(?:s|ve) to\b)(?:and\s+)?|\s+(?:and|as well as|plus)\s+(?=(?:to|of|from|by|on|needs|must|has|have|still)\b)"
    rf"|\s+(?:and|as well as|plus)\s+(?=(?:an?|the|its|their)\s+(?:[\w’'-]+\s+){{0,3}}(?:{CONSENT}|licen[cs]es?|waivers?)\s+(?:from|of|by)\b)"
)
_STANDS_FOR_ONE = Cue(
    one_of(
        r"consultations?|hearing|review|votes?|licen[cs]es?|permits?|consents?|clearances?|approvals?|nods?|waivers?",
        r"(?:must|ha(?:s|ve) (?:yet )?to|needs?|is to|are to) \w+",
    )
)
# Such a clause tells when the other one holds.
_UNDER_IT = Cue(r"^\W*(?:when|once|before|until|if|unless|after|at which|as|while)\b")
_HOPED = Cue(r"\b(?:expected|hoped for|likely|due|which|who|planned(?! for)|foreseen)\b")


# "The watchdog gave its approval in May."
_GIVEN = Cue(
    one_of(
        rf"(?:gave|granted|received|won|obtained|secured|got|given) (?:[\w’'-]+ ){{0,5}}?{CONSENT}",
        r"(?:has|have|had|was|were|been) (?:already |since |now |duly |unanimously )?(?:approved|cleared|blessed|waved through|ratified)",
        rf"{CONSENT} (?:from (?:\S+ ){{1,3}}?)?(?:came|arrived|was (?:given|granted|obtained|received))",
    )
)


def refine_conditions(
    inventory: Inventory, conditions: Sequence[Any], _facts: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Tell each condition of a sentence apart: "needs the consent of lenders, and the court has to approve"."""
    kept: list[Any] = []
    for condition in conditions:
        if _GIVEN.search(condition.text) and not SURE_CONDITION.search(condition.text):
            continue  # it has been met
        span = condition.evidence[0]
        if (span.start, span.end) != (span.start, span.start + len(condition.text)):
            kept.append(condition)
            continue
        parts = _conditions_in(condition.text)
        kept += [type(condition)(text=part, evidence=condition.evidence) for part in parts]
    return tuple(kept)


def _conditions_in(sentence: str) -> list[str]:
    """The clauses of a sentence, each with a condition of its own."""
    starts = [0]
    for cut in _NEXT_CONDITION.finditer(sentence):
        clause = _NEXT_CONDITION.split(sentence[cut.end() :])[0]
        before = sentence[starts[-1] : cut.start()]
        if _UNDER_IT.search(before):  # "Before it can start, it needs …"
            before = before.partition(", ")[2]
        if _is_one(clause) and (_is_one(before) or SURE_CONDITION.search(before)):
            starts.append(cut.end())
    ends = [*starts[1:], len(sentence)]
    parts = [sentence[a:b] for a, b in zip(starts, ends, strict=True)]
    return [re.sub(r"[;,]?\s+(?:and\s+)?$", "", part) for part in parts]


def _is_one(clause: str) -> bool:
    if len(clause.split()) < 4 or _HOPED.search(clause) or _UNDER_IT.search(clause):
        return False
    return any(cue.search(clause) for cue in (SURE_CONDITION, CONDITION, _STANDS_FOR_ONE))
