"""Optimal assignment: the Hungarian algorithm in its O(n²m) form with potentials.

The tables here have a few rows, and scipy, which has the same function, is a large dependency for that.
The tests compare the two.
"""

from __future__ import annotations

from collections.abc import Sequence

_INFINITE = float("inf")


def assign(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return a column for rows so that the sum of the scores is greatest; each column is used once at most.

    ``scores`` is a matrix of rows of equal length, none below 0. Pairs that score 0 are left out.
    """
    if not scores or not scores[0]:
        return {}
    if len(scores) > len(scores[0]):
        turned = assign([list(column) for column in zip(*scores, strict=True)])
        return {row: column for column, row in sorted(turned.items(), key=lambda pair: pair[1])}
    owner = _owners(scores)
    return {
        row - 1: column - 1
        for column, row in enumerate(owner)
        if column and row and scores[row - 1][column - 1] > 0
    }


def _owners(scores: Sequence[Sequence[float]]) -> list[int]:
    """The row of each column, counted from 1; 0 where it has none."""
    rows, columns = len(scores), len(scores[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner, before = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        at = 0
        least, used = [_INFINITE] * (columns + 1), [False] * (columns + 1)
        while owner[at]:
            used[at] = True
            delta, following = _INFINITE, 0
            for column in range(1, columns + 1):
                if used[column]:
                    continue
                cost = -scores[owner[at] - 1][column - 1] - of_row[owner[at]] - of_column[column]
                if cost < least[column]:
                    least[column], before[column] = cost, at
                if least[column] < delta:
                    delta, following = least[column], column
            for column in range(columns + 1):
                if used[column]:
                    of_row[owner[column]] += delta
                    of_column[column] -= delta
                else:
                    least[column] -= delta
            at = following
        while at:
            owner[at] = owner[before[at]]
            at = before[at]
    return owner
