"""The demo: the same bytes each time, in which every fault occurs and nothing is refused."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from reportkit.params import YearParams, load_decisions, load_units, load_year
from reportkit.records.demo import generate
from reportkit.records.demo.cast import unit_list
from reportkit.records.demo.texts import PLAIN_PRACTICES, PRACTICES
from reportkit.records.importing import ImportReport, import_year
from reportkit.records.snapshot import read_table

ROOT = Path(__file__).parents[2]
YEARS = (2022, 2023)


@pytest.fixture(scope="module")
def params() -> dict[int, YearParams]:
    return {year: load_year(ROOT, year) for year in YEARS}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, params: dict[int, YearParams]) -> Path:
    """A home with the default demo in it."""
    home = tmp_path_factory.mktemp("demo")
    generate(home, params=params)
    for year in YEARS:
        text = (ROOT / "params" / f"{year}.yml").read_bytes()
        (home / "params" / f"{year}.yml").write_bytes(text)
    return home


@pytest.fixture(scope="module")
def reports(demo: Path) -> dict[int, ImportReport]:
    return {year: import_year(demo, year) for year in YEARS}


def hashes(home: Path) -> dict[str, str]:
    decisions = sorted((home / "params" / "decisions").glob("*.yml"))
    files = [*(home / "data").rglob("*.xlsx"), home / "params" / "units.yml", *decisions]
    return {
        str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files)
    }


_GENERATE = """
import sys
from pathlib import Path
from reportkit.params import load_year
from reportkit.records.demo import generate
generate(Path(sys.argv[1]), 30, params={y: load_year(Path(sys.argv[2]), y) for y in (2022, 2023)})
"""


def test_the_same_bytes_in_two_processes_whatever_the_hash_seed(tmp_path: Path) -> None:
    found = []
    for seed, zone in (("0", "UTC"), ("4242", "Asia/Shanghai")):
        out = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", _GENERATE, str(out), str(ROOT)], check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        )  # fmt: skip
        found.append(hashes(out))
    assert found[0] == found[1] and len(found[0]) == 30 + 31 + 2 + 1 + 2


def test_a_unit_s_data_do_not_depend_on_how_many_units_there_are(
    demo: Path, tmp_path: Path, params: dict[int, YearParams]
) -> None:
    generate(tmp_path, 5, (2023,), params=params)
    few, many = hashes(tmp_path), hashes(demo)
    mine = [name for name in few if "submissions" in name]
    assert len(mine) == 6 and all(few[name] == many[name] for name in mine)


def contents(home: Path) -> dict[str, dict[str, bytes] | bytes]:
    """Each file's content; a workbook's by its parts: another zlib packs the same otherwise."""
    found: dict[str, dict[str, bytes] | bytes] = {}
    for name in hashes(home):
        data = (home / name).read_bytes()
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(data)) as parts:
                found[name] = {part: parts.read(part) for part in parts.namelist()}
        else:
            found[name] = data.replace(b"\r\n", b"\n")
    return found


def test_what_stands_in_the_checkout_is_what_the_generator_writes(demo: Path) -> None:
    """The committed demo is no third truth: `reportkit demo` writes the same."""
    made = contents(demo)
    assert len(made) > 50
    assert contents(ROOT) == made


def test_nothing_of_the_default_set_is_refused_or_missing(reports: dict[int, ImportReport]) -> None:
    for year, units in ((2022, 24), (2023, 25)):
        report = reports[year]
        assert report.ok, report.issues
        assert report.units_missing == () and report.files_read == units + 1  # and the checks
        assert {i.severity for i in report.issues} == {"corrected"}
        assert all(report.tables[name] for name in report.tables)


def test_the_cast_of_the_default_set(demo: Path) -> None:
    units = load_units(demo)
    end = units.at_year_end(2023)
    sizes = {g: sum(u.peer_group == g for u in end) for g in {u.peer_group for u in end}}
    assert sorted(sizes.values()) == [3, 8, 12]
    new = [u for u in units if u.valid_from.year == 2023]
    gone = [u for u in units if u.valid_to]
    assert len(new) == 1 and len(gone) == 1 and gone[0].successor_id in {u.unit_id for u in end}
    assert [u.unit_id for u in units if u.level == "group"] == ["hq"]


def fault_counts(demo: Path) -> dict[str, int]:
    """How many units in being at the end of 2023 show each fault, counted from the tables."""
    t = {name: read_table(demo, 2023, name) for name in (
        "members", "sessions", "session_topics", "attendance", "speeches", "session_reports",
        "archive_checks", "accounts", "plan_items", "submissions", "practices")}  # fmt: skip
    year = load_year(demo, 2023)
    topics = {topic.code for topic in year.mandatory_topics}
    counts = dict.fromkeys(
        ("topic", "attendance", "head", "quarter", "report", "ledger", "account", "plan", "speech"),
        0,
    )
    for unit in load_units(demo).at_year_end(2023):
        mine = {name: frame[frame.unit_id == unit.unit_id] for name, frame in t.items()}
        leaders = mine["members"][mine["members"].in_leadership].person_id
        there = mine["attendance"][mine["attendance"].person_id.isin(leaders)]
        shares = there.status.isin(["出席", "视频"]).groupby(there.person_id).mean()
        talks = mine["speeches"][mine["speeches"].type.isin(["重点", "补充"])]
        held = mine["sessions"][mine["sessions"].session_id.isin(talks.session_id)]
        quarters = set(held.start.dt.quarter) | ({1} if unit.valid_from.year == 2023 else set())
        group = mine["members"][mine["members"].role != "学习秘书"].person_id.nunique()
        ledgers = mine["archive_checks"][mine["archive_checks"].item.isin(year.metrics.ledgers)]
        last = pd.Timestamp(2023, 12, 31)
        post = mine["members"][mine["members"].in_leadership & ~(mine["members"].to < last)]
        counts["topic"] += not topics <= set(mine["session_topics"].topic_code)
        counts["attendance"] += shares.mean() < 0.8
        counts["head"] += not mine["members"].party_affairs_head.any()
        counts["quarter"] += quarters != {1, 2, 3, 4}
        counts["report"] += mine["session_reports"].received_on.notna().mean() < 0.9
        counts["ledger"] += not (ledgers.state == "有").all()
        counts["account"] += not post.person_id.isin(mine["accounts"].person_id).all()
        counts["plan"] += mine["plan_items"].item_id.isin(mine["sessions"].plan_item).mean() < 0.8
        counts["speech"] += mine["speeches"].person_id.nunique() / group < 0.6
    return counts


def test_every_fault_occurs_in_a_few_units(demo: Path, reports: dict[int, ImportReport]) -> None:
    counts = fault_counts(demo)
    assert all(1 <= count <= 4 for count in counts.values()), counts


def test_states_of_the_tables_differ(demo: Path, reports: dict[int, ImportReport]) -> None:
    frame = read_table(demo, 2023, "submissions")
    states = frame.groupby(["table", "state"]).size()
    assert states["attendance", "未报"] == 1  # counts alone, exactly one unit
    assert states["accounts", "未报"] == 1 and states["practices", "零"] == 1
    sheets = read_table(demo, 2023, "attendance")
    assert sheets[sheets.source_sheet == "签到表"].unit_id.nunique() >= 3
    joint = read_table(demo, 2023, "sessions").joint_id.dropna()
    assert joint.nunique() == 1 and len(joint) == 25  # all units, 集团本级 too


def test_practices_can_be_quoted_after_a_unit_s_name() -> None:
    for kind, name, what, outcome in (*PRACTICES, *PLAIN_PRACTICES):
        assert len(what) <= 200 and len(name) <= 60 and kind
        assert (
            what[-1] not in "。；，" and outcome[-1] not in "。；，" and what[0] not in "我本该其"
        )


def test_five_thousand_units_have_names_and_ids_of_their_own() -> None:
    units = unit_list(5000)
    assert len({u.unit_id for u in units}) == 5001
    called = [name for unit in units for name in set(unit.names)]
    assert len(set(called)) == len(called)


def test_the_workbooks_open_in_another_program_s_reader(demo: Path) -> None:
    path = demo / "data" / "submissions" / "2023" / "dongling.xlsx"
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    assert book.sheetnames[:5] == ["封面", "成员名单", "学习计划", "计划内容", "学习情况"]
    sheet = book["学习情况"]
    assert sheet["A2"].value == "序号" and sheet["B3"].is_date and sheet["A2"].border.left.style
    assert "A1:T1" in {str(merged) for merged in sheet.merged_cells.ranges}


@pytest.mark.parametrize("units", [2, 5001])
def test_a_number_of_units_out_of_range_is_refused(tmp_path: Path, units: int) -> None:
    with pytest.raises(ValueError, match="3 to 5000"):
        generate(tmp_path, units)


@pytest.mark.parametrize("units", [3, 24, 60])
def test_selected_practices_were_sent_by_their_units(tmp_path: Path, units: int) -> None:
    """The group circular of any demo finds the practices that its decisions select."""
    params = {2023: load_year(ROOT, 2023)}
    generate(tmp_path, units=units, years=(2023,), params=params)
    for name in ("2023.yml", "letterhead.yml"):
        (tmp_path / "params" / name).write_bytes((ROOT / "params" / name).read_bytes())
    selected = load_decisions(tmp_path, 2023).practices
    import_year(tmp_path, 2023)
    rows = read_table(tmp_path, 2023, "practices")
    chosen = [p for each in selected.values() for p in each]
    assert chosen and set(chosen) <= set(rows["practice_id"])
    assert len(set(chosen)) == len(chosen)
    named = rows.set_index("practice_id").loc[chosen, "name"]
    assert named.is_unique
