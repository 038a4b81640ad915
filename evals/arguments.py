"""The options of the command line of the evals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from summarizer.settings import PLANS, TRUSTS

RUN: dict[str, Any] = {"type": Path, "metavar": "RUN"}
DIR: dict[str, Any] = {"type": Path, "metavar": "DIR"}


def parser() -> argparse.ArgumentParser:
    """All commands and their options; the parsed options have the name of the command as ``command``."""
    whole = argparse.ArgumentParser(
        prog="python -m evals", description="Measure the summarizer on labelled texts."
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND", dest="command")

    def command(name: str, words: str, *, cases: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        if cases:
            _cases(sub)
        return sub

    _run(command("run", "have a system answer the cases; the only command that calls a model"))

    score = command("score", "score run files and print the tables; offline")
    score.add_argument("runs", nargs="+", **RUN)
    score.add_argument(
        "--scorer", action="append", default=[], metavar="FIELD=MODULE:FUNCTION", help="your own scorer"
    )
    _stories(score)

    report = command("report", "write reports of run files; offline")
    report.add_argument("runs", nargs="+", **RUN)
    for form in ("html", "json", "markdown", "csv", "junit"):
        report.add_argument(f"--{form}", type=Path, metavar="FILE")

    compare = command("compare", "tell which differences between two runs are proved")
    compare.add_argument("runs", nargs=2, **RUN)
    compare.add_argument("--json", action="store_true", help="print JSON")

    gate = command("gate", "fail (exit code 1) where a run misses a bound or is worse than a baseline")
    gate.add_argument("runs", nargs=1, **RUN)
    gate.add_argument(
        "bounds", nargs="*", metavar="BOUND", help="such as 'f>=0.8' or 'precision[amount]>=0.9'"
    )
    gate.add_argument("--baseline", **RUN, help="and no worse than this run")
    gate.add_argument(
        "--allow", type=int, metavar="N", help="with --baseline: at most N cases lose a right value"
    )

    attacks = command("attacks", "tell what the attacks of a run changed, by kind")
    attacks.add_argument("run", **RUN)
    command("rules", "measure each word rule: hits, precision, and F without it; no model")

    bench = command("bench", "measure time and memory")
    which = bench.add_mutually_exclusive_group()
    which.add_argument(
        "--endpoint", action="store_true", help="a request beside openai and instructor; memory"
    )
    which.add_argument("--batch", action="store_true", help="batch throughput, memory and journal")
    which.add_argument("--verify", action="store_true", help="verification of records")
    which.add_argument("--files", type=int, metavar="N", help="batch files of N articles")
    bench.add_argument(
        "--repeat", type=int, default=15, metavar="N", help="runs of short measurements (default: 15)"
    )
    bench.add_argument("--json", action="store_true", help="print JSON")

    command("check", "prove each case against its text")
    label = command("label", "turn hand-written labels with quotations into case files", cases=False)
    label.add_argument("labels", nargs="+", type=Path, metavar="FILE")
    label.add_argument("--texts", required=True, **DIR, help="folder of the texts")
    label.add_argument("--into", required=True, **DIR, help="folder for the case files")
    agree = command("agree", "measure the agreement of two people's cases", cases=False)
    agree.add_argument("folders", nargs=2, **DIR)
    agree.add_argument("--texts", required=True, **DIR, help="folder of the texts")
    dossiers = command("dossiers", "score the reconciled records of the gold dossiers; no model", cases=False)
    dossiers.add_argument(
        "--bench", action="store_true", help="time grouping and reconciling of 1,000 and 10,000 records"
    )
    texts = command("texts", "read a digest of twelve deals and a filing of 300,000 characters", cases=False)
    texts.add_argument("--only", default="", metavar="TEXT", help="digest or filing (default: both)")
    texts.add_argument("--model", help="as for summarizer (default: the embedded model)")
    texts.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible API")
    texts.add_argument("--batch", **DIR, help="ask through batch files in DIR; --model may be any words")
    texts.add_argument("--replay", **RUN, help="answer with the replies recorded in RUN; no model")
    texts.add_argument("--out", **RUN, help="keep the replies")
    texts.add_argument(
        "--context", type=int, default=16_384, metavar="TOKENS", help="of a recorded model (default: 16384)"
    )
    schema = command("schema", "print the JSON Schema of a case file", cases=False)
    schema.add_argument("--schema", metavar="MODULE:CLASS", help="of your own record (default: DealSummary)")
    return whole


def _run(run: argparse.ArgumentParser) -> None:
    add = run.add_argument
    add("--out", **RUN, help="the run file; an existing one is resumed")
    add("--variants", default="", metavar="KIND,…", help="also counterfactual, deletion, attack; or all")
    add("--originals", choices=("yes", "no"), default="yes", help="the cases as they are, too (default: yes)")
    add("--seed", type=int, default=0, help="of the variants (default: 0)")
    add(
        "--system",
        help="ours, plain (one instructor call) or regex (no model); default: ours, or that of the replay",
    )
    add("--model", help="as for summarizer (default: the embedded model)")
    add("--base-url", metavar="URL", help="address of an OpenAI-compatible API")
    add("--plan", choices=PLANS, help="default: the model's own")
    add("--trust", choices=TRUSTS, help="whose answer counts; default: the model's own")
    add("--prompt-dir", **DIR, help="templates that replace shipped ones")
    add("--repeats", type=int, default=1, metavar="N", help="answers to each case (default: 1)")
    add("--concurrency", type=int, default=1, metavar="N", help="cases at a time (default: 1)")
    add("--replay", **RUN, help="answer with the replies recorded in RUN; no model")
    add("--reuse", **RUN, help="the same, and ask the model what RUN does not have")
    add("--batch", **DIR, help="ask through batch files in DIR; --model may be any words")
    add("--note", metavar="TEXT", help="a remark that the run file keeps")
    add(
        "--quick",
        action="store_true",
        help="eight short cases with each plan and trust, to see what suits a model",
    )
    _stories(run)
    add("--every", type=int, default=1, metavar="N", help="every N-th of these stories (default: 1)")
    add("--limit", type=int, metavar="N", help="at most N of these stories")


def _stories(parser: argparse.ArgumentParser) -> None:
    words = "stories in docs/ID with keys/ID.key instead of cases, scored by their public rule"
    parser.add_argument("--acquisitions", **DIR, help=words)


def _cases(parser: argparse.ArgumentParser) -> None:
    """The options that choose cases."""
    parser.add_argument("--cases", **DIR, help="folder of case files (default: the shipped ones)")
    parser.add_argument("--texts", **DIR, help="folder of their texts (default: the same)")
    parser.add_argument("--articles", **DIR, help="the three known articles, whose texts are in DIR")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains TEXT")
    parser.add_argument(
        "--split", choices=("development", "locked"), default="", help="one half of the cases"
    )
    parser.add_argument("--schema", metavar="MODULE:CLASS", help="of your own record (default: DealSummary)")
