"""``python -m summarizer`` is the command ``summarizer``."""

from summarizer.cli.main import main

main()
