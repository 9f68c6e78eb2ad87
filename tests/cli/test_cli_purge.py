"""``reportkit purge``: no person is left in outputs/, and later years print as before."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from closing_support import ROOT, call, closed, closed_once, compared, tree

from reportkit.errors import RecordsError
from reportkit.loaders import Records
from reportkit.records.schemas import TABLES
from reportkit.records.schemas.persons import cleared_columns, is_on_persons, names_in

__all__ = ["closed", "closed_once"]

TERM = "persons: {years: 1}\n"
AFTER = "2024-01-01"  # the first day on which 2022 is past: one full year, 2023, has gone by


def put_term(home: Path, text: str = TERM) -> Path:
    (home / "params" / "retention.yml").write_text(text, encoding="utf-8")
    return home


def purge(home: Path, *more: object) -> object:
    return call("purge", "--on", AFTER, *more, "--home", home)


@pytest.fixture
def due(closed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook with a term by which 2022 is past; of its parts no figures are kept."""
    from reportkit.annual import keeping

    monkeypatch.setattr(keeping, "PARTS", ())
    return put_term(closed)


@pytest.fixture(scope="module")
def purged(closed_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That workbook, purged; tests read it and must not change it."""
    home = Path(shutil.copytree(closed_once, tmp_path_factory.mktemp("purged") / "workbook"))
    assert purge(put_term(home)).exit_code == 0
    return home


def names_of(home: Path, year: int) -> set[str]:
    return names_in({name: Records(home, year)[name] for name in TABLES})


def holds(path: Path, names: set[str]) -> bool:
    """Whether any name stands in a file: its bytes, its parts if packed, its cells if Parquet."""
    content = path.read_bytes()
    parts = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts += [package.read(name) for name in package.namelist()]
    if path.suffix == ".parquet":
        parts.append(pd.read_parquet(path).to_csv().encode())
        parts.append(" ".join(pd.read_parquet(path).columns).encode())
    forms = [f for n in names for f in (n.encode(), json.dumps(n)[1:-1].encode())]
    return any(form in part for part in parts for form in forms)


def test_no_person_of_the_year_is_left(due: Path) -> None:
    """Every byte under outputs/ and params/, Parquet and workbooks unpacked, after two imports.

    Before, the names are there to be found; the first snapshot, of other rows, is purged too.
    """
    names = names_of(due, 2022)
    assert len(names) > 20
    first = due / "data" / "submissions" / "2022"
    shutil.move(next(iter(sorted(first.glob("*.xlsx")))), due / "aside.xlsx")
    from reportkit.records.importing import import_year

    import_year(due, 2022, jobs=1)
    records = due / "outputs" / "records"
    assert len(list((records / "2022").glob("*/members.parquet"))) == 2
    shutil.rmtree(records / "2023")  # the same persons, whose term has not passed
    quality = due / "outputs" / "2022" / "data_quality"
    quality.mkdir(parents=True)
    (quality / "data_quality.ipynb").write_text(json.dumps(sorted(names)), encoding="utf-8")
    assert sum(holds(p, names) for p in (due / "outputs").rglob("*") if p.is_file()) > 10
    result = purge(due)
    assert result.exit_code == 0, result.stderr
    for folder in ("outputs", "params"):
        for path in (due / folder).rglob("*"):
            assert not path.is_file() or not holds(path, names), path
            assert not any(name in str(path) for name in names)
    assert not (records / "2022").exists() and not quality.exists()


def test_what_stays_of_the_tables_names_nobody(closed_once: Path, purged: Path) -> None:
    """Rows on persons are gone, free words emptied; days, counts and codes of sessions stay."""
    was = {name: Records(closed_once, 2022)[name] for name in TABLES}
    kept = purged / "outputs" / "kept" / "2022"
    record = json.loads((kept / "purged.json").read_text(encoding="utf-8"))
    for name, table in TABLES.items():
        left = pd.read_parquet(kept / "records" / f"{name}.parquet")
        assert record["tables"][name]["rows"] == len(was[name])
        assert record["tables"][name]["removed"] == len(was[name]) - len(left)
        if is_on_persons(table):
            assert left.empty, name
        for column in cleared_columns(table) if len(left) else []:
            assert set(left[column].dropna()) <= {""}, f"{name}.{column}"
    assert {"members", "attendance", "speeches", "accounts", "research", "note_checks"} <= {
        name for name, table in TABLES.items() if is_on_persons(table)
    }
    sessions = pd.read_parquet(kept / "records" / "sessions.parquet")
    assert len(sessions) == len(was["sessions"]) > 20
    for column in ("session_id", "start", "hours", "kind", "expected", "present"):
        own = sessions[column].astype(was["sessions"][column].dtype)
        assert list(own.astype(str)) == list(was["sessions"][column].astype(str))
    assert set(sessions["host_id"].dropna()) == set()


def test_next_year_s_circulars_print_the_same(closed: Path) -> None:
    """Every figure beside last year's, of the year and its parts; what is followed up; peers.

    And each document depends on the same as before: nothing is made again.
    """
    from reportkit.annual import load_annual, slices
    from reportkit.circular.follow_up import follow_up
    from reportkit.circular.judging import findings_of

    due = put_term(closed)

    def everything() -> list[object]:
        annual = load_annual(due, 2023)
        units = [unit.unit_id for unit in annual.at_end]
        told = follow_up(annual, units)
        found = [f.sentence for u in units for f in findings_of(annual, u, annual.of_unit(u))]
        parts = [compared(due, 2023, p) for p in (None, "2023Q1", "2023H1", "2023Q3", "2023Q4")]
        sliced = [slices(due, 2023, p).parts for p in (None, "2023Q3")]
        return [parts, told, found, sliced]

    before = everything()
    assert before[1].total > 3 and any("上年已指出" in each for each in before[2])
    assert purge(due).exit_code == 0
    assert load_annual(due, 2023).last.purged
    assert everything() == before


def test_the_year_s_own_circulars_are_refused(purged: Path) -> None:
    """A run, a plan, an import of it: each says when, and under what, it was purged."""
    due = purged
    for command in (("run",), ("plan",), ("import",), ("import", "--as-of", "2024-01-08")):
        before = tree(due / "outputs" / "kept")
        result = call(*command, "--year", 2022, "--home", due)
        assert result.exit_code in (1, 2), command
        assert "purged on 2024-01-01, under params/retention.yml" in result.stderr, command
        assert "look in outputs/2022/" in result.stderr
        assert tree(due / "outputs" / "kept") == before
        assert not (due / "outputs" / "records" / "2022").exists()
    result = call("import", "--no-feedback", "--home", due)
    assert "2022: left out: its records were purged on 2024-01-01" in result.stderr
    assert not (due / "outputs" / "records" / "2022" / "snapshot.json").exists()


def test_only_what_is_past_its_term_goes(due: Path) -> None:
    """On the last day of the term nothing; 2023 stays; asked for by name it is refused."""
    before = tree(due)
    result = call("purge", "--on", "2023-12-31", "--home", due)
    assert result.exit_code == 0 and "No year's term has passed" in result.stdout
    result = purge(due, "--year", 2023)
    assert result.exit_code == 2 and "are kept until 2024-12-31" in result.stderr
    assert call("purge", "--on", "31.12.2024", "--home", due).exit_code == 2
    put_term(due, "persons: null\n")
    assert "nothing is purged" in purge(due).stdout
    assert purge(due, "--year", 2022).exit_code == 2
    put_term(due)
    assert {k: v for k, v in tree(due).items() if "/.reportkit/" not in k} == before
    kept = tree(due / "outputs" / "records" / "2023")
    assert purge(due).exit_code == 0
    after = tree(due / "outputs" / "records" / "2023")
    assert {k: after.get(k) for k in kept} == kept


def test_dry_run_tells_and_removes_nothing(due: Path) -> None:
    """Rows by table, files, and what would be left."""
    rows = {n: len(Records(due, 2022)[n]) for n in TABLES if is_on_persons(TABLES[n])}
    before = tree(due)
    (told,) = json.loads(purge(due, "--dry-run", "--json").stdout)
    assert told["state"] == "to purge"
    assert told["rows"] == {name: n for name, n in rows.items() if n}
    assert told["originals"] == ["data/submissions/2022", "data/checks/2022.xlsx"]
    assert tree(due) == before


def test_the_record_says_what_went_and_survives_make_clean(
    closed_once: Path, purged: Path, tmp_path: Path
) -> None:
    """Day, term, rows, hashes of what was removed; a second purge changes nothing."""
    due = Path(shutil.copytree(purged, tmp_path / "workbook"))
    was = tree(closed_once / "outputs" / "records" / "2022")
    was = {name: digest for name, digest in was.items() if "-" not in name}  # but for caches
    record = json.loads((due / "outputs/kept/2022/purged.json").read_text(encoding="utf-8"))
    assert (record["day"], record["under"], record["state"]) == (
        AFTER, "params/retention.yml", "done",
    )  # fmt: skip
    assert record["term"] == {"persons": 1, "submissions": None}
    for name, digest in was.items():
        assert record["removed"][f"outputs/records/2022/{name}"] == digest
    assert record["snapshots"][0]["digest"] == record["digest"]
    before = tree(due / "outputs" / "kept")
    assert "No year's term has passed" in purge(due).stdout
    assert tree(due / "outputs" / "kept") == before
    subprocess.run(["make", "-s", "-f", str(ROOT / "Makefile"), "clean"], cwd=due, check=True)
    assert tree(due / "outputs" / "kept") == before
    assert not (due / "outputs" / "records").exists()
    from reportkit.loaders import has_figures, has_snapshot

    assert has_figures(due, 2022) and not has_snapshot(due, 2022)


def test_submissions_and_issued_papers_are_named_and_left(due: Path) -> None:
    """Only a term of their own lets submissions go; what was issued is never touched."""
    issued = due / "outputs" / "issued" / "TB-2022-01" / "inputs" / "records" / "2022"
    shutil.copytree(due / "outputs" / "records" / "2022", issued)
    other = due / "outputs" / "issued" / "TB-2023-01" / "inputs" / "records" / "2023"
    shutil.copytree(due / "outputs" / "records" / "2023", other)
    archive = due / "outputs" / "archive"
    archive.mkdir()
    for name, year in (("TB-2022-01", 2022), ("TB-2023-01", 2023)):
        with zipfile.ZipFile(archive / f"{name}.zip", "w") as package:
            package.writestr(f"依据/outputs/records/{year}/0123/members.parquet", b"rows")
    (archive / "cut.zip").write_bytes(b"PK")
    before = {**tree(due / "outputs" / "issued"), **tree(archive), **tree(due / "data")}
    result = purge(due)
    assert "left as it is: outputs/issued/TB-2022-01 " in result.stderr
    for name in ("TB-2022-01", "cut"):
        assert f"left as it is: outputs/archive/{name}.zip " in result.stderr
    assert "TB-2023-01" not in result.stderr
    assert "left as it is: data/submissions/2022" in result.stderr
    after = {**tree(due / "outputs" / "issued"), **tree(archive), **tree(due / "data")}
    assert after == before
    put_term(due, "persons: {years: 1}\nsubmissions: {years: 1}\n")
    assert purge(due).exit_code == 0
    assert not (due / "data" / "submissions" / "2022").exists()
    assert (due / "data" / "submissions" / "2023").exists()
    record = json.loads((due / "outputs/kept/2022/purged.json").read_text(encoding="utf-8"))
    sent = {v for k, v in before.items() if k.startswith(("submissions/2022", "checks/2022"))}
    assert set(record["originals_removed"]) == sent
    assert "xlsx" not in json.dumps(record["originals_removed"])


def test_a_year_that_was_not_imported_keeps_its_submissions(due: Path) -> None:
    """Its figures would be lost: it is refused, whatever the terms say."""
    put_term(due, "persons: {years: 1}\nsubmissions: {years: 1}\n")
    shutil.rmtree(due / "outputs" / "records" / "2022")
    result = purge(due, "--year", 2022)
    assert result.exit_code == 1 and "figures are not kept" in result.stderr
    assert (due / "data" / "submissions" / "2022").exists()


def test_what_still_names_a_person_is_told_by_file(due: Path) -> None:
    """The tool deletes no circular and no decision of an analyst; nor does it say the name."""
    name = sorted(names_of(due, 2022))[0]
    paper = due / "outputs" / "2022" / "dongling" / "circular.failed.ipynb"
    paper.parent.mkdir(parents=True)
    paper.write_text(json.dumps(f"KeyError: {name}"), encoding="utf-8")  # in ASCII: \\u5f20
    result = purge(due)
    assert "look over: outputs/2022/dongling/circular.failed.ipynb" in result.stderr
    assert name not in result.stderr + result.stdout
    assert paper.exists()


def test_a_damaged_snapshot_is_not_purged(due: Path) -> None:
    """Its figures could not be kept right: the year is refused, and nothing removed."""
    table = next((due / "outputs" / "records" / "2022").glob("*/speeches.parquet"))
    table.write_bytes(b"damaged")
    before = tree(due / "outputs" / "records")
    result = purge(due)
    assert result.exit_code == 1 and "2022: not purged" in result.stderr
    assert {k: v for k, v in tree(due / "outputs" / "records").items() if k in before} == before
    assert not (due / "outputs" / "kept" / "2022").exists()


def test_figures_that_were_tampered_with_are_refused(purged: Path, tmp_path: Path) -> None:
    """No comparison is printed from a file that is not the one that was kept."""
    due = Path(shutil.copytree(purged, tmp_path / "workbook"))
    path = due / "outputs" / "kept" / "2022" / "figures" / "indicators.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(RecordsError, match="missing or damaged"):
        compared(due, 2023)


class Killed(BaseException):
    """The process is gone: nothing after it is carried out."""


def killing(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """From the ``at``-th change of the disk on, none is made. Returns how many were asked for."""
    asked = [0]

    def guarded(real: Callable[..., object]) -> Callable[..., object]:
        def call_or_die(*args: object, **kwargs: object) -> object:
            asked[0] += 1
            if asked[0] > at:
                raise Killed
            return real(*args, **kwargs)

        return call_or_die

    for where, name in ((os, "replace"), (os, "rename"), (os, "unlink"), (os, "rmdir"),
                        (shutil, "rmtree"), (Path, "write_bytes"), (Path, "rename"),
                        (Path, "unlink"), (Path, "mkdir")):  # fmt: skip
        monkeypatch.setattr(where, name, guarded(getattr(where, name)))
    return lambda: asked[0]


def test_cut_off_anywhere_it_is_whole_or_purged_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at each change of the disk: the snapshot is whole, or it counts as none.

    Among the many files that go one by one, some places are tried.
    """
    from reportkit.loaders import has_figures, has_snapshot
    from reportkit.params.retention import Retention, Term
    from reportkit.records.purging import Order, keep, remove
    from reportkit.records.schemas import empty
    from reportkit.records.snapshot import write_snapshot

    figures = {"indicators": b"PAR1"}
    tables = {name: empty(table) for name, table in TABLES.items()}
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # most of the time that this takes

    def order_of(home: Path) -> Order:
        write_snapshot(home, 2022, tables, [])
        return Order(home, 2022, dt.date(2024, 1, 1), Retention(persons=Term(years=1)))

    with pytest.MonkeyPatch.context() as patch:
        order = order_of(tmp_path / "whole")
        asked = killing(patch, 10_000)
        keep(order, figures)
        remove(order)
        last = asked()
    assert last > 30
    states = []
    for at in [*range(14), *range(14, last - 3, 6), *range(last - 3, last)]:
        home = tmp_path / str(at)
        order = order_of(home)
        with pytest.MonkeyPatch.context() as patch:
            killing(patch, at)
            with pytest.raises(Killed):
                keep(order, figures)
                remove(order)
        states.append(has_snapshot(home, 2022))
        assert has_figures(home, 2022)
        if states[-1]:
            for name in TABLES:
                Records(home, 2022).read(name)
            keep(order, figures)
        remove(order)
        assert not (home / "outputs" / "records" / "2022").exists()
        kept = home / "outputs" / "kept"
        assert [p.name for p in kept.iterdir() if not p.name.startswith(".new-")] == ["2022"]
        assert json.loads((kept / "2022" / "purged.json").read_bytes())["state"] == "done"
    assert states == sorted(states, reverse=True) and len(set(states)) == 2


def test_a_paper_that_a_person_changed_is_kept(due: Path) -> None:
    """Of the paper that quotes cells a copy with a person's changes stays, told of to look over."""
    from reportkit.batch.manifest import Entry, Manifest

    folder = due / "outputs" / "2022" / "data_quality"
    folder.mkdir(parents=True)
    (folder / "x.docx").write_bytes(b"by a person")
    manifest = Manifest(due / "outputs", 2022)
    manifest.entries["data_quality/x"] = Entry(
        unit="data_quality", year=2022, period=None, edition="draft", label="x", notebook="x.ipynb",
        folder="2022/data_quality", parameters={}, fingerprint={}, this_run=None,
        files={"x.docx": {"sha256": "made", "bytes": 4}},
        last_result={"state": "done", "attempts": 1, "error": None},
    )  # fmt: skip
    manifest.export()
    result = purge(due)
    assert result.exit_code == 1
    assert "not as the manifest has it: 2022/data_quality/x.docx" in result.output
    assert not folder.exists()
    (copy,) = (due / "outputs" / "drafts" / "2022" / "data_quality").glob("*/x.docx")
    assert copy.read_bytes() == b"by a person"


def test_status_misses_no_paper_that_was_purged(due: Path) -> None:
    """The 数据质量报告 goes with its entry: nothing is said to be damaged, other papers stay."""
    from reportkit.batch.manifest import Entry, Manifest

    outputs = due / "outputs"
    manifest = Manifest(outputs, 2022)
    for name in ("data_quality", "group"):
        (outputs / "2022" / name).mkdir(parents=True)
        manifest.entries[f"{name}/x"] = Entry(
            unit=name, year=2022, period=None, edition="draft", label=name, notebook="x.ipynb",
            folder=f"2022/{name}", parameters={}, fingerprint={}, files={}, this_run=None,
            last_result={"state": "done", "attempts": 1, "error": None},
        )  # fmt: skip
    manifest.export()
    assert purge(due).exit_code == 0
    assert list(Manifest(outputs, 2022).entries) == ["group/x"]
