"""The command line: run | score | report | compare | gate | bench, and check | label | agree | schema for cases."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals import cases as case_files
from evals.cases import CASES, Case, CaseError
from summarizer.errors import SummarizerError
from summarizer.named import import_named

_FAILED = 1
_REFUSED = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all is well, 1 if an item failed or a bound is missed, else the codes of ``summarizer``."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if hasattr(options, "bounds") and not any(word.startswith("-") for word in rest):
        options.bounds += rest  # bounds behind an option, which argparse does not see
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return int(options.command(options))
    except CaseError as error:
        _say(str(error))
        return _REFUSED
    except SummarizerError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted. The same command goes on where this one stopped.")
        return _INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) has gone
        sys.stderr.close()
        return _FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals", description="Measure the summariser on labelled texts."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, call: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        sub.set_defaults(command=call)
        return sub

    run = command("run", _run, "have a system answer the cases; the one step that calls a model")
    _which(run)
    run.add_argument(
        "--variants",
        default="",
        metavar="KIND,…",
        help="also counterfactual, deletion, noise, hedge, attack; or all",
    )
    run.add_argument(
        "--originals", choices=("yes", "no"), default="yes", help="the cases as they are, too (default: yes)"
    )
    run.add_argument("--seed", type=int, default=0, help="of the variants (default: 0)")
    run.add_argument("--system", default="ours", help="ours, plain (one instructor call) or regex (no model)")
    run.add_argument("--model", help="as for summarizer (default: the embedded model)")
    run.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible API")
    run.add_argument("--plan", choices=("single", "faceted"), help="default: the model's own")
    run.add_argument(
        "--prompt-dir", type=Path, metavar="DIR", help="templates that go before the shipped ones"
    )
    run.add_argument(
        "--repeats", type=int, default=1, metavar="N", help="times that each case is asked (default: 1)"
    )
    run.add_argument("--concurrency", type=int, default=1, metavar="N", help="cases at a time (default: 1)")
    run.add_argument(
        "--replay", type=Path, metavar="RUN", help="answer with the replies recorded in RUN; no model"
    )
    run.add_argument(
        "--reuse", type=Path, metavar="RUN", help="the same, and the model is asked what RUN does not have"
    )
    run.add_argument(
        "--out", type=Path, metavar="RUN", help="the run file, which is gone on with where it is there"
    )
    run.add_argument(
        "--acquisitions",
        type=Path,
        metavar="DIR",
        help="stories in docs/ID with keys/ID.key instead of cases",
    )
    run.add_argument(
        "--every", type=int, default=10, metavar="N", help="every N-th of these stories (default: 10)"
    )
    run.add_argument("--limit", type=int, metavar="N", help="at most N of these stories")

    score = command("score", _score, "score run files and print the tables; offline")
    score.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    _which(score)
    score.add_argument(
        "--scorer", action="append", default=[], metavar="FIELD=MODULE:FUNCTION", help="your own scorer"
    )

    report = command("report", _report, "write reports of run files; offline")
    report.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    _which(report)
    for form in ("html", "json", "markdown", "csv", "junit"):
        report.add_argument(f"--{form}", type=Path, metavar="FILE")

    compare = command("compare", _compare, "say which differences of two runs are real")
    compare.add_argument("runs", nargs=2, type=Path, metavar="RUN")
    _which(compare)
    compare.add_argument("--json", action="store_true", help="print JSON")

    gate = command("gate", _gate, "fail (exit code 1) where a run misses a bound")
    gate.add_argument("runs", nargs=1, type=Path, metavar="RUN")
    gate.add_argument(
        "bounds",
        nargs="*",
        metavar="BOUND",
        help="such as 'f>=0.8', 'unsupported<=0', 'precision[amount]>=0.9'",
    )
    gate.add_argument("--baseline", type=Path, metavar="RUN", help="and no worse than this run")
    gate.add_argument(
        "--allow",
        type=int,
        metavar="N",
        help="with --baseline: fail where more than N cases lose a leaf that was right; for recorded replies, 0",
    )
    _which(gate)

    judge = command("judge", _judge, "have another model judge the narratives of a run")
    judge.add_argument("runs", nargs=1, type=Path, metavar="RUN")
    judge.add_argument("--judge", required=True, metavar="NAME", help="the judge, as --model names a model")
    judge.add_argument("--judge-url", metavar="URL", help="address of an OpenAI-compatible API")
    judge.add_argument("--votes", type=int, default=3, metavar="N", help="votes for each claim (default: 3)")
    _which(judge)

    calibrate = command("calibrate", _calibrate, "fit the weights of certainty to runs; offline")
    calibrate.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    _which(calibrate)
    calibrate.set_defaults(split="development")

    bench = command("bench", _bench, "measure times and memory")
    _which(bench)
    bench.add_argument(
        "--no-model", action="store_true", help="leave out the comparison on the embedded model"
    )
    bench.add_argument(
        "--model", default="local", help="the embedded model to compare on: local or local:NAME"
    )
    bench.add_argument(
        "--repeat", type=int, default=15, metavar="N", help="runs of each short measurement (default: 15)"
    )
    bench.add_argument(
        "--endpoint",
        action="store_true",
        help="measure on a loopback server instead: our time for a request beside openai's and instructor's, "
        "and memory after many articles",
    )
    bench.add_argument(
        "--in-a-row",
        type=int,
        default=1000,
        metavar="N",
        help="articles after which memory is looked at, with --endpoint (default: 1000)",
    )
    bench.add_argument(
        "--batch", action="store_true", help="measure the batch instead: throughput, memory, journal"
    )
    bench.add_argument("--json", action="store_true", help="print JSON")

    check = command("check", _check, "prove each case against its text")
    _which(check)
    label = command("label", _label, "turn hand-written labels with quotations into case files")
    label.add_argument("labels", nargs="+", type=Path, metavar="FILE")
    label.add_argument("--texts", type=Path, required=True, metavar="DIR", help="folder of the texts")
    label.add_argument("--into", type=Path, required=True, metavar="DIR", help="folder for the case files")
    agree = command("agree", _agree, "say how far two people's cases agree")
    agree.add_argument("folders", nargs=2, type=Path, metavar="DIR")
    agree.add_argument("--texts", type=Path, required=True, metavar="DIR", help="folder of the texts")
    schema = command("schema", _schema, "print the JSON Schema of a case file")
    schema.add_argument("--schema", metavar="MODULE:CLASS", help="of your own record (default: DealSummary)")
    return parser


def _which(parser: argparse.ArgumentParser) -> None:
    """The options that say which cases are meant."""
    parser.add_argument(
        "--cases", type=Path, metavar="DIR", help="folder of case files (default: the shipped ones)"
    )
    parser.add_argument("--texts", type=Path, metavar="DIR", help="folder of their texts (default: the same)")
    parser.add_argument(
        "--articles", type=Path, metavar="DIR", help="the three known articles, whose texts are in DIR"
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name has TEXT in it")
    parser.add_argument(
        "--split", choices=("development", "locked"), default="", help="one half of the cases"
    )
    parser.add_argument("--schema", metavar="MODULE:CLASS", help="of your own record (default: DealSummary)")


def _all_cases(options: argparse.Namespace) -> list[Case]:
    folder, texts = options.cases, options.texts
    if options.articles is not None:
        folder, texts = CASES, options.articles
    return case_files.read_cases(folder, texts, _schema_of(options))


def _cases(options: argparse.Namespace) -> list[Case]:
    return case_files.choose(_all_cases(options), options.only, options.split)


def _schema_of(options: argparse.Namespace) -> Any:
    from summarizer.schema.deal import DealSummary

    return _named(options.schema) if options.schema else DealSummary


def _named(path: str) -> Any:
    try:
        return import_named(path)
    except ValueError as error:
        raise CaseError(f"{path!r} cannot be imported: {error}") from error


def _with_variants(
    cases: Sequence[Case], kinds: Sequence[str], seed: int, *, originals: bool = True
) -> list[Case]:
    from evals.variants import KINDS, variants

    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise CaseError(
            f"There are no variants {', '.join(unknown)}. Choose among: {', '.join(KINDS)}, or all."
        )
    made = [one for case in cases for kind in kinds for one in variants(case, kind, seed=seed)]
    return [*(cases if originals else ()), *made]


def _kinds(given: str) -> list[str]:
    from evals.variants import KINDS

    return list(KINDS) if given == "all" else [kind for kind in given.split(",") if kind]


def _run(options: argparse.Namespace) -> int:
    from evals.run import run
    from evals.systems import open_system

    if options.acquisitions is not None:
        return _run_stories(options)
    if options.out is None:
        raise CaseError("Name the run file with --out RUN.jsonl.")
    kinds = _kinds(options.variants)
    cases = _with_variants(_cases(options), kinds, options.seed, originals=options.originals == "yes")
    system = open_system(
        options.system,
        model=options.model,
        base_url=options.base_url,
        plan=options.plan,
        prompt_dir=options.prompt_dir,
        schema=_schema_of(options),
        recorded=_recorded(options.replay or options.reuse),
        fill_in=options.reuse is not None,
    )
    about = {"variants": kinds, "seed": options.seed}
    if options.replay or options.reuse:
        about["recorded"] = True  # the seconds are not those of a model
    with _progress() as tell:
        done = run(
            system,
            cases,
            options.out,
            about=about,
            repeats=options.repeats,
            concurrency=options.concurrency,
            tell=tell,
        )
    print(_text([_scored(options.out, options)]))
    return _FAILED if any(line.error for line in done.lines) else 0


def _recorded(path: Path | None) -> Any:
    from evals.run import read_run

    return None if path is None else read_run(path)


def _run_stories(options: argparse.Namespace) -> int:
    from evals import acquisitions
    from summarizer import summarize

    asked = {"model": options.model, "base_url": options.base_url, "plan": options.plan}
    stories = acquisitions.read_stories(options.acquisitions, every=options.every, limit=options.limit)
    runs = acquisitions.run_stories(
        stories, summarize, tell=_say, **{name: value for name, value in asked.items() if value is not None}
    )
    print(acquisitions.report(runs))
    if options.out is not None:
        options.out.write_text("".join(acquisitions.as_line(one) + "\n" for one in runs), encoding="utf-8")
    return _FAILED if any(one.error for one in runs) else 0


def _scored(path: Path, options: argparse.Namespace) -> Any:
    """Read a run file and score it against the cases of the options and their variants as the run names them."""
    from evals.run import read_run
    from evals.scored import score_run

    found = read_run(path)
    cases = _all_cases(options)
    chosen = {case.name for case in case_files.choose(cases, options.only, options.split)}
    others = {
        case.name for case in cases
    } - chosen  # what is no case at all is kept: scoring refuses it by its name
    lines = tuple(line for line in found.lines if line.name not in others)
    answered = [case for case in cases if case.name in {line.name for line in lines}]
    known = _with_variants(answered, found.about["variants"], found.about["seed"])
    own = dict(named.split("=", 1) for named in getattr(options, "scorer", []))
    scorers = {field: _named(path) for field, path in own.items()}
    return score_run(replace(found, lines=lines), known, scorers)


def _text(runs: Sequence[Any]) -> str:
    from evals import report

    return report.text(runs)


def _score(options: argparse.Namespace) -> int:
    print(_text([_scored(path, options) for path in options.runs]))
    return 0


def _report(options: argparse.Namespace) -> int:
    from evals import report

    runs = [_scored(path, options) for path in options.runs]
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
            _say(f"{path} is written.")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from evals import compare

    found = compare.compare(*(_scored(path, options) for path in options.runs))
    print(
        json.dumps(compare.as_json(found), indent=1, ensure_ascii=False)
        if options.json
        else compare.text(found)
    )
    return 0


def _gate(options: argparse.Namespace) -> int:
    from evals.gate import gate

    if not options.bounds and options.baseline is None:
        raise CaseError("Give a bound, such as 'f>=0.8', or --baseline RUN.")
    baseline = None if options.baseline is None else _scored(options.baseline, options)
    failures = gate(_scored(options.runs[0], options), options.bounds, baseline, allow=options.allow)
    for failure in failures:
        print(failure)
    if not failures:
        print("passed")
    return _FAILED if failures else 0


def _judge(options: argparse.Namespace) -> int:
    import asyncio

    from evals.judge import VERDICTS, judge_agreement, judge_narrative, open_judge
    from evals.tables import table

    scored = _scored(options.runs[0], options)
    judge = open_judge(options.judge, options.judge_url, scored.run.about)
    told = [one for one in scored.scores if getattr(one.record, "narrative", None)]
    rows: list[tuple[Any, ...]] = []
    for one in told:
        _say(f"{len(rows) + 1}/{len(told)} {one.case.id}")
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

    facts = [fact for path in options.runs for fact in selective.rated(_scored(path, options).scores)]
    print(calibration.report(facts, calibration.fit(facts)))
    return 0


def _bench(options: argparse.Namespace) -> int:
    from evals import bench, bench_batch

    if options.batch:
        found = bench_batch.bench()
        print(json.dumps(found, indent=1) if options.json else bench_batch.report(found))
        return 0
    texts = {case.name: case.text for case in _cases(options)}
    if options.endpoint:
        from evals import bench_endpoint

        beside = bench_endpoint.bench(texts, repeat=options.repeat, count=options.in_a_row, tell=_say)
        print(json.dumps(beside, indent=1) if options.json else bench_endpoint.report(beside))
        return 0
    measured = bench.bench(
        texts, model=None if options.no_model else options.model, repeat=options.repeat, tell=_say
    )
    print(json.dumps(measured, indent=1) if options.json else bench.report(measured))
    return 0


def _check(options: argparse.Namespace) -> int:
    cases = _cases(options)
    well = case_files.check(cases, print)
    print(f"{len(cases)} cases, {'all proved' if well else 'not all proved'} against their texts")
    return 0 if well else _FAILED


def _label(options: argparse.Namespace) -> int:
    from evals.labelling import case_of

    options.into.mkdir(parents=True, exist_ok=True)
    for labels in options.labels:
        path = options.into / labels.name
        path.write_text(case_of(labels, options.texts), encoding="utf-8")
    return 0 if case_files.check(case_files.read_cases(options.into, options.texts), print) else _FAILED


def _agree(options: argparse.Namespace) -> int:
    from evals import agreement

    print(
        agreement.text(
            agreement.agreement(*(case_files.read_cases(one, options.texts) for one in options.folders))
        )
    )
    return 0


def _schema(options: argparse.Namespace) -> int:
    print(case_files.case_schema(_schema_of(options)))
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[Any, str], None]]:
    """A bar with an estimate where standard error is a terminal, else a line for each case."""
    if not sys.stderr.isatty():
        yield lambda progress, name: _say(f"{progress.done + 1}/{progress.total} {name}") if name else None
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


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
