"""A record of any schema as text, Markdown or HTML, and the live progress line.

``view`` arranges a record once for all formats; ``safe`` makes untrusted text safe to show. Imported by
``cli``, ``batch``, ``doctor`` and ``evals``, and by a record that shows itself (``records.display``).
"""
