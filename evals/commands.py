"""The commands of the evals: each prints, and returns an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals import cases as case_files
from evals.cases import CASES, Case, CaseError
from evals.runfile import RunFile, read_run
from summarizer.errors import SOME_FAILED
from summarizer.named import import_named
from summarizer.records.deal import DealSummary


def _run(options: argparse.Namespace) -> int:
    from evals.run import run
    from evals.systems import open_system

    if options.quick:
        return _quick(options)
    if options.batch is not None:
        return _run_batch(options)
    if options.out is None:
        raise CaseError("Name the run file with --out RUN.jsonl.")
    source = options.replay or options.reuse
    recorded = read_run(source) if source else None
    name = options.system or (recorded.about["system"] if recorded else "ours")
    system = open_system(name, **_model(options), recorded=recorded, fill_in=options.reuse is not None)
    cases = _cases_to_run(options)
    if options.replay and recorded:
        known = {line.case for line in recorded.lines}
        kept = [case for case in cases if case.name in known]
        if len(kept) < len(cases):
            say(f"{len(cases) - len(kept)} cases are left out: {source} has no replies for them.")
        cases = kept
    about = _about(options, recorded)
    pace = {"repeats": options.repeats, "concurrency": options.concurrency}
    done = run(system, cases, options.out, about=about, tell=_tell, **pace)
    print(_tables([options.out], options))
    return SOME_FAILED if any(line.error for line in done.lines) else 0


def _model(options: argparse.Namespace) -> dict[str, Any]:
    """The options of a system."""
    chosen = {name: getattr(options, name) for name in ("model", "base_url", "plan", "trust", "prompt_dir")}
    return {**chosen, "schema": _schema_of(options)}


def _run_batch(options: argparse.Namespace) -> int:
    """One pass over the cases with the replies that a folder of batch files holds."""
    from evals.batch import RUN, batch_system, open_folder
    from evals.run import run

    if options.replay or options.reuse or options.repeats != 1:
        raise CaseError(
            "--batch does not go with --replay, --reuse or --repeats: there is one reply to a request."
        )
    folder = open_folder(options.batch)
    system = batch_system(options.system or "ours", folder, **_model(options))
    cases = _cases_to_run(options)
    out = options.out or options.batch / RUN
    done = run(system, cases, out, about={**_about(options), "recorded": True})
    folder.write()
    for step in folder.next_steps():
        print(step)
    left = {case.id for case in cases} - {line.case for line in done.lines}
    if left:
        print(f"{len(cases) - len(left)} of {len(cases)} cases are complete in {out}.")
        return 0
    print(_tables([out], options))
    return SOME_FAILED if any(line.error for line in done.lines) else 0


def _quick(options: argparse.Namespace) -> int:
    from evals import quick

    print(quick.report(quick.quick(options.model, options.base_url, tell=_tell), options.model or "local"))
    return 0


def _about(options: argparse.Namespace, recorded: RunFile | None = None) -> dict[str, Any]:
    """What a run file says beside the system."""
    about: dict[str, Any] = {"variants": _kinds(options.variants), "seed": options.seed}
    note = options.note or (recorded.about.get("note") if recorded else None)
    # The seconds of a recorded run are not those of a model.
    return about | ({"note": note} if note else {}) | ({"recorded": True} if recorded else {})


def _all_cases(options: argparse.Namespace) -> list[Case]:
    known = options.articles is not None
    folder, texts = (CASES, options.articles) if known else (options.cases, options.texts)
    return case_files.read_cases(folder, texts, _schema_of(options))


def _chosen_cases(options: argparse.Namespace) -> list[Case]:
    if getattr(options, "acquisitions", None) is not None:
        from evals.acquisitions import read_stories

        stories = read_stories(options.acquisitions, every=options.every, limit=options.limit)
        return case_files.choose(stories, options.only)
    return case_files.choose(_all_cases(options), options.only, options.split)


def _cases_to_run(options: argparse.Namespace) -> list[Case]:
    cases = _chosen_cases(options)
    made = _variants(cases, _kinds(options.variants), options.seed)
    return [*(cases if options.originals == "yes" else ()), *made]


def _kinds(given: str) -> list[str]:
    from evals.variants import KINDS

    return list(KINDS) if given == "all" else [kind for kind in given.split(",") if kind]


def _variants(cases: Sequence[Case], kinds: Sequence[str], seed: int) -> list[Case]:
    from evals.variants import KINDS, variants

    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise CaseError(
            f"There are no variants {', '.join(unknown)}. Choose among: {', '.join(KINDS)}, or all."
        )
    return [one for case in cases for kind in kinds for one in variants(case, kind, seed=seed)]


def _schema_of(options: argparse.Namespace) -> Any:
    """The class of the record. Raises CaseError where it cannot be imported."""
    if getattr(options, "acquisitions", None) is not None:
        from evals.acquisitions import AcquisitionSlots

        return AcquisitionSlots
    return _named(options.schema) if options.schema else DealSummary


def _named(path: str) -> Any:
    try:
        return import_named(path)
    except ValueError as error:
        raise CaseError(f"{path!r} cannot be imported: {error}") from error


def scored_run(path: Path, options: argparse.Namespace) -> Any:
    """Read a run file and score it against the chosen cases and the variants that it names."""
    from evals.scored import score_run

    found = read_run(path)
    cases = _all_cases(options)
    chosen = {case.name for case in case_files.choose(cases, options.only, options.split)}
    # A line without any case is kept: scoring refuses it by its name.
    others = {case.name for case in cases} - chosen
    lines = tuple(line for line in found.lines if line.name not in others)
    answered = [case for case in cases if case.name in {line.name for line in lines}]
    variants = _variants(answered, found.about["variants"], found.about["seed"])
    scorers = {}
    for given in getattr(options, "scorer", []):
        field, is_one, named = given.partition("=")
        if not is_one:
            raise CaseError(f"--scorer {given} names no field. Give FIELD=MODULE:FUNCTION.")
        scorers[field] = _named(named)
    return score_run(replace(found, lines=lines), [*answered, *variants], scorers)


def _score(options: argparse.Namespace) -> int:
    print(_tables(options.runs, options))
    return 0


def _tables(runs: Sequence[Path], options: argparse.Namespace) -> str:
    """The scores of run files: stories by their public rule, cases by ours."""
    from evals import acquisitions, report

    if options.acquisitions is not None:
        stories = acquisitions.read_stories(options.acquisitions)
        return "\n\n".join(acquisitions.report(read_run(path), stories) for path in runs)
    return report.text(report.build([scored_run(path, options) for path in runs]))


def _report(options: argparse.Namespace) -> int:
    from evals import report

    built = report.build([scored_run(path, options) for path in options.runs])
    print(report.text(built))
    for name in ("html", "json", "markdown", "csv", "junit"):
        path: Path | None = getattr(options, name)
        if path is not None:
            path.write_text(getattr(report, name)(built), encoding="utf-8", newline="")
            say(f"{path} is written.")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from evals import compare

    found = compare.compare(*(scored_run(path, options) for path in options.runs))
    as_json = json.dumps(compare.as_json(found), indent=1, ensure_ascii=False) if options.json else ""
    print(as_json or compare.text(found))
    return 0


def _gate(options: argparse.Namespace) -> int:
    from evals.gate import gate

    if not options.bounds and options.baseline is None:
        raise CaseError("Give a bound, such as 'f>=0.8', or --baseline RUN.")
    baseline = None if options.baseline is None else scored_run(options.baseline, options)
    failures = gate(scored_run(options.runs[0], options), options.bounds, baseline, allow=options.allow)
    print("\n".join(failures) or "passed")
    return SOME_FAILED if failures else 0


def _rules(options: argparse.Namespace) -> int:
    from evals import rules

    print(rules.report(rules.measure(_chosen_cases(options))))
    return 0


def _bench(options: argparse.Namespace) -> int:
    from evals import bench

    measured = bench.measure(options, {case.name: case.text for case in _chosen_cases(options)}, say)
    print(json.dumps(measured, indent=1) if options.json else bench.report(measured))
    return 0


def _check(options: argparse.Namespace) -> int:
    cases = _chosen_cases(options)
    well = case_files.check(cases, print)
    print(f"{len(cases)} cases, {'all proved' if well else 'not all proved'} against their texts")
    return 0 if well else SOME_FAILED


def _label(options: argparse.Namespace) -> int:
    from evals.labelling import case_of

    options.into.mkdir(parents=True, exist_ok=True)
    for labels in options.labels:
        path = options.into / labels.name
        path.write_text(case_of(labels, options.texts), encoding="utf-8")
    return 0 if case_files.check(case_files.read_cases(options.into, options.texts), print) else SOME_FAILED


def _agree(options: argparse.Namespace) -> int:
    from evals.agreement import agreement, text

    sides = [case_files.read_cases(folder, options.texts) for folder in options.folders]
    print(text(agreement(*sides)))
    return 0


def _schema(options: argparse.Namespace) -> int:
    print(case_files.case_schema(_schema_of(options)))
    return 0


def _tell(progress: Any, name: str) -> None:
    """A line for each case, with the time that the rest may take."""
    left = f" (about {progress.left / 60:.0f} min left)" if progress.left and progress.left > 60 else ""
    if name:
        say(f"{progress.done + 1}/{progress.total} {name}{left}")


def say(line: str) -> None:
    """Write one line to standard error."""
    print(line, file=sys.stderr, flush=True)


def _dossiers(options: argparse.Namespace) -> int:
    from evals.dossiers import run

    return run(options)


def _attacks(options: argparse.Namespace) -> int:
    from evals import attacks

    print(attacks.report(attacks.measure(scored_run(options.run, options))))
    return 0


def _texts(options: argparse.Namespace) -> int:
    from evals.texts.reading import run

    return run(options)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "rules": _rules,
    "score": _score,
    "report": _report,
    "compare": _compare,
    "gate": _gate,
    "bench": _bench,
    "check": _check,
    "label": _label,
    "agree": _agree,
    "schema": _schema,
    "dossiers": _dossiers,
    "texts": _texts,
    "attacks": _attacks,
}
