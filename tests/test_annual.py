"""The year's indicators: computed once, remembered, made anew when something changed."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from reportkit import reads
from reportkit.annual import blocked, load_annual, prepare, slices
from reportkit.annual import year as of_year
from reportkit.annual.indicators import parts_of
from reportkit.annual.lines import Lines, lines_of_all
from reportkit.circular import open_unit
from reportkit.errors import ParameterError, RecordsError
from reportkit.files import sha256
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import indicators_by_unit
from reportkit.records.importing import import_year

YEAR = 2023
FEW = ("hq", "dongling", "canglu", "yunping")
Change = Callable[[openpyxl.Workbook], None]


@pytest.fixture(scope="module")
def few(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook to which four units sent something this year, and nobody the last."""
    home = tmp_path_factory.mktemp("few") / "workbook"
    for part in ("params", "notebooks"):
        shutil.copytree(demo_home / part, home / part)
    folder = home / "data" / "submissions" / str(YEAR)
    folder.mkdir(parents=True)
    for unit in FEW:
        shutil.copy(demo_home / "data" / "submissions" / str(YEAR) / f"{unit}.xlsx", folder)
    import_year(home, YEAR)
    return home


@pytest.fixture
def small(few: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test to change."""
    return Path(shutil.copytree(few, tmp_path / "workbook"))


def change(home: Path, unit: str, edit: Change) -> None:
    """Edit one unit's workbook and import the year again."""
    path = home / "data" / "submissions" / str(YEAR) / f"{unit}.xlsx"
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)
    import_year(home, YEAR)


def replace(home: Path, name: str, old: str, new: str) -> None:
    """Edit one file of params/."""
    path = home / "params" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def forget() -> None:
    """Be a new process, as far as what was read already goes."""
    of_year._loaded.clear()


def remembered(home: Path) -> list[Path]:
    """The files in which the year's indicators are kept."""
    return sorted((home / "outputs" / "records" / str(YEAR)).glob("*-*.parquet"))


# --- what is served --------------------------------------------------------------------------


def test_an_indicator_goes_by_its_name_or_its_number(demo_home: Path) -> None:
    """m.sessions, m["M1"]; each metric has both, and dir() lists them for completion."""
    m = load_annual(demo_home, YEAR).of_unit("dongling")
    for metric in METRICS:
        assert getattr(m, metric.attribute) is m[metric.metric_id]
        assert metric.attribute in dir(m)


def test_an_unknown_indicator_lists_those_there_are(demo_home: Path) -> None:
    """By name or by number: what was asked for, and what there is."""
    m = load_annual(demo_home, YEAR).of_unit("dongling")
    with pytest.raises(AttributeError, match=r"'session'; expected one of .*sessions"):
        _ = m.session
    with pytest.raises(ParameterError) as raised:
        m["M99"]
    assert "'M99'" in raised.value.found and "M1、" in raised.value.expected


def test_a_rule_on_an_unknown_metric_is_refused_with_its_file(small: Path) -> None:
    """Before anything is computed, not as a KeyError in the middle of a run."""
    replace(small, "2023.yml", "metric: M16", "metric: M99")
    with pytest.raises(ParameterError) as raised:
        load_annual(small, YEAR)
    assert raised.value.where == "params/2023.yml"
    assert "party_affairs_head" in raised.value.found and "'M99'" in raised.value.found


def test_a_unit_is_compared_with_last_year_and_its_peers(demo_home: Path) -> None:
    """Last year's value from last year's records; medians with the number behind them."""
    year, last = load_annual(demo_home, YEAR), load_annual(demo_home, YEAR - 1)
    one = year.of_unit("dongling").sessions
    assert one.last_year == last.row("dongling", "M1")["value"]
    peers = [year.row(u.unit_id, "M1")["value"] for u in year.units.at_year_end(YEAR)
             if u.peer_group == "矿山类"]  # fmt: skip
    assert one.peers is not None and one.group is not None
    assert (one.peers.median, one.peers.units) == (pd.Series(peers).median(), len(peers))
    assert one.group.units == 23


def test_the_group_is_compared_with_last_year(demo_home: Path) -> None:
    """Totals beside totals; the year before, without records, has nothing beside it."""
    now, before = (load_annual(demo_home, y).of_group().sessions for y in (YEAR, YEAR - 1))
    assert now.last_year == before.value
    assert before.last_year is None and before.change == "与上年不可比（无上年数据）"


@pytest.mark.parametrize(("unit", "note"), [
    ("dongling", ""), ("xindu", "新设单位"), ("linting", "本年非全年"), ("hq", ""),
])  # fmt: skip
def test_what_cannot_be_compared(demo_home: Path, unit: str, note: str) -> None:
    """A new unit and one merged within the year; 集团本级 compares as any."""
    one = load_annual(demo_home, YEAR).of_unit(unit).sessions
    assert one.last.note == note
    assert (one.last_year is None) == bool(note)


def test_head_office_has_no_peers(demo_home: Path) -> None:
    """It is in no peer group: no values, no median — and a fingerprint like any unit."""
    year = load_annual(demo_home, YEAR)
    assert year.peers(year.units["hq"], "M4") == []
    head_office = year.of_unit("hq").attendance
    assert (head_office.peers, head_office.quarter) == (None, "")
    assert slices(demo_home, YEAR).of("hq")


def test_peers_are_the_group_s_values_in_order(demo_home: Path) -> None:
    """Itself included, those without a value left out, ascending."""
    year = load_annual(demo_home, YEAR)
    values = year.peers(year.units["dongling"], "M4")
    assert values == sorted(values) and year.row("dongling", "M4")["value"] in values
    group = [u for u in year.units.at_year_end(YEAR) if u.peer_group == "矿山类"]
    assert len(values) == len(group) - 1  # wangchuan sent counts alone


def test_one_unit_s_records_alone_give_its_figures(demo_home: Path) -> None:
    """What a circular reads of one unit, without the others', adds up to the same."""
    year = load_annual(demo_home, YEAR)
    for unit in ("hq", "dongling", "wangchuan", "xindu", "linting"):
        alone = indicators_by_unit(year.frames_of(unit)).set_index("metric_id")
        for metric_id, row in year.rows_of(unit).items():
            assert parts_of(row) == parts_of(alone.loc[metric_id].to_dict()), (unit, metric_id)


def test_every_figure_leads_to_the_records_that_it_counted(demo_home: Path) -> None:
    """As many rows as the numerator says, each with its file, sheet and row."""
    year = load_annual(demo_home, YEAR)
    for unit in ("dongling", "canglu", "chiyan"):
        m = year.of_unit(unit)
        for metric_id in ("M1", "M2", "M3", "M5", "M7b", "M8", "M9a", "M10a", "M14", "M21"):
            rows = m[metric_id].rows()
            assert rows["top"].sum() == m[metric_id].numerator, (unit, metric_id)
            counted = rows[rows["top"] > 0]
            assert counted[["file", "sheet", "row"]].notna().all(axis=None), (unit, metric_id)
            assert set(rows["unit_id"]) <= {unit}


def test_lines_worked_out_for_all_units_are_those_of_each(demo_home: Path) -> None:
    """The records behind every figure of every unit: traced at once, and one unit after another."""
    year = load_annual(demo_home, YEAR)
    alone = {
        (unit.unit_id, metric_id): year.of_unit(unit.unit_id)[metric_id].lines()
        for unit in year.at_end[::3]
        for metric_id in BY_ID
    }
    assert sum(map(len, alone.values())) > 500
    lines = Lines(lines_of_all(year.with_places))
    assert {key: lines.of(*key) for key in alone} == alone


def test_an_indicator_made_by_hand_has_no_records() -> None:
    """It says so, and has no trend."""
    one = Indicator(BY_ID["M1"], "已报", 3.0)
    with pytest.raises(LookupError, match="not computed from records"):
        one.rows()
    assert one.trend == ()


def test_who_is_blocked_and_why(small: Path) -> None:
    """Units that sent nothing, merged ones included; those that did are not among them."""
    (small / "data" / "submissions" / str(YEAR) / "yunping.xlsx").write_bytes(b"x")
    import_year(small, YEAR)
    reasons = blocked(small, YEAR)
    assert not {"hq", "dongling", "canglu"} & set(reasons)
    assert reasons["linting"] == reasons["xindu"] == "2023年未收到报送材料"
    assert set(reasons) == {u.unit_id for u in load_annual(small, YEAR).units.in_year(YEAR)} - {
        "hq", "dongling", "canglu",
    }  # fmt: skip


def test_a_year_without_records_says_what_to_do(tmp_path: Path, small: Path) -> None:
    """Parameters there are, a snapshot there is not."""
    shutil.rmtree(small / "outputs")
    forget()
    with pytest.raises(RecordsError, match="import"):
        load_annual(small, YEAR)


# --- what is remembered ----------------------------------------------------------------------


def test_the_same_year_is_the_same_object_until_something_changes(small: Path) -> None:
    """One process reads a year once."""
    assert load_annual(small, YEAR) is load_annual(small, YEAR)


def test_an_edited_parameter_is_computed_anew(small: Path) -> None:
    """With another meaning of 研讨, other figures — in the same process."""
    before = load_annual(small, YEAR).row("dongling", "M2")["value"]
    replace(small, "2023.yml", "discussion_speeches: [重点, 补充]", "discussion_speeches: [书面]")
    assert load_annual(small, YEAR).row("dongling", "M2")["value"] == 0 != before


def test_a_new_import_is_computed_anew(small: Path) -> None:
    """A workbook taken away and imported again: that unit is 未报 from then on."""
    assert load_annual(small, YEAR).row("yunping", "M1")["state"] == "已报"
    (small / "data" / "submissions" / str(YEAR) / "yunping.xlsx").unlink()
    import_year(small, YEAR)
    assert load_annual(small, YEAR).row("yunping", "M1")["state"] == "未报"


def test_a_changed_unit_is_computed_anew(small: Path) -> None:
    """units.yml is part of the key: a unit that ends on 30 June owes two quarters."""
    assert load_annual(small, YEAR).row("canglu", "M5")["denominator"] == 4
    replace(small, "units.yml", "short_name: 苍麓矿业\n",
            "short_name: 苍麓矿业\n  valid_to: '2023-12-30'\n")  # fmt: skip
    assert load_annual(small, YEAR).row("canglu", "M5")["denominator"] == 3


def test_another_version_of_the_metrics_is_computed_anew(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code of the metrics is part of the key."""
    before = load_annual(small, YEAR).key
    monkeypatch.setattr(of_year, "code_of", lambda *_: "another")
    forget()
    assert load_annual(small, YEAR).key != before


def test_what_was_remembered_is_what_was_computed(small: Path) -> None:
    """Table, totals and spreads come back as they were: values, words, columns, their order."""
    prepare(small, YEAR)
    one = load_annual(small, YEAR)
    assert len(remembered(small)) == 3
    forget()
    other = load_annual(small, YEAR)
    assert other is not one
    for name in ("table", "totals"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.spreads == other.spreads
    # Where it comes from is another object; all that it says is the same.
    ours, theirs = (
        dataclasses.replace(year.of_unit("dongling").attendance, background=None)
        for year in (one, other)
    )
    assert ours == theirs


@pytest.mark.parametrize(("metric_id", "change"), [
    ("M4", {"numerator": 8.0, "denominator": 8.0, "value": 1.0}), ("M14", {"value": 0.5}),
    ("M1", {"numerator": 99.0, "value": 99.0}),
])  # fmt: skip
@pytest.mark.parametrize("of_group", [False, True])
def test_what_is_remembered_is_held_against_the_records(
    small: Path, metric_id: str, change: dict[str, float], of_group: bool
) -> None:
    """Ratios as counts, of a unit and of the group: the difference is named, nothing is made."""
    prepare(small, YEAR)
    name = "totals" if of_group else "indicators"
    (path,) = (path for path in remembered(small) if path.name.startswith(f"{name}-"))
    frame = pd.read_parquet(path)
    if of_group:
        place = metric_id
    else:
        rows = frame[(frame["metric_id"] == metric_id) & frame["value"].notna()]
        place = rows.index[-1]
    for column, value in change.items():
        frame.loc[place, column] = value
    path.unlink()
    frame.to_parquet(path)
    path.rename(path.with_name(f"{path.stem[:-16]}{sha256(path)[:16]}.parquet"))
    forget()
    with pytest.raises(RecordsError, match=rf"{metric_id}( of \w+)?: remembered is .*difference"):
        prepare(small, YEAR)


@pytest.mark.parametrize("damage", [b"", b"PAR1 and nothing else", b"\x00" * 4096])
def test_a_damaged_memory_is_computed_again(small: Path, damage: bytes) -> None:
    """Cut short, overwritten: the figures are the same, and the files whole again."""
    prepare(small, YEAR)
    before = load_annual(small, YEAR).table
    for path in remembered(small):
        path.write_bytes(damage)
    forget()
    pd.testing.assert_frame_equal(load_annual(small, YEAR).table, before)
    prepare(small, YEAR)
    forget()
    assert all(len(pd.read_parquet(path)) for path in remembered(small))


def test_a_memory_that_cannot_be_written_is_no_error(small: Path) -> None:
    """A folder stands where the file should go: computed, and nothing left behind."""
    year = load_annual(small, YEAR)
    folder = small / "outputs" / "records" / str(YEAR)
    (folder / f"indicators-{year.key[:16]}-{'0' * 16}.parquet").mkdir()
    assert year.row("dongling", "M1")["value"] > 0
    assert not list(folder.glob(".*.tmp"))


def test_old_memories_are_cleared_away(small: Path) -> None:
    """One file a kind: those of another key go."""
    prepare(small, YEAR)
    before = set(remembered(small))
    replace(small, "2023.yml", "report_days: 7", "report_days: 8")
    prepare(small, YEAR)
    assert len(remembered(small)) == 3 and not before & set(remembered(small))


# --- what a circular depends on -------------------------------------------------------------


def fingerprints(home: Path) -> dict[str | None, dict[str, str]]:
    """Of each unit that sent something, and of the group (None)."""
    forget()
    found = slices(home, YEAR)
    return {unit: found.of(unit) for unit in (*FEW, None)}


def test_a_fingerprint_is_the_same_in_every_process(small: Path) -> None:
    """Computed, remembered, read by another process under another hash seed: one value."""
    computed = fingerprints(small)
    assert fingerprints(small) == computed
    program = (
        "import sys; from pathlib import Path; from reportkit.annual.serving import cut\n"
        "print(cut(Path(sys.argv[1]), 2023).of('dongling'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(small)], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert run.stdout.strip() == str(computed["dongling"])


def test_a_row_that_moves_no_median_concerns_its_unit_and_the_group_alone(small: Path) -> None:
    """canglu words a practice otherwise: dongling's circular stays as it is."""
    before = fingerprints(small)

    def reword(workbook: openpyxl.Workbook) -> None:
        workbook["经验做法"]["D3"] = "建立学习制度"

    change(small, "canglu", reword)
    after = fingerprints(small)
    changed = {unit for unit in before if before[unit] != after[unit]}
    assert changed == {"canglu", None}


def test_a_row_that_moves_a_median_concerns_everyone_who_shows_it(small: Path) -> None:
    """canglu's speeches are gone: medians of 研讨 move, though M4 of nobody does."""
    before = fingerprints(small)
    peers = load_annual(small, YEAR).peers(load_annual(small, YEAR).units["dongling"], "M4")

    def silence(workbook: openpyxl.Workbook) -> None:
        workbook["研讨发言"].delete_rows(3, 500)

    change(small, "canglu", silence)
    after = fingerprints(small)
    year = load_annual(small, YEAR)
    assert year.peers(year.units["dongling"], "M4") == peers
    assert {unit for unit in before if before[unit] != after[unit]} == {
        "canglu", "dongling", "yunping", "hq", None,
    }  # fmt: skip


def test_head_office_s_rows_concern_itself_and_the_group(small: Path) -> None:
    """集团本级 is in no median: its sessions change no unit's circular."""
    before = fingerprints(small)

    def cancel(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["学习情况"]
        sheet.cell(3, [cell.value for cell in sheet[2]].index("是否取消") + 1, "是")

    change(small, "hq", cancel)
    after = fingerprints(small)
    assert {unit for unit in before if before[unit] != after[unit]} == {"hq", None}


def read_by(home: Path, unit: str, *, masked: bool = False) -> dict[str, dict[str, str]]:
    """What a unit's circular reads of others: its comparison and its findings."""
    forget()
    record: dict[str, dict[str, str]] = {}
    with reads.recording(record):
        circular = open_unit(unit, YEAR, home=home, masked=masked)
        circular.comparison_table("M2", "M14")
        circular.findings()
    return record


@pytest.mark.parametrize("masked", [False, True])
def test_what_a_circular_reads_is_what_a_plan_compares(small: Path, masked: bool) -> None:
    """By name and value, also in a masked edition; nothing that is not shown: no quartile."""
    record = read_by(small, "dongling", masked=masked)
    forget()
    known = slices(small, YEAR).values
    assert all(known[part].items() >= values.items() for part, values in record.items())
    group = load_annual(small, YEAR).units["dongling"].peer_group
    assert record.keys() >= {
        f"figures of other units/2023 among {group}", "findings/2023",
        "figures of other units/2023 among all units",
    }  # fmt: skip
    names = {name for part, values in record.items() if "among" in part for name in values}
    assert {name.split(" ")[0] for name in names} == {"M2", "M14"}
    assert not any(name.endswith((" q1", " q3", " values", " units")) for name in names)


def test_a_line_concerns_those_whose_findings_it_changes(small: Path) -> None:
    """参学率 below 80 % or below 99.9 %: whoever was found before, or is now, and nobody else."""
    before, outcomes = slices(small, YEAR), {}
    for line in ("0.8", "0.999"):
        if line != "0.8":
            text = (small / "params" / "2023.yml").read_text(encoding="utf-8")
            head, metric, rest = text.partition("metric: M4\n")
            rest = rest.replace("threshold: 0.8\n", f"threshold: {line}\n", 1)
            (small / "params" / "2023.yml").write_text(head + metric + rest, encoding="utf-8")
        forget()
        outcomes[line] = {
            unit for unit in FEW for finding in open_unit(unit, YEAR, home=small).triggered
            if finding.rule.metric == "M4"
        }  # fmt: skip
    forget()
    after = slices(small, YEAR)
    then, now = (each.values["findings/2023"] for each in (before, after))
    assert {unit for unit in then if then[unit] != now[unit]} == outcomes["0.8"] | outcomes["0.999"]
    assert outcomes["0.999"] - outcomes["0.8"]
    assert {unit: before.of(unit) for unit in FEW} == {unit: after.of(unit) for unit in FEW}
