"""Everything that knows how English news words a deal: an engine, tables of rules, and one exported function.

``read_hints`` proposes what a text says, without a model. Only ``summarizer.policy`` imports this package.
Each rule is data with examples that it must and must not match; ``python -m evals rules`` measures them.
"""

from .hints import read_hints

__all__ = ["read_hints"]
