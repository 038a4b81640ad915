"""Dates: what they mean, how fine they are, and what is no date."""

import pytest

from summarizer.figures import Kind, find, parse

DATES = [
    ("LEEDS, June 30: The firm", "June 30", "--06-30"),
    # source, text of the mention, date
    ("on June 13, 2025.", "June 13, 2025", "2025-06-13"),
    ("on June 13 2025", "June 13 2025", "2025-06-13"),
    ("on June 13th, 2025", "June 13th, 2025", "2025-06-13"),
    ("on JUNE 13, 2025", "JUNE 13, 2025", "2025-06-13"),
    ("on June\n13, 2025", "June\n13, 2025", "2025-06-13"),
    ("on Jun. 3, 2025", "Jun. 3, 2025", "2025-06-03"),
    ("on 13 June 2025", "13 June 2025", "2025-06-13"),
    ("on 13 June, 2025", "13 June, 2025", "2025-06-13"),
    ("the 13th of June 2025", "13th of June 2025", "2025-06-13"),
    ("on 13-Jun-2025", "13-Jun-2025", "2025-06-13"),
    ("2025-06-13", "2025-06-13", "2025-06-13"),
    ("2025-06-13T10:30:00Z", "2025-06-13", "2025-06-13"),
    ("2025/06/13", "2025/06/13", "2025-06-13"),
    ("06/13/2025", "06/13/2025", "2025-06-13"),
    ("13/06/2025", "13/06/2025", "2025-06-13"),
    ("06/06/2025", "06/06/2025", "2025-06-06"),
    ("2000-02-29", "2000-02-29", "2000-02-29"),
    ("February 29, 2024", "February 29, 2024", "2024-02-29"),
    ("June 13-15, 2025", "June 13-15, 2025", "2025-06"),
    ("in June 2025", "June 2025", "2025-06"),
    ("in June, 2025", "June, 2025", "2025-06"),
    ("in June of 2025", "June of 2025", "2025-06"),
    ("Sept. 2025", "Sept. 2025", "2025-09"),
    ("May 2025", "May 2025", "2025-05"),
    ("as of 2025-11", "2025-11", "2025-11"),
    ("on June 13", "June 13", "--06-13"),
    ("by the March 18 deadline", "March 18", "--03-18"),
    ("on Sept. 5", "Sept. 5", "--09-05"),
    ("on May 5", "May 5", "--05-05"),
    ("expires April six", "April six", "--04-06"),
    ("on April 1.", "April 1", "--04-01"),
    ("on 5 March", "5 March", "--03-05"),
    ("February 29", "February 29", "--02-29"),
    ("in 2023", "2023", "2023"),
    ("2023 funding", "2023", "2023"),
    ("since 2019.", "2019", "2019"),
    ("(2024)", "2024", "2024"),
    ("2023's round", "2023", "2023"),
    ("In 1986, sales", "1986", "1986"),
    ("mid-2025", "mid-2025", "2025"),
    ("pre-2020", "2020", "2020"),
    ("2023-24 season", "2023", "2023"),
    ("2023/24 season", "2023", "2023"),
    ("early 2026", "early 2026", "2026"),
    ("late in 2026", "late in 2026", "2026"),
    ("by the end of 2026", "end of 2026", "2026"),
    ("Q3 2025", "Q3 2025", "2025"),
    ("Q3 of 2025", "Q3 of 2025", "2025"),
    ("3Q 2025", "3Q 2025", "2025"),
    ("H1 2025", "H1 2025", "2025"),
    ("the third quarter of 2025", "third quarter of 2025", "2025"),
    ("second-quarter 2025", "second-quarter 2025", "2025"),
    ("first half of fiscal 2025", "first half of fiscal 2025", "2025"),
    ("fiscal 2022", "fiscal 2022", "2022"),
    ("fiscal 2024", "fiscal 2024", "2024"),
    ("fiscal year 2024", "fiscal year 2024", "2024"),
    ("FY2024", "FY2024", "2024"),
    ("FY25", "FY25", "2025"),
    ("spring 2026", "spring 2026", "2026"),
]


@pytest.mark.parametrize(("source", "text", "date"), DATES)
def test_dates(source: str, text: str, date: str) -> None:
    """A date is as fine as its words and no finer, and has no value and no unit."""
    mentions = find(source)
    assert [(mention.kind, mention.text, mention.date) for mention in mentions] == [(Kind.DATE, text, date)]
    assert (mentions[0].value, mentions[0].unit, mentions[0].step) == (None, "", None)


@pytest.mark.parametrize(("source", "text", "date"), DATES)
def test_a_date_parses_alone(source: str, text: str, date: str) -> None:
    """The words of a date, given alone, parse to the same date."""
    mention = parse(text, Kind.DATE)
    assert mention is not None
    assert mention.date == date


def test_years_of_a_span_are_two_dates() -> None:
    """Both ends of "2019-2023" are years."""
    assert [mention.date for mention in find("from 2019-2023 and from 2021 to 2022")] == [
        "2019",
        "2023",
        "2021",
        "2022",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "06/05/2025",  # two readings
        "2025-02-30",
        "05/12/2025",
        "12/05/2025",
        "2025-02-29",
        "1900-02-29",
        "February 30",
        "June 31",
        "It may 5 times fail",
        "May one ask why?",
        "in March against him",
        "the 1990s",
        "2,023 people",
        "2023.5",
        "20234",
        "x2023",
        "2023x",
        "#2023",
        "/2023/",
        "ID-2023",
        "555-2023",
        "(555) 201-2023",
        "+1 555 2023",
        "2000 employees",
        "No. 2019",
        "Windows 2000",
        "2001 Elm Street",
        "2001 North Elm Avenue",
        "room 2001",
        "the 13th",
        "1850",
        "2150",
        "at 20:23",
    ],
)
def test_no_date(source: str) -> None:
    """Impossible and ambiguous dates, codes, counts and addresses are no dates."""
    assert find(source) == ()
