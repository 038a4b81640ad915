"""Of several stories under one headline the first is read."""

from __future__ import annotations

from summarizer.document import Zone, read_document

DIGEST = """Deals in brief

Orchard buys Ash for $410m
Packaging group Orchard will acquire rival Ash from Elm Partners for $410 million. Orchard shares rose.

Lumen raises $60m
Solar start-up Lumen has collected $60 million from Tidewell Capital. It makes film for roofs.

Hexley sells stake
Hexley Holdings sold its 35% stake in the port of Varrow for 280 million euros.
"""


def zones(text: str) -> dict[str, Zone]:
    return {sentence.text: sentence.zone for sentence in read_document(text).sentences}


def test_of_a_digest_the_first_story_is_the_article() -> None:
    found = zones(DIGEST)
    assert found["Orchard shares rose."] is Zone.BODY
    assert found["It makes film for roofs."] is Zone.TEASER
    assert (
        found["Hexley Holdings sold its 35% stake in the port of Varrow for 280 million euros."]
        is Zone.TEASER
    )


def test_sections_that_share_a_name_are_one_article() -> None:
    """Parts of an article speak of the same names, whatever their titles."""
    text = DIGEST.replace("for roofs", "for roofs, as Orchard does").replace(
        "for 280 million euros", "to Orchard"
    )
    assert set(zones(text).values()) == {Zone.BODY, Zone.HEADLINE}


def test_titles_that_name_nobody_head_parts_of_an_article() -> None:
    text = "Orchard buys Ash\n\nWhy now\nRivals of the company are ahead on price, said Ann Vale.\n\nWhat follows\nThe sale closes in May, said Bo Hill.\n"
    assert set(zones(text).values()) == {Zone.BODY, Zone.HEADLINE}
