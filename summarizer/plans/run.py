"""One article on its way into a record: what is known of it so far, what that cost, and the record at the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from summarizer import policy, prompting, versions
from summarizer.asking.fields import fields_of
from summarizer.asking.identity import schema_hash
from summarizer.checks import HINTED, RULES
from summarizer.errors import UnsupportedClaims
from summarizer.facts import Fact, without
from summarizer.findings import Finding, Span
from summarizer.inventory import Inventory
from summarizer.llm.base import Model, Reply, Request
from summarizer.llm.off_loop import off_loop
from summarizer.plans.windows import Coverage
from summarizer.records.values import Certainty, Provenance, SourceInfo, Usage, record_type
from summarizer.watching import Watched

if TYPE_CHECKING:
    from summarizer.rules.hints import Hints

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Called with what is being done: the stage, and how much of how much (0 of 0 where that is not known)."""

_CHARACTERS_PER_TOKEN = 4
_REPLY_TOKENS = 1500  # kept free in the context for the question and the reply
_LEFT_OUT = ("unsupported", "unsupported_figure", "unsupported_prose")
_MOST_FINDINGS = 20  # of one code; more say nothing more to a reader
_FEWEST_MENTIONED = 3  # fields that a message names before it sums up the rest


@dataclass
class Run:
    """One article on its way through the model."""

    inventory: Inventory
    prompts: prompting.Prompts
    watched: Watched
    plan: str
    trust: str
    tell: Progress
    tell_fact: Callable[[Fact], None] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)  # the last that was emitted of each field
    findings: list[Finding] = field(default_factory=list)
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    coverage: Coverage = field(default_factory=lambda: Coverage(1, 1))
    step: int = 0
    steps: int = 0  # requests of a plan with several, as far as they can be foreseen
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop, repr=False)

    @cached_property
    def article(self) -> str:
        """The article as the model reads it."""
        return self.prompts.render("article.j2", sentences=self.inventory.sentences)

    @cached_property
    def hints(self) -> Hints:
        """What the rules read of the article."""
        return policy.hints(self.inventory)

    @property
    def streams(self) -> bool:
        """Whether somebody waits for facts one by one."""
        return self.tell_fact is not None

    @property
    def model(self) -> Model:
        """The model that is asked."""
        return self.watched.model

    def room(self, static: str) -> int | None:
        """Characters of an article that fit into the model's context beside ``static``; None where it is not known."""
        context = self.model.profile.context
        if context is None:
            return None
        return (context - _REPLY_TOKENS) * _CHARACTERS_PER_TOKEN - len(static)

    async def ask(self, request: Request[Any], stage: str) -> Reply[Any]:
        """Send one request and count what it cost."""
        self.step += 1
        self.steps = max(self.steps, self.step) if self.steps else 0
        self.tell(stage, self.step if self.steps else 0, self.steps)
        reply = await self.watched.ask(request)
        self.usage += reply.usage
        return reply

    def put(self, name: str, value: Any) -> None:
        """Hold a fact, and emit it."""
        self.facts[name] = value
        self.emit(name, value)

    def emit(self, name: str, value: Any) -> None:
        """Emit a fact where it says something, or something else than before.

        A fact that is only emitted is not held: the record does not depend on it, and takes it back where it
        differs.
        """
        before = self.told.get(name)
        if self.tell_fact is None or value == before or (_empty(value) and _empty(before)):
            return
        self.told[name] = value
        # From a thread too, where the article is long; always by the loop, so that the order stays.
        self._loop.call_soon_threadsafe(self.tell_fact, Fact(name, value))

    async def own_work(self, work: Callable[[], T]) -> T:
        """Do work of our own on the article, off the event loop where the article is long."""
        return await off_loop(len(self.inventory.document.text), work)

    def record(
        self,
        schema: type[BaseModel],
        certainty: Callable[[dict[str, Any], Sequence[Finding]], tuple[Certainty, ...]],
        *,
        strict: bool,
        seconds: float,
    ) -> Any:
        """Check the facts and make the record; ``certainty`` rates them by the findings.

        Raises UnsupportedClaims where ``strict`` and a claim was left out, or where the schema requires a
        fact that the article does not state.
        """
        facts: dict[str, Any] = {one.name: () if one.many else None for one in fields_of(schema)}
        facts |= self.facts
        findings = list(self.findings)
        for rule in RULES:
            findings += rule(facts, self.inventory)
        for hinted in HINTED:
            findings += hinted(facts, self.inventory, self.hints)
        for finding in findings:
            if finding.code == "unsupported_figure":
                facts = without(facts, finding.field)
        left_out = [finding for finding in findings if finding.code in _LEFT_OUT]
        if strict and left_out:
            said = " ".join(f"{finding.field}: {finding.message}" for finding in left_out)
            raise UnsupportedClaims(
                f"The text does not support what the model said. {said}", findings=findings
            )
        for name, value in facts.items():
            self.put(name, value)
        document = self.inventory.document
        beside = {
            "evidence": dict(self.evidence),
            "findings": _first_of_each_code(findings),
            "certainty": certainty(facts, findings),
            "source": SourceInfo(
                id=document.id,
                sha256=document.sha256,
                title=document.title,
                characters=len(document.text),
                sentences=len(document.sentences),
                windows=self.coverage.windows,
                windows_read=self.coverage.read,
            ),
            "provenance": self._provenance(schema),
            "usage": self.usage.model_copy(update={"seconds": round(seconds, 3)}),
        }
        return make_record(schema, facts, beside)

    def _provenance(self, schema: type[BaseModel]) -> Provenance:
        from summarizer import __version__

        return Provenance(
            model=self.model.name,
            endpoint=self.model.endpoint,
            mode=self.model.mode,
            plan=self.plan,
            trust=self.trust,
            prompt_hash=self.prompts.hash,
            schema_hash=schema_hash(schema),
            code_hash=versions.code_hash(),
            package_version=__version__,
        )


def make_record(schema: type[BaseModel], facts: dict[str, Any], beside: dict[str, Any]) -> Any:
    """Make the record of a schema. What is not stated is left to the schema's defaults.

    Raises UnsupportedClaims where the schema does not accept the facts, or requires one that is not stated.
    """
    made = record_type(schema)
    fields = {one.name: one for one in fields_of(schema)}
    given = {
        name: value
        for name, value in facts.items()
        if name in fields and not (value is None and not fields[name].optional)
    }
    try:
        return made(**given, **beside)
    except ValidationError as error:
        raise UnsupportedClaims(
            f"The article gives no record that {schema.__name__} accepts: {'; '.join(refusals(error))}. "
            "Declare what an article may leave out as optional (X | None = None).",
            findings=beside.get("findings", ()),
        ) from None


def refusals(error: ValidationError) -> list[str]:
    """What a schema has against the facts, a few words for each field, the first ones of many."""
    found = [
        f"{'.'.join(map(str, each['loc'])) or 'the record'}: "
        + ("the article does not state it" if each["type"] == "missing" else each["msg"])
        for each in error.errors(include_url=False, include_input=False)
    ]
    more = len(found) - _FEWEST_MENTIONED
    return [*found[:_FEWEST_MENTIONED], *([f"and {more} more"] if more > 0 else [])]


def _first_of_each_code(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first findings of each code, and how many more there are."""
    counted = Counter(finding.code for finding in findings)
    seen: Counter[str] = Counter()
    kept = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= _MOST_FINDINGS:
            kept.append(finding)
        elif seen[finding.code] == _MOST_FINDINGS + 1:
            more = counted[finding.code] - _MOST_FINDINGS
            kept.append(Finding(code=finding.code, field="", message=f"And {more:,} more of this kind."))
    return tuple(kept)


def _empty(value: Any) -> bool:
    return value is None or value == ()
