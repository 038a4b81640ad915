"""The command line of the evals: ``python -m evals COMMAND``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from evals.arguments import parser
from evals.cases import CaseError
from evals.commands import COMMANDS
from summarizer.errors import INTERRUPTED, SOME_FAILED, SummarizerError


def main(given: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all is well, 1 if an item failed or a bound is missed, else the codes of ``summarizer``."""
    arguments = parser()
    options, rest = arguments.parse_known_args(given)
    if hasattr(options, "bounds") and not any(word.startswith("-") for word in rest):
        options.bounds += rest  # bounds after an option, which argparse does not see
    elif rest:
        arguments.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return COMMANDS[options.command](options)
    except (CaseError, SummarizerError) as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Interrupted. The same command resumes the run.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) has gone
        sys.stderr.close()
        return SOME_FAILED


if __name__ == "__main__":
    sys.exit(main())
