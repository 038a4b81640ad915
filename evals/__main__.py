"""The command line: run | score | report | compare | gate | calibrate | bench, and check | label | agree | schema for cases."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from evals import arguments
from evals.cases import CaseError
from evals.commands import COMMANDS, say
from summarizer.errors import INTERRUPTED, SOME_FAILED, SummarizerError


def main(given: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all is well, 1 if an item failed or a bound is missed, else the codes of ``summarizer``."""
    parser = arguments.parser()
    options, rest = parser.parse_known_args(given)
    if hasattr(options, "bounds") and not any(word.startswith("-") for word in rest):
        options.bounds += rest  # bounds behind an option, which argparse does not see
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return COMMANDS[options.command](options)
    except (CaseError, SummarizerError) as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("Interrupted. The same command goes on where this one stopped.")
        return INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) has gone
        sys.stderr.close()
        return SOME_FAILED


if __name__ == "__main__":
    sys.exit(main())
