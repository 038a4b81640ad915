"""The command line: ``python -m evals run`` and ``python -m evals bench``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from evals import acquisitions, articles
from evals.gold import CaseError, choose_cases, read_text
from summarizer.errors import SummarizerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if it ran, and the exit codes of ``summarizer`` where it could not."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except CaseError as error:
        _say(str(error))
        return 2
    except SummarizerError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Measure the summariser.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    articles_of: dict[str, Any] = {
        "type": Path,
        "metavar": "DIR",
        "help": "folder of the labelled articles (default: the shipped one)",
    }
    only: dict[str, Any] = {"default": "", "metavar": "TEXT", "help": "articles whose name has TEXT in it"}

    run = commands.add_parser("run", help="summarise labelled texts and score the records")
    source = run.add_mutually_exclusive_group()
    source.add_argument("--articles", **articles_of)
    source.add_argument(
        "--acquisitions", type=Path, metavar="DIR", help="folder with docs/ID and keys/ID.key"
    )
    run.add_argument("--only", **only)
    run.add_argument(
        "--counterfactual", action="store_true", help="with other names and figures in the articles"
    )
    run.add_argument(
        "--every", type=int, default=10, metavar="N", help="every N-th story in sorted order (default: 10)"
    )
    run.add_argument("--limit", type=int, metavar="N", help="at most N stories")
    run.add_argument("--model", help="as for summarizer (default: the embedded model)")
    run.add_argument("--base-url", metavar="URL", help="address of an OpenAI-compatible API")
    run.add_argument("--plan", choices=("single", "faceted"), help="default: the model's own")
    run.add_argument("--out", type=Path, metavar="FILE", help="write one line of JSON for each text")
    run.set_defaults(command=_run)

    bench = commands.add_parser("bench", help="measure times")
    bench.add_argument("--articles", **articles_of)
    bench.add_argument("--only", **only)
    bench.add_argument(
        "--no-model", action="store_true", help="leave out the comparison on the embedded model"
    )
    bench.add_argument(
        "--model", default="local", help="the embedded model to compare on: local or local:NAME"
    )
    bench.add_argument(
        "--repeat", type=int, default=15, metavar="N", help="runs of each short measurement (default: 15)"
    )
    bench.add_argument("--json", action="store_true", help="print JSON")
    bench.set_defaults(command=_bench)
    return parser


def _run(options: argparse.Namespace) -> int:
    from summarizer import summarize

    wanted = {"model": options.model, "base_url": options.base_url, "plan": options.plan}
    asked = {name: value for name, value in wanted.items() if value is not None}
    if options.acquisitions is not None:
        stories = acquisitions.read_stories(options.acquisitions, every=options.every, limit=options.limit)
        story_runs = acquisitions.run_stories(stories, summarize, tell=_say, **asked)
        print(acquisitions.report(story_runs))
        return _finish(options.out, story_runs, acquisitions.as_line)
    cases, folder = choose_cases(options.articles, options.only)
    runs = articles.run_articles(
        cases,
        folder,
        summarize,
        counterfactual=options.counterfactual,
        tell=_say,
        **asked,
    )
    print(articles.report(runs))
    return _finish(options.out, runs, articles.as_line)


def _finish(out: Path | None, runs: Iterable[Any], as_line: Callable[[Any], str]) -> int:
    """Write the lines; 1 where an item failed."""
    runs = list(runs)
    if out is not None:
        out.write_text("".join(as_line(run) + "\n" for run in runs), encoding="utf-8")
    return 1 if any(run.error for run in runs) else 0


def _bench(options: argparse.Namespace) -> int:
    from evals import bench

    cases, folder = choose_cases(options.articles, options.only)
    texts = {case.name: read_text(case, folder) for case in cases}
    measured = bench.bench(
        texts, model=None if options.no_model else options.model, repeat=options.repeat, tell=_say
    )
    print(json.dumps(measured, indent=1) if options.json else bench.report(measured))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
