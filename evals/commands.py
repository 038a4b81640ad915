"""The commands of the evals: each does what its options say, prints, and returns an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evals import cases as case_files
from evals.cases import Case, CaseError
from evals.selection import chosen_cases, kinds_of, schema_of, scored_run, with_variants
from summarizer.errors import SOME_FAILED


def _run(options: argparse.Namespace) -> int:
    from evals.run import run
    from evals.systems import open_system

    if options.quick:
        return _quick(options)
    if options.batch is not None:
        return _run_batch(options)
    if options.out is None:
        raise CaseError("Name the run file with --out RUN.jsonl.")
    recorded = _recorded(options.replay or options.reuse)
    system = open_system(
        options.system or (recorded.about["system"] if recorded is not None else "ours"),
        model=options.model,
        base_url=options.base_url,
        plan=options.plan,
        trust=options.trust,
        prompt_dir=options.prompt_dir,
        schema=schema_of(options),
        recorded=recorded,
        fill_in=options.reuse is not None,
    )
    cases = _cases_to_run(options)
    if options.replay:
        cases = _recorded_only(cases, recorded)
    with _progress() as tell:
        done = run(
            system,
            cases,
            options.out,
            about=_about(options, recorded),
            repeats=options.repeats,
            concurrency=options.concurrency,
            tell=tell,
        )
    print(_tables([options.out], options))
    return SOME_FAILED if any(line.error for line in done.lines) else 0


def _run_batch(options: argparse.Namespace) -> int:
    """One pass over the cases with the replies that a folder of batch files holds."""
    from evals.batch import RUN, batch_system, open_folder
    from evals.run import run

    if options.replay or options.reuse or options.repeats != 1:
        raise CaseError(
            "--batch does not go with --replay, --reuse or --repeats: a folder holds one reply to each request."
        )
    folder = open_folder(options.batch)
    system = batch_system(
        options.system or "ours",
        folder,
        model=options.model,
        base_url=options.base_url,
        plan=options.plan,
        trust=options.trust,
        prompt_dir=options.prompt_dir,
        schema=schema_of(options),
    )
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

    with _progress() as tell:
        print(quick.report(quick.quick(options.model, options.base_url, tell=tell), options.model or "local"))
    return 0


def _cases_to_run(options: argparse.Namespace) -> list[Case]:
    originals = options.originals == "yes"
    return with_variants(chosen_cases(options), kinds_of(options.variants), options.seed, originals=originals)


def _recorded_only(cases: list[Case], recorded: Any) -> list[Case]:
    """The cases that a run has replies for; how many it has none for is said."""
    known = {line.case for line in recorded.lines}
    kept = [case for case in cases if case.name in known]
    if len(kept) < len(cases):
        print(
            f"{len(cases) - len(kept)} cases are left out: the run has no replies for them.", file=sys.stderr
        )
    return kept


def _about(options: argparse.Namespace, recorded: Any = None) -> dict[str, Any]:
    """What a run file says beside the system: variants, the note, and whether its replies were recorded."""
    about: dict[str, Any] = {"variants": kinds_of(options.variants), "seed": options.seed}
    note = options.note or (recorded.about.get("note") if recorded is not None else None)
    if note:
        about["note"] = note
    if recorded is not None:
        about["recorded"] = True  # the seconds are not those of a model
    return about


def _recorded(path: Path | None) -> Any:
    from evals.run import read_run

    return None if path is None else read_run(path)


def _score(options: argparse.Namespace) -> int:
    print(_tables(options.runs, options))
    return 0


def _tables(runs: Sequence[Path], options: argparse.Namespace) -> str:
    """The scores of run files: stories by their public rule, cases by ours."""
    from evals import acquisitions, report
    from evals.run import read_run

    if options.acquisitions is not None:
        stories = acquisitions.read_stories(options.acquisitions)
        return "\n\n".join(acquisitions.report(read_run(path), stories) for path in runs)
    return report.text([scored_run(path, options) for path in runs])


def _report(options: argparse.Namespace) -> int:
    from evals import report

    runs = [scored_run(path, options) for path in options.runs]
    print(report.text(runs))
    forms: dict[str, Callable[[Any], str]] = {
        "html": report.html,
        "json": lambda found: json.dumps(report.summary(found), indent=1, ensure_ascii=False) + "\n",
        "markdown": report.markdown,
        "csv": report.csv,
        "junit": report.junit,
    }
    for name, form in forms.items():
        path: Path | None = getattr(options, name)
        if path is not None:
            path.write_text(form(runs), encoding="utf-8", newline="")
            say(f"{path} is written.")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from evals import compare, compare_text

    found = compare.compare(*(scored_run(path, options) for path in options.runs))
    print(
        json.dumps(compare_text.as_json(found), indent=1, ensure_ascii=False)
        if options.json
        else compare_text.text(found)
    )
    return 0


def _gate(options: argparse.Namespace) -> int:
    from evals.gate import gate

    if not options.bounds and options.baseline is None:
        raise CaseError("Give a bound, such as 'f>=0.8', or --baseline RUN.")
    baseline = None if options.baseline is None else scored_run(options.baseline, options)
    failures = gate(scored_run(options.runs[0], options), options.bounds, baseline, allow=options.allow)
    for failure in failures:
        print(failure)
    if not failures:
        print("passed")
    return SOME_FAILED if failures else 0


def _judge(options: argparse.Namespace) -> int:
    import asyncio

    from evals.judge import VERDICTS, judge_agreement, judge_narrative, open_judge
    from evals.tables import table

    scored = scored_run(options.runs[0], options)
    judge = open_judge(options.judge, options.judge_url, scored.run.about)
    told = [one for one in scored.scores if getattr(one.record, "narrative", None)]
    rows: list[tuple[Any, ...]] = []
    for one in told:
        say(f"{len(rows) + 1}/{len(told)} {one.case.id}")
        found = asyncio.run(
            judge_narrative(one.record.narrative, one.case.text, ask=judge.ask, votes=options.votes)
        )
        counted = [sum(claim.verdict == verdict for claim in found.claims) for verdict in VERDICTS]
        rows.append((one.case.id, *counted, found.parse_failures))
    rows.append(("all", *(sum(row[column] for row in rows) for column in range(1, 5))))
    print(table(("claims of the narratives", *VERDICTS, "unread votes"), rows))
    trust = asyncio.run(judge_agreement(judge.ask, options.votes))
    print(
        f"\nOn 24 labelled claims the judge is right in {trust.accuracy:.0%} (Krippendorff's alpha {trust.alpha:.2f}, "
        f"{trust.parse_failures} votes unread): trust it as far as that goes."
    )
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    from evals import calibration, selective

    facts = [fact for path in options.runs for fact in selective.rated(scored_run(path, options).scores)]
    print(calibration.report(facts, calibration.fit(facts)))
    return 0


def _bench(options: argparse.Namespace) -> int:
    measured: Any
    if options.batch:
        from evals import bench_batch

        measured, report = bench_batch.bench(), bench_batch.report
    elif options.endpoint:
        from evals import bench_endpoint

        measured = bench_endpoint.bench(
            _texts(options), repeat=options.repeat, count=options.in_a_row, tell=say
        )
        report = bench_endpoint.report
    else:
        from evals import bench

        model = None if options.no_model else options.model
        measured = bench.bench(_texts(options), model=model, repeat=options.repeat, tell=say)
        report = bench.report
    print(json.dumps(measured, indent=1) if options.json else report(measured))
    return 0


def _texts(options: argparse.Namespace) -> dict[str, str]:
    return {case.name: case.text for case in chosen_cases(options)}


def _check(options: argparse.Namespace) -> int:
    cases = chosen_cases(options)
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
    from evals import agreement

    print(
        agreement.text(
            agreement.agreement(*(case_files.read_cases(one, options.texts) for one in options.folders))
        )
    )
    return 0


def _schema(options: argparse.Namespace) -> int:
    print(case_files.case_schema(schema_of(options)))
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[Any, str], None]]:
    """A bar with an estimate where standard error is a terminal, else a line for each case."""
    if not sys.stderr.isatty():
        yield lambda progress, name: say(f"{progress.done + 1}/{progress.total} {name}") if name else None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, left="")

        def tell(progress: Any, name: str) -> None:
            left = "" if progress.left is None else f"about {progress.left / 60:.0f} min left"
            failed = f", {progress.failed} failed" if progress.failed else ""
            bar.update(task, total=progress.total, completed=progress.done, left=left + failed)
            if name:
                bar.update(task, description=name)

        yield tell


def say(line: str) -> None:
    """Write one line to standard error."""
    print(line, file=sys.stderr, flush=True)


def _dossiers(options: argparse.Namespace) -> int:
    from evals.dossiers import run

    return run(options)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "score": _score,
    "report": _report,
    "compare": _compare,
    "gate": _gate,
    "judge": _judge,
    "calibrate": _calibrate,
    "bench": _bench,
    "check": _check,
    "label": _label,
    "agree": _agree,
    "schema": _schema,
    "dossiers": _dossiers,
}
