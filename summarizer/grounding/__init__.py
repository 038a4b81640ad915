"""From what a model answers to grounded values: what the source holds becomes a value, the rest a finding.

``quotes`` finds quoted words in the source and ``ground`` turns a filled draft into facts; ``facets`` does so
for the questions of the plan that small models need. All of it is pure. Only the plans and ``verify`` import
it.
"""
