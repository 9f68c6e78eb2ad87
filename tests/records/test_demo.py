"""The demo: the same bytes each time, in which every fault occurs and nothing is refused."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from reportkit.params import YearParams, load_decisions, load_units, load_year
from reportkit.records.demo import generate
from reportkit.records.demo.cast import unit_list
from reportkit.records.demo.invented import invented
from reportkit.records.forms import unit_sheets
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
    sent = [path for path in (home / "data").rglob("*") if path.is_file()]
    files = [*sent, home / "params" / "units.yml", *decisions]
    return {
        p.relative_to(home).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(files)
    }


_GENERATE = """
import sys
from pathlib import Path
from reportkit.params import load_year
from reportkit.records.demo import generate
generate(Path(sys.argv[1]), 30, params={y: load_year(Path(sys.argv[2]), y) for y in (2022, 2023)})
"""


def test_the_same_bytes_in_two_processes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Neither the clock, the time zone nor the order of sets gets into a file."""
    found = []
    for seed, zone in (("0", "UTC"), ("4242", "Asia/Shanghai")):
        out = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", _GENERATE, str(out), str(ROOT)], check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        )  # fmt: skip
        found.append(hashes(out))
    # 2022, 2023 (one unit by quarters, with a scan), checks, units.yml, decisions
    assert found[0] == found[1] and len(found[0]) == 30 + (30 + 4 + 1) + 2 + 1 + 2


def test_a_unit_s_data_do_not_depend_on_how_many_units_there_are(
    demo: Path, tmp_path: Path, params: dict[int, YearParams]
) -> None:
    """With six units, three pairs, each unit sends the bytes that it sends with 24."""
    generate(tmp_path, 6, (2023,), params=params)
    few, many = hashes(tmp_path), hashes(demo)
    mine = [name for name in few if "submissions" in name]
    assert len(mine) == 7 and all(few[name] == many[name] for name in mine)


def test_a_unit_without_its_partner_differs_in_its_visits_alone(
    demo: Path, tmp_path: Path, params: dict[int, YearParams]
) -> None:
    """Of five units the last has nobody to visit: it says 无, and all else is the same."""
    generate(tmp_path, 5, (2023,), params=params)
    name = "data/submissions/2023/shitang.xlsx"
    alone, paired = (sheets(home / name) for home in (tmp_path, demo))
    assert alone.pop("旁听记录")[2:] == [("无", *[None] * 7)]
    assert len(paired.pop("旁听记录")) == 2 + 4
    assert alone == paired


def sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Each sheet's cells, row by row."""
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


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


EXPECTED = {
    2022: {
        "corrected_date/shitang": 4, "corrected_span/shitang": 3, "corrected_person/lanxi": 1,
        "corrected_whole/chiyan": 3, "merged_read/shuoyuan": 9, "duplicate/shaoting": 1,
        "joint_sessions/hq": 1, "visit_unmatched/mugang": 1,
    },
    2023: {
        "corrected_date/shitang": 4, "corrected_span/shitang": 4, "corrected_person/lanxi": 1,
        "corrected_whole/chiyan": 3, "corrected_choice/yuba": 6, "merged_read/shuoyuan": 6,
        "duplicate/shaoting": 1, "duplicate/cuiping": 1,
        "evidence/cuiping": 1, "joint_sessions/hq": 1, "merged_unit_twice/likun": 1,
        "visit_unmatched/likun": 1, "visit_unmatched/mugang": 1,
        "visit_dates_differ/songao": 1, "visit_dates_differ/chengwan": 1,
    },
}  # fmt: skip
"""code/unit → how many cells or rows it is said of: the demo's story, and nothing else."""


@pytest.mark.parametrize("year", YEARS)
def test_nothing_of_the_default_set_is_refused_or_missing(
    reports: dict[int, ImportReport], year: int
) -> None:
    """Everything enters; what is corrected and warned of is what the demo is to show."""
    report = reports[year]
    assert report.ok, [i for i in report.issues if i.severity == "refused"]
    files = {2022: 24 + 1, 2023: 24 + 4 + 1}  # one unit's in quarters; and the checks
    assert report.units_missing == () and report.files_read == files[year]
    assert report.files_refused == 0 and report.evidence == (1 if year == 2023 else 0)
    found = {(f"{i.code}/{i.unit_id}", i.file, i.sheet, i.cell) for i in report.issues}
    assert Counter(key for key, *_ in found) == EXPECTED[year]
    off = {"platform", "note_checks", "objections"}
    if year == 2022:  # nobody had been told of anything before
        off.add("rectifications")
    empty = {name for name, rows in report.tables.items() if not rows}
    assert empty <= off | {"value_states"} and empty >= {"platform", "note_checks"}


def test_the_cast_of_the_default_set(demo: Path) -> None:
    """Peer groups above and below the least size, a new unit, and one that was merged."""
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
    """Each finding of the circulars has its units, and most units are without it."""
    counts = fault_counts(demo)
    assert all(1 <= count <= 4 for count in counts.values()), counts


def test_states_of_the_tables_differ(demo: Path, reports: dict[int, ImportReport]) -> None:
    """已报, 零, 未报 and 不适用 all occur; a sign-in list and a joint session are there."""
    frame = read_table(demo, 2023, "submissions")
    states = frame.groupby(["table", "state"]).size()
    assert states["attendance", "未报"] == 1  # counts alone, exactly one unit
    assert states["accounts", "未报"] == 1 and states["practices", "零"] == 1
    assert states["research", "零"] == 1 and states["research", "已报"] == 24
    assert states["platform", "不适用"] == 25
    sheets = read_table(demo, 2023, "attendance")
    assert sheets[sheets.source_sheet == "签到表"].unit_id.nunique() >= 3
    joint = read_table(demo, 2023, "sessions").joint_id.dropna()
    assert joint.nunique() == 1 and len(joint) == 25  # all units, 集团本级 too


def test_practices_can_be_quoted_after_a_unit_s_name() -> None:
    """“东岭矿业{what}” reads as a sentence."""
    for kind, name, what, outcome in (*invented()["practices"], *invented()["plain_practices"]):
        assert len(what) <= 200 and len(name) <= 60 and kind
        assert (
            what[-1] not in "。；，" and outcome[-1] not in "。；，" and what[0] not in "我本该其"
        )


def test_five_thousand_units_have_names_and_ids_of_their_own() -> None:
    """No two units share a name, a short name, an alias or an id."""
    units = unit_list(5000)
    assert len({u.unit_id for u in units}) == 5001
    called = [name for unit in units for name in set(unit.names)]
    assert len(set(called)) == len(called)


def test_the_workbooks_open_in_another_program_s_reader(demo: Path) -> None:
    """openpyxl finds sheets, dates, borders and merged cells where they belong."""
    path = demo / "data" / "submissions" / "2023" / "dongling.xlsx"
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    assert book.sheetnames[:5] == ["封面", "成员名单", "学习计划", "计划内容", "学习情况"]
    sheet = book["学习情况"]
    assert sheet["A2"].value == "序号" and sheet["B3"].is_date and sheet["A2"].border.left.style
    assert "A1:T1" in {str(merged) for merged in sheet.merged_cells.ranges}


@pytest.mark.parametrize("year", YEARS)
def test_the_sheets_are_those_of_the_forms(demo: Path, year: int) -> None:
    """Our own sheets and headers, in the order of the form; none that is switched off."""
    forms = {form.title: form for form in unit_sheets()}
    off = {"学习强国"}
    for path in sorted((demo / "data" / "submissions" / str(year)).glob("*.xlsx")):
        found = sheets(path)
        names = [name for name in forms if name not in off]
        assert [n for n in found if n != "封面"] == [n for n in names if n in found]
        # Only a unit that was told of something last year has to say what it did about it.
        assert set(names) - set(found) <= {"签到表", "整改情况"}
        for title in ("调查研究", "旁听记录", "经验做法"):
            assert found[title][1] == tuple(f.header for f in forms[title].fields)
        assert ("报送期间", f"{year}年") in found["封面"]


def test_a_unit_that_reports_by_quarters_tells_the_same_year(
    demo: Path, reports: dict[int, ImportReport]
) -> None:
    """Four workbooks with numbers of their own; the session that stands in two counts once."""
    folder = demo / "data" / "submissions" / "2023" / "cuiping"
    books = {p.stem[-2:]: sheets(p) for p in sorted(folder.glob("*.xlsx"))}
    assert sorted(books) == ["Q1", "Q2", "Q3", "Q4"]
    rows = {q: [r for r in book["学习情况"][2:] if isinstance(r[0], int)]
            for q, book in books.items()}  # fmt: skip
    first = {quarter: each[0][0] for quarter, each in rows.items()}
    assert first == {"Q1": 1, "Q2": 401, "Q3": 701, "Q4": 1001}
    lines = [row for each in rows.values() for row in each]
    events = {(row[1], row[7]) for row in lines}
    assert len(lines) == len(events) + 1
    sessions = read_table(demo, 2023, "sessions")
    mine = sessions[sessions.unit_id == "cuiping"]
    assert {(r.start.to_pydatetime(), r.title) for r in mine.itertuples()} == events
    assert len(mine) == len(events)
    assert all("述学" in book for book in books.values())
    assert [q for q, book in books.items() if "经验做法" in book] == ["Q4"]
    assert [q for q, book in books.items() if "计划内容" in book] == ["Q1"]


def test_the_scan_is_a_small_page_that_opens(demo: Path) -> None:
    """A PDF of one page that a reader opens, small enough to lie in a checkout."""
    from pypdf import PdfReader

    content = (demo / "data/submissions/2023/cuiping/签到簿扫描件.pdf").read_bytes()
    reader = PdfReader(BytesIO(content), strict=True)
    assert len(content) < 2048 and len(reader.pages) == 1
    assert b" l\n" in reader.pages[0].get_contents().get_data()


def test_visits_stand_in_both_units_books_but_for_a_few(
    demo: Path, reports: dict[int, ImportReport]
) -> None:
    """Both sides of a visit become one row; two were forgotten by one side each."""
    visits = read_table(demo, 2023, "visits")
    told = visits.reported_by.value_counts().to_dict()
    assert told == {"双方": len(visits) - 2, "旁听单位": 1, "被旁听单位": 1} and len(visits) > 40
    pairs = read_table(demo, 2023, "pairings").groupby("group_no").unit_id.agg(set)
    assert len(pairs) == 12 and all(len(pair) == 2 for pair in pairs)
    assert all({v.observer_unit, v.host_unit} in list(pairs) for v in visits.itertuples())
    assert 10 < visits.ratings.notna().sum() < len(visits)
    assert visits.session_id.notna().sum() == len(visits) - 1  # the host forgot one
    held = read_table(demo, 2023, "sessions").set_index("session_id").start
    known = visits[visits.session_id.notna()]
    assert (held.loc[known.session_id].to_numpy() == known.date.to_numpy()).all()


def test_what_the_office_rates_and_checks_reaches_the_tables(
    demo: Path, reports: dict[int, ImportReport]
) -> None:
    """发言评议 is a sample, in which some units lack measures; 制度核查 covers 13 systems."""
    speeches = read_table(demo, 2023, "speeches")
    rated = speeches[speeches.has_measures != "未评"]
    assert 30 < len(rated) < len(speeches) / 10
    share = (rated.has_measures == "否").groupby(rated.unit_id).mean()
    assert set(share[share > 0.3].index) == {"shuoyuan", "mugang"}
    systems = read_table(demo, 2023, "system_checks")
    assert len(systems) == 13 * 25
    done = (systems.state == "已执行").groupby(systems.unit_id).mean()
    assert set(done.nsmallest(2).index) == {"tongping", "haoyan"}
    confirmed = read_table(demo, 2023, "confirmations")
    assert confirmed.waived_because.notna().sum() == 1 and confirmed.confirmed_on.notna().sum() == 3


def test_awards_stand_beside_honours_alone(demo: Path, reports: dict[int, ImportReport]) -> None:
    """获奖情况 and 颁发单位 are filled for 荣誉; practices name sessions of their own unit."""
    practices = read_table(demo, 2023, "practices")
    assert ((practices.kind == "荣誉") == practices.award.notna()).all()
    assert (
        practices.award.notna().any() and (practices.award.isna() == practices.issuer.isna()).all()
    )
    ids = set(read_table(demo, 2023, "sessions").session_id)
    linked = practices[practices.sessions.notna()]
    assert len(linked) > 10
    for row in linked.itertuples():
        named = row.sessions.split("、")
        assert set(named) <= ids and all(n.startswith(f"{row.unit_id}/") for n in named)


@pytest.mark.parametrize("units", [2, 5001])
def test_a_number_of_units_out_of_range_is_refused(tmp_path: Path, units: int) -> None:
    """3 to 5000 units, no fewer and no more."""
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
