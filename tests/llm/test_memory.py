"""What a re-ask leaves behind: nothing."""

from __future__ import annotations

import gc
import json

from pydantic import BaseModel, Field

from summarizer import Phrase, summarize
from summarizer.records.drafts import Draft
from tests.conftest import ARTICLE
from tests.fault_server import completion, serve


class Plans(BaseModel):
    """One question, whose answer the text does not hold."""

    plans: list[Phrase] = Field(description="What are the plans?")


def test_drafts_that_were_sent_back_are_forgotten() -> None:
    """The class of a draft is made for one article, and goes with it when the model was asked again too."""
    unsupported = completion(json.dumps({"plans": [{"quote": "a base on the moon", "sentence": 1}]}))
    with serve([unsupported]) as served:
        for number in range(6):
            record = summarize(f"{ARTICLE} {number}", schema=Plans, base_url=served.base_url, model="m")
            assert (record.plans, len(served.requests)) == ([], 2 * (number + 1))
    del record
    gc.collect()
    assert len([made for made in Draft.__subclasses__() if "plans" in made.model_fields]) <= 1
