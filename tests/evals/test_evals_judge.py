from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from evals.cases import CaseError
from evals.judge import (
    VERDICTS,
    Judgement,
    judge_agreement,
    judge_narrative,
    labelled,
    open_judge,
    request,
)
from summarizer.errors import EndpointUnavailable, InvalidReply
from summarizer.llm.base import Reply, Request
from tests.conftest import FakeModel

ARTICLE = "Norrlund buys Tidewell for €2 billion."
NARRATIVE = "Norrlund buys Tidewell. The price is €3 billion."


def scripted(*verdicts: str) -> FakeModel:
    """A model that gives these verdicts in turn; an unknown one is a reply that cannot be read."""
    turns: Iterator[str] = iter(verdicts)

    def fill(schema: dict[str, Any]) -> dict[str, str]:
        verdict = next(turns)
        if verdict not in VERDICTS:
            raise InvalidReply("no verdict")
        return {"verdict": verdict}

    return FakeModel(fill)


def informed(change: Callable[[str], str]) -> FakeModel:
    """A model that knows the labels of the labelled claims, and answers what ``change`` makes of them."""
    known = {getattr(snippet, label): label for snippet in labelled() for label in VERDICTS}

    class Informed(FakeModel):
        async def ask(self, request: Request[Any]) -> Reply[Any]:
            claim = request.question.removeprefix("Claim: ").partition("\n")[0]
            self.answers = {"verdict": change(known[claim])}
            return await super().ask(request)

    return Informed({})


def test_each_sentence_is_a_claim_with_three_votes() -> None:
    """The majority's verdict counts, and shares are over claims."""
    model = scripted("supported", "supported", "not_found", "contradicted", "supported", "contradicted")
    judged = asyncio.run(judge_narrative(NARRATIVE, ARTICLE, ask=model.ask))
    assert [(claim.claim, claim.verdict) for claim in judged.claims] == [
        ("Norrlund buys Tidewell.", "supported"),
        ("The price is €3 billion.", "contradicted"),
    ]
    assert [judged.share(verdict) for verdict in VERDICTS] == [0.5, 0.5, 0.0]
    assert judged.parse_failures == 0


@pytest.mark.parametrize(
    ("votes", "verdict", "failures"),
    [
        (("supported", "contradicted", "not_found"), "not_found", 0),
        (("supported", "contradicted"), "not_found", 0),
        (("supported", "broken", "supported"), "supported", 1),
        (("supported", "broken", "contradicted"), "not_found", 1),
        (("contradicted", "broken", "broken"), "not_found", 2),
        (("broken", "broken", "broken"), "not_found", 3),
    ],
)
def test_without_a_majority_a_claim_is_not_found(votes: tuple[str, ...], verdict: str, failures: int) -> None:
    """Ties, and votes that cannot be read, decide nothing; the latter are counted."""
    judged = asyncio.run(judge_narrative("One claim.", ARTICLE, ask=scripted(*votes).ask, votes=len(votes)))
    assert (judged.claims[0].verdict, judged.parse_failures) == (verdict, failures)


def test_no_two_votes_are_cast_on_the_same_words() -> None:
    """Each vote is asked with the verdicts in another order, over the same article and claim."""
    model = scripted("supported", "supported", "supported")
    asyncio.run(judge_narrative("One claim.", ARTICLE, ask=model.ask))
    questions = [asked.question for asked in model.requests]
    assert len(set(questions)) == 3
    assert all(question.startswith("Claim: One claim.") for question in questions)
    assert {asked.article for asked in model.requests} == {f"Article:\n{ARTICLE}"}
    assert {min((question.index(f"- {v}:"), v) for v in VERDICTS)[1] for question in questions} == set(
        VERDICTS
    )


def test_the_draft_admits_the_three_verdicts_only() -> None:
    """The server is held to the closed set."""
    schema = request("One claim.", ARTICLE).draft.model_json_schema()
    assert schema["properties"]["verdict"]["enum"] == list(VERDICTS)


def test_a_server_that_is_gone_ends_the_judging() -> None:
    """Only replies that cannot be read are lost votes: a missing server is no verdict."""

    async def gone(request: Request[Judgement]) -> Reply[Judgement]:
        raise EndpointUnavailable("no server")

    with pytest.raises(EndpointUnavailable):
        asyncio.run(judge_narrative("One claim.", ARTICLE, ask=gone))


def test_a_narrative_without_sentences_has_no_claims() -> None:
    """Nothing is asked for it, and no share is made up."""
    judged = asyncio.run(judge_narrative(" ", ARTICLE, ask=scripted().ask))
    assert judged.claims == ()
    assert judged.share("supported") == 0.0


@pytest.mark.parametrize(
    ("change", "accuracy", "alpha"),
    [
        (lambda label: label, 1.0, 1.0),
        (lambda label: "supported", 1 / 3, 1 - 47 * 32 / 1152),  # 48 values: 32 supported, 8 and 8
        (lambda label: VERDICTS[VERDICTS.index(label) - 1], 0.0, 1 - 47 * 48 / 1536),  # 16 of each
        (lambda label: "not_found" if label == "contradicted" else label, 2 / 3, 1 - 47 * 16 / 1408),
    ],
)
def test_agreement_with_the_labels_is_measured(
    change: Callable[[str], str], accuracy: float, alpha: float
) -> None:
    """A judge that knows the labels agrees with them; one that always says the same is below chance."""
    found = asyncio.run(judge_agreement(informed(change).ask))
    assert found == (pytest.approx(accuracy), pytest.approx(alpha), 0)


def test_agreement_counts_replies_that_cannot_be_read() -> None:
    """A judge that never answers in the form asked for is told by its failures."""
    found = asyncio.run(judge_agreement(scripted(*["broken"] * 72).ask))
    assert (found.accuracy, found.parse_failures) == (pytest.approx(1 / 3), 72)


def test_there_are_eight_labelled_claims_of_each_kind() -> None:
    """No claim stands twice, and no claim is a sentence of its article."""
    claims = [getattr(snippet, label) for snippet in labelled() for label in VERDICTS]
    assert len(labelled()) == 8
    assert len(set(claims)) == 24
    assert not any(getattr(snippet, label) in snippet.article for snippet in labelled() for label in VERDICTS)


@pytest.mark.parametrize(
    ("model", "base_url", "endpoint"),
    [
        ("wren-7b", "http://localhost:8080/v1", "http://localhost:8080/v1"),
        ("wren-7b", "http://localhost:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("llamacpp/wren-7b", None, "http://localhost:8080/v1"),
        ("local", None, "embedded:qwen2.5-coder-1.5b"),
    ],
)
def test_the_judge_is_never_the_candidate(model: str, base_url: str | None, endpoint: str) -> None:
    """The same model at the same address is refused, however the two are written, before anything is started."""
    with pytest.raises(CaseError, match="wrote the prose"):
        open_judge(model, base_url, {"model": "wren-7b", "endpoint": endpoint})


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("finch-70b", "http://localhost:8080/v1"),
        ("wren-7b", "http://localhost:9090/v1"),
        ("wren-7b", "embedded:wren-7b"),
    ],
)
def test_another_model_or_another_address_may_judge(name: str, endpoint: str) -> None:
    """A judge is opened where the candidate is another model, or is served elsewhere."""
    judge = open_judge("wren-7b", "http://localhost:8080/v1", {"model": name, "endpoint": endpoint})
    assert (judge.name, judge.endpoint) == ("wren-7b", "http://localhost:8080/v1")
