"""The digest and the long filing, read with the recorded replies of a large model."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.__main__ import main

BASELINES = Path(__file__).parents[2] / "evals" / "baselines"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("digest", "12 of 12 deals, 94 of 94 fields right, 0 facts of another deal"),
        ("filing", "1 of 1 deals, 8 of 8 fields right, 4 of 7 windows read"),
    ],
)
def test_recorded_replies_give_the_right_records(
    name: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every deal of the digest, and the terms of the filing that stand on three pages far apart."""
    assert main(["texts", "--only", name, "--replay", str(BASELINES / f"large-{name}.jsonl")]) == 0
    assert f"{name}: {expected}" in capsys.readouterr().out


def test_missing_replies_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Batch files work as for the cases."""
    main(["texts", "--only", "digest", "--batch", str(tmp_path), "--model", "any"])
    assert "1 request without a reply" in capsys.readouterr().out
