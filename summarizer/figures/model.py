"""What a mention is: the value types of the inventory."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Kind(str, Enum):
    """What a mention measures."""

    MONEY = "money"
    PER_SHARE = "per_share"
    PERCENT = "percent"
    DATE = "date"
    MULTIPLE = "multiple"
    SHARES = "shares"
    UNDISCLOSED = "undisclosed"
    UNREAD = "unread"  # a figure that cannot be read whole; it has no value


class Qualifier(str, Enum):
    """How firmly the text states the figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"
    UNDISCLOSED = "undisclosed"


@dataclass(frozen=True, slots=True)
class Mention:
    """One figure of a text and the place where it stands.

    `start`, `end` and `text` cover the figure without its hedge: `text == source[start:end]`.
    `value` and `upper` are exact: currency units, percentage points, times, or a count of shares.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: Decimal | None = None  # None for dates, and for undisclosed and unread amounts
    upper: Decimal | None = None  # the other end of a range
    unit: str = ""  # ISO 4217 code, "%", "x", "shares"; "" where the text does not tell whose kroner
    qualifier: Qualifier = Qualifier.EXACT
    hedge: tuple[int, int] | None = None  # span of the words that hedge the figure
    step: Decimal | None = None  # size of the last stated digit: 100000000 for "6.4 billion"
    date: str | None = None  # ISO, as fine as the text: "2025", "2025-06", "2025-06-13", "--06-13"
    reason: str = ""  # why an unread figure has no value
