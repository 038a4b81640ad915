"""The style of a dossier, beside that of a record, and the page around it."""

from __future__ import annotations

from markupsafe import Markup

STYLE = Markup("""<style>
.dossier { max-width: 64rem; --off: #b3261e; }
@media (prefers-color-scheme: dark) { .dossier { --off: #ff8a80; } }
.dossier .value { font-weight: 600; }
.dossier .label { color: var(--faint); font-size: .88em; }
.dossier .fact { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: .2em 1.5em;
  padding: .6em 0; border-top: 1px solid var(--line); break-inside: avoid; }
.dossier .fact:first-child { border-top: 0; }
.dossier .listed .value { font-weight: normal; }
.dossier ul.claims > li { display: grid; grid-template-columns: 2em minmax(0, 1fr); padding: .1em 0; text-indent: 0; }
.dossier ul.claims > li::before { content: none; }
.dossier .number { color: var(--faint); }
.dossier .tag { font-size: .8em; padding: 0 .4em; border: 1px solid currentColor; border-radius: 1em;
  white-space: nowrap; color: var(--faint); font-weight: normal; }
.dossier .tag.off { color: var(--off); }
.dossier .conflict { border: 1px solid var(--off); border-radius: 6px; padding: .6em .8em; margin: .6em 0;
  break-inside: avoid; }
.dossier .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(14em, 1fr)); gap: .8em 1.5em; }
.dossier .side .value { color: var(--off); }
.dossier a { color: inherit; text-decoration: underline; text-decoration-color: var(--line);
  text-underline-offset: .15em; }
.dossier a:hover { text-decoration-color: currentColor; }
.dossier a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.dossier ol.timeline, .dossier ol.sources { font-size: 1em; }
.dossier figure { margin: .6em 0 1em; break-inside: avoid; }
.dossier figcaption { font-weight: 600; }
.dossier svg.chart { display: block; overflow: visible; font: 13px system-ui, sans-serif; }
.dossier .chart text { fill: currentColor; }
.dossier .chart .tick { fill: var(--faint); font-size: 11px; }
.dossier .chart line { stroke-linecap: round; }
.dossier .chart .track, .dossier .chart .grid { stroke: var(--line); stroke-width: 1; }
.dossier .chart .thin { stroke-width: 3; } .dossier .chart .bar { stroke-width: 9; opacity: .45; }
.dossier .chart .on { stroke: var(--accent); fill: var(--accent); }
.dossier .chart .off { stroke: var(--off); fill: var(--off); }
.dossier .chart .open { fill: none; stroke-width: 2; }
.dossier .text .body { white-space: pre-wrap; }
.dossier .text mark { background: none; color: inherit; scroll-margin-top: 5em; border-bottom: 1px solid var(--line); }
.dossier .text mark:target { background: var(--mark); color: var(--marked); outline: 2px solid var(--accent);
  outline-offset: 2px; }
@media (max-width: 40rem) { .dossier .fact { grid-template-columns: minmax(0, 1fr); } }
@media print { .dossier a { text-decoration: none; } .dossier h3 { break-after: avoid; } }
</style>""")

PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
{record_style}
{style}
<style>
:root {{ color-scheme: light dark; }}
html {{ scroll-behavior: smooth; }}
@media (prefers-reduced-motion: reduce) {{ html {{ scroll-behavior: auto; }} }}
body {{ margin: 2rem auto; padding: 0 1rem; max-width: 64rem; background: #fff; color: #1c2024; }}
.dossier + .dossier {{ margin-top: 3rem; padding-top: 2rem; border-top: 3px double var(--line); }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171a; color: #e6e9ec; }} }}
@media print {{ body {{ margin: 0; }} }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
""")
