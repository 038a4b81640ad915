"""What may be said on the command line of the evals."""

from __future__ import annotations

import argparse
from pathlib import Path

from summarizer.settings import PLANS, TRUSTS


def parser() -> argparse.ArgumentParser:
    """All commands and their options; what is parsed has the name of its command as ``command``."""
    whole = argparse.ArgumentParser(
        prog="python -m evals", description="Measure the summariser on labelled texts."
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        sub.set_defaults(command=name)
        return sub

    run = command("run", "have a system answer the cases; the one step that calls a model")
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
    run.add_argument(
        "--system",
        help="ours, plain (one instructor call) or regex (no model); default: ours, or that of the run replayed",
    )
    run.add_argument("--model", help="as for summarizer (default: the embedded model)")
    run.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible API")
    run.add_argument("--plan", choices=PLANS, help="default: the model's own")
    run.add_argument("--trust", choices=TRUSTS, help="whose answer counts; default: the model's own")
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
        "--batch",
        type=Path,
        metavar="DIR",
        help="ask through batch files in DIR: write the requests, take the replies, go on; --model may be any words",
    )
    run.add_argument("--note", metavar="TEXT", help="what else the run file says of the run")
    run.add_argument(
        "--quick",
        action="store_true",
        help="eight short cases with each plan and trust side by side, to see what suits a model; no run file",
    )
    _stories(run)
    run.add_argument(
        "--every", type=int, default=1, metavar="N", help="every N-th of these stories (default: 1)"
    )
    run.add_argument("--limit", type=int, metavar="N", help="at most N of these stories")

    score = command("score", "score run files and print the tables; offline")
    score.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    _which(score)
    score.add_argument(
        "--scorer", action="append", default=[], metavar="FIELD=MODULE:FUNCTION", help="your own scorer"
    )
    _stories(score)

    report = command("report", "write reports of run files; offline")
    report.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    _which(report)
    for form in ("html", "json", "markdown", "csv", "junit"):
        report.add_argument(f"--{form}", type=Path, metavar="FILE")

    compare = command("compare", "say which differences of two runs are real")
    compare.add_argument("runs", nargs=2, type=Path, metavar="RUN")
    _which(compare)
    compare.add_argument("--json", action="store_true", help="print JSON")

    gate = command("gate", "fail (exit code 1) where a run misses a bound")
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

    judge = command("judge", "have another model judge the narratives of a run")
    judge.add_argument("runs", nargs=1, type=Path, metavar="RUN")
    judge.add_argument("--judge", required=True, metavar="NAME", help="the judge, as --model names a model")
    judge.add_argument("--judge-url", metavar="URL", help="address of an OpenAI-compatible API")
    judge.add_argument("--votes", type=int, default=3, metavar="N", help="votes for each claim (default: 3)")
    _which(judge)

    calibrate = command("calibrate", "fit the weights of certainty to runs; offline")
    calibrate.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    _which(calibrate)
    calibrate.set_defaults(split="development")

    bench = command("bench", "measure times and memory")
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

    check = command("check", "prove each case against its text")
    _which(check)
    label = command("label", "turn hand-written labels with quotations into case files")
    label.add_argument("labels", nargs="+", type=Path, metavar="FILE")
    label.add_argument("--texts", type=Path, required=True, metavar="DIR", help="folder of the texts")
    label.add_argument("--into", type=Path, required=True, metavar="DIR", help="folder for the case files")
    agree = command("agree", "say how far two people's cases agree")
    agree.add_argument("folders", nargs=2, type=Path, metavar="DIR")
    agree.add_argument("--texts", type=Path, required=True, metavar="DIR", help="folder of the texts")
    dossiers = command("dossiers", "score the reconciled records of the gold dossiers; no model")
    dossiers.add_argument(
        "--bench", action="store_true", help="time grouping and reconciling of 1,000 and 10,000 records"
    )
    schema = command("schema", "print the JSON Schema of a case file")
    schema.add_argument("--schema", metavar="MODULE:CLASS", help="of your own record (default: DealSummary)")
    return whole


def _stories(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--acquisitions",
        type=Path,
        metavar="DIR",
        help="stories in docs/ID with keys/ID.key instead of cases, scored by their public rule",
    )


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
