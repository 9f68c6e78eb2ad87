"""What holds an issue up that no test of the whole way meets: figures by hand, unknown stages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typer.testing import CliRunner
from workbook_support import without_records, write_workbook

from reportkit.cli.app import app
from reportkit.cli.issuing import Act
from reportkit.drafts.returned import write_edits
from reportkit.params.edits import Edit, Edits
from reportkit.params.issue import Issue


def act(home: Path, **more: Any) -> Act:
    """The issue of one unit's paper."""
    issue = Issue(
        year=2023, documents=("dongling",), signatory="李", date=dt.date(2024, 1, 8), **more
    )
    document = cast(Any, SimpleNamespace(year=2023, unit="dongling", wording="circular"))
    return Act(home, "a1", issue, "王芳", (document,))


def test_figures_by_hand_go_out_only_with_a_reason(tmp_path: Path) -> None:
    """Named with the indicator, the figure that it gave and the one that was typed."""
    edit = Edit(
        place="一", was="学习{sessions}次。", now="学习13次。", figures={"sessions": "12"},
        by_hand={"sessions": "13次"}, by="李", day=dt.date(2024, 1, 5),
    )  # fmt: skip
    assert act(tmp_path)._by_hand() == []
    write_edits(tmp_path, 2023, "dongling", "circular", Edits(edits=(edit,)))
    ((key, why),) = act(tmp_path)._by_hand()
    assert key == "dongling/circular" and "一: changed by hand: sessions 12 -> 13次" in why
    assert act(tmp_path, by_hand_because="已核对签到簿")._by_hand() == []


def test_a_stage_of_no_document_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped key would let a pinned document follow later data in silence."""
    home = write_workbook(tmp_path)
    without_records(monkeypatch)
    (home / "params" / "stages").mkdir()
    (home / "params" / "stages" / "2023.yml").write_text(
        "documents:\n  grop/circular:\n  - {stage: 征求意见稿, by: 王芳, day: 2024-01-02}\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(app, ["--home", str(home), "plan"])
    assert result.exit_code == 2
    assert "params/stages/2023.yml" in result.output and "'grop/circular'" in result.output
