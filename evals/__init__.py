"""Measures of the summariser: gold and scores, counterfactual texts, stories with keys, and times."""
