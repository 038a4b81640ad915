"""``summarizer mcp``: the package as tools of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import asyncio
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
    async def summarize(article: str, all_deals: bool = False, name: str = "") -> dict[str, Any]:
        """Read an article about a corporate deal into records.

        article: the text itself. all_deals: a record for each deal of a digest, instead of one for the first
        deal. name: what to call the source, such as its outlet, where several articles are reconciled later.
        Returns {"records": [...]}: who buys what, for how much, what share, at what value, who changes job,
        what is uncertain, each with evidence, and findings.
        """
        chosen = {**options, "id": name} if name else options
        try:
            if all_deals:
                records = await asummarize_all(article, **chosen)
            else:
                records = [await asummarize(article, **chosen)]
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

    @server.tool()
    async def reconcile(records: list[dict[str, Any]]) -> dict[str, Any]:
        """Reconcile records of several articles into a dossier for each deal, without a model.

        records: what summarize returned. Returns {"dossiers": [...]}: what the sources agree on, what
        conflicts, and who says what, each with evidence.
        """
        from summarizer.dossiers import dossiers

        try:
            made = await asyncio.to_thread(dossiers, records)
        except SummarizerError as error:
            raise ToolError(str(error)) from error
        return {"dossiers": [one.model_dump(mode="json") for one in made]}

    return server
