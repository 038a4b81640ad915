"""Which cases, variants and runs the options of a command mean."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals import cases as case_files
from evals.cases import CASES, Case, CaseError
from summarizer.named import import_named


def _all_cases(options: argparse.Namespace) -> list[Case]:
    folder, texts = options.cases, options.texts
    if options.articles is not None:
        folder, texts = CASES, options.articles
    return case_files.read_cases(folder, texts, schema_of(options))


def chosen_cases(options: argparse.Namespace) -> list[Case]:
    """The cases that the options choose. Raises CaseError for one that cannot be read."""
    if getattr(options, "acquisitions", None) is not None:
        from evals.acquisitions import read_stories

        stories = read_stories(options.acquisitions, every=options.every, limit=options.limit)
        return case_files.choose(stories, options.only)
    return case_files.choose(_all_cases(options), options.only, options.split)


def schema_of(options: argparse.Namespace) -> Any:
    """The record's class: that of --schema or of the stories, else DealSummary. Raises CaseError where it cannot be imported."""
    from summarizer.records.deal import DealSummary

    if getattr(options, "acquisitions", None) is not None:
        from evals.acquisitions import AcquisitionSlots

        return AcquisitionSlots
    return _named(options.schema) if options.schema else DealSummary


def _named(path: str) -> Any:
    try:
        return import_named(path)
    except ValueError as error:
        raise CaseError(f"{path!r} cannot be imported: {error}") from error


def with_variants(
    cases: Sequence[Case], kinds: Sequence[str], seed: int, *, originals: bool = True
) -> list[Case]:
    """The cases and their variants of so many kinds. Raises CaseError for a kind that there is not."""
    from evals.variants import KINDS, variants

    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise CaseError(
            f"There are no variants {', '.join(unknown)}. Choose among: {', '.join(KINDS)}, or all."
        )
    made = [one for case in cases for kind in kinds for one in variants(case, kind, seed=seed)]
    return [*(cases if originals else ()), *made]


def kinds_of(given: str) -> list[str]:
    """The kinds of variants in a list with commas, or all."""
    from evals.variants import KINDS

    return list(KINDS) if given == "all" else [kind for kind in given.split(",") if kind]


def scored_run(path: Path, options: argparse.Namespace) -> Any:
    """Read a run file and score it against the cases of the options and their variants as the run names them."""
    from evals.run import read_run
    from evals.scored import score_run

    found = read_run(path)
    cases = _all_cases(options)
    chosen = {case.name for case in case_files.choose(cases, options.only, options.split)}
    # What is no case at all is kept: scoring refuses it by its name.
    others = {case.name for case in cases} - chosen
    lines = tuple(line for line in found.lines if line.name not in others)
    answered = [case for case in cases if case.name in {line.name for line in lines}]
    known = with_variants(answered, found.about["variants"], found.about["seed"])
    scorers = {}
    for given in getattr(options, "scorer", []):
        field, is_one, named = given.partition("=")
        if not is_one:
            raise CaseError(f"--scorer {given} names no field. Give FIELD=MODULE:FUNCTION.")
        scorers[field] = _named(named)
    return score_run(replace(found, lines=lines), known, scorers)
