"""Reports of scored runs, side by side: text for a terminal, one page of HTML, and exports.

All forms show one ``Report`` of ``evals.report.model``; the same runs give the same bytes.
"""

from evals.report.export import csv, json, junit, markdown
from evals.report.model import build
from evals.report.page import html
from evals.report.text import text

__all__ = ["build", "csv", "html", "json", "junit", "markdown", "text"]
