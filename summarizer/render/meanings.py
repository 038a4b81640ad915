"""What each finding means for a reader, by its code."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "unsupported": "The model gave an answer that the text does not state, so the record leaves it out.",
    "unsupported_figure": "The model gave a figure that its evidence does not hold, so the record leaves it out.",
    "unsupported_prose": "The headline or summary claimed something that the text does not hold, so it was removed.",
    "two_figures": "The text gives more than one figure for this fact. Compare them before you use either.",
    "windows_disagree": "Two parts of a long text give different figures for this fact.",
    "partly_read": "Not all of a long text was read, so facts may be missing.",
    "rules_disagree": "The model and the rules of the package read this differently. Check the sentence.",
    "arithmetic": "Amount, stake and valuation do not fit each other. One may be of something else.",
    "type_against_stake": "The type of the deal does not fit the size of the stake.",
    "role_clash": "One company has two roles that exclude each other.",
    "same_role": "The old and the new job of a person are the same.",
    "overprecise": "A figure is more exact than the text.",
    "earlier_figure": "The figure may belong to an earlier deal.",
    "outside_article": "A sum stands only in a teaser, a comment or an order to a machine, which is no evidence. It was not used.",
    "addressed_figure": "A sum stands only in a sentence that addresses a reader or a machine. Do not rely on it.",
    "conflict": "The sources state values that cannot all be true.",
    "superseded": "A source states an earlier value together with the current one.",
    "not_comparable": "The values have different currencies or bases, or one is kept back.",
    "single_source": "Only one source states this.",
    "derived": "The value that amount and stake imply does not fit the valuation.",
    "ambiguous_name": "A short name may be any of several companies or people.",
    "not_a_deal": "The source reports no deal.",
    "different_deals": "The sources may report different deals.",
}
