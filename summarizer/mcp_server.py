"""``summarizer mcp``: the package as tools of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from summarizer import __version__, asummarize, asummarize_all
from summarizer import verify as check
from summarizer.errors import ConfigurationError, SummarizerError

INSTRUCTIONS = (
    "Reads articles about corporate deals into records. Each fact has evidence: characters start to end of the article, "
    "and their text. A figure that the article does not hold is never in a record. Findings tell what was left out and "
    "what does not add up: pass them on."
)


def serve(options: Mapping[str, Any]) -> None:
    """Run the server until standard input ends. Raises ConfigurationError where the extra is missing."""
    make(options).run("stdio")


def make(options: Mapping[str, Any]) -> Any:
    """Make the server, whose articles are read with these options of ``summarize``."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError as error:
        raise ConfigurationError(
            "The MCP server needs the [mcp] extra: pip install 'deal-summarizer[mcp]'."
        ) from error

    server = MCPServer("deal-summarizer", version=__version__, instructions=INSTRUCTIONS)

    @server.tool()
    async def summarize(article: str, all_deals: bool = False) -> dict[str, Any]:
        """Read an article about a corporate deal into records.

        article: the text itself. all_deals: a record for each deal of a digest, instead of one for the first deal.
        Returns {"records": [...]}: who buys what, for how much, what share, at what value, who changes job, what is
        uncertain, each with evidence, and findings.
        """
        try:
            if all_deals:
                records = await asummarize_all(article, **options)
            else:
                records = [await asummarize(article, **options)]
        except SummarizerError as error:
            raise ToolError(str(error)) from error
        return {"records": [record.model_dump(mode="json") for record in records]}

    @server.tool()
    async def verify(record: dict[str, Any], article: str) -> dict[str, Any]:
        """Check a record that anything extracted against its article, without a model.

        record: any JSON object. Returns what holds, with evidence, and findings on what does not.
        """
        try:
            return json.loads(check(record, article).model_dump_json())  # type: ignore[no-any-return]
        except SummarizerError as error:
            raise ToolError(str(error)) from error

    return server
