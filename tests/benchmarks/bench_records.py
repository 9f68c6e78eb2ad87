"""How fast submissions are read: `make benchmark`.

- *one large workbook*: 100,000 rows of 签到表 in one unit's file: seconds, and the peak memory of
  the process, against the same at a tenth of the rows;
- *many units*: the demo at 250 and at 1,000 units, on all cores and on one: units a second, and
  the ratio of the times over the ratio of the sizes, which is near 1 where cost is linear;
- *feedback*: the same import with its feedback workbooks.

Seconds depend on the machine; the ratios are what is compared over time.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from reportkit.records import forms
from reportkit.records.demo.xlsx import SheetData, write

UNITS = """\
group_name: 岱川能源集团有限公司
group_short_name: 岱川集团
units:
  - {unit_id: aa, name: 甲岭矿业有限公司, short_name: 甲岭矿业, order: 1, mask_label: A,
     valid_from: 2015-01-01}
"""
YEAR = """\
year: 2023
cutoff: 2023-12-31
issued_on: 2024-01-08
topics: []
archive_items: [签到簿, 学习记录簿, 研讨发言簿]
themes: []
rules: []
"""
PEOPLE = 400
MEASURE = """\
import resource, subprocess, sys, json, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, time.perf_counter() - start, used.ru_maxrss / 1024]))
"""


def sheet(form: forms.Sheet, rows: list[list[Any]]) -> SheetData:
    """One sheet with the headers of our own form."""
    header = [field.header for field in form.fields]
    return SheetData(form.title, "", header, rows, [12] * len(header))


def large(home: Path, sessions: int) -> Path:
    """A workbook folder with one unit, 400 members and so many sessions, signed in by all."""
    for name, text in (("units.yml", UNITS), ("2023.yml", YEAR)):
        path = home / "params" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    people = [
        f"{a}{b}{c}"
        for a in "赵钱孙李周吴郑王"
        for b in "一二三四五"
        for c in "甲乙丙丁戊己庚辛壬癸"
    ]
    since = dt.date(2020, 1, 1)
    members: list[list[Any]] = [[p, None, "成员", "是", "否", since, None] for p in people[:PEOPLE]]
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=n) for n in range(sessions)]
    blank = [None] * (len(forms.sheet_of("sessions").fields) - 8)
    held: list[list[Any]] = [
        [n, day, day, 2, "集体学习", "集体学习", "研讨", f"专题学习之{n}", *blank]
        for n, day in enumerate(days, 1)
    ]
    statuses = ("出席", "出席", "出席", "公务假", "视频", "病事假")
    signed: list[list[Any]] = [
        [n, person, statuses[(n * 7 + k) % 6]]
        for n in range(1, sessions + 1)
        for k, person in enumerate(people[:PEOPLE])
    ]
    cover = SheetData("封面", "", (), [["单位名称", "甲岭矿业有限公司"], ["年度", 2023]], (16, 34))
    book = [
        cover,
        sheet(forms.sheet_of("members"), members),
        sheet(forms.sheet_of("sessions"), held),
    ]
    target = home / "data" / "submissions" / "2023" / "aa.xlsx"
    target.parent.mkdir(parents=True)
    target.write_bytes(write([*book, sheet(forms.sheet_of("sign_in"), signed)]))
    return home


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and peak MB of a command; one that fails ends the benchmark."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *command],
        cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=True,
    )  # fmt: skip
    status, seconds, megabytes = json.loads(run.stdout)
    if status > 1:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return seconds, megabytes


def _attendance(home: Path) -> int:
    """Rows of attendance in the snapshot: a benchmark of refused rows would be none."""
    pointer = home / "outputs" / "records" / "2023" / "snapshot.json"
    return int(json.loads(pointer.read_text(encoding="utf-8"))["tables"]["attendance"]["rows"])


def main() -> None:
    """Measure, and print a line each."""
    bare = ["reportkit", "import", "--no-feedback"]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        times = {}
        for sessions in (25, 250):
            rows = sessions * PEOPLE
            home = large(base / f"rows{rows}", sessions)
            seconds, megabytes = measured(bare, home)
            entered = _attendance(home)
            if entered != rows:
                raise SystemExit(f"{entered} of {rows} rows entered")
            times[rows] = seconds
            print(f"one workbook, {rows:,} attendance rows: {seconds:.1f} s, {megabytes:.0f} MB")
        small, big = times.values()
        print(f"  10 times the rows cost {big / small:.1f} times the time")
        for jobs in (["--jobs", "1"], []):
            times = {}
            for units in (250, 1000):
                home = base / f"units{units}"
                if not home.exists():
                    measured(["reportkit", "demo", "--out", str(home), "--units", str(units)], base)
                times[units], megabytes = measured([*bare, *jobs], home)
                print(
                    f"{units} units a year, two years, {' '.join(jobs) or 'all cores'}: "
                    f"{times[units]:.1f} s, {2 * units / times[units]:.0f} workbooks a second, "
                    f"{megabytes:.0f} MB"
                )
            print(f"  linearity {times[1000] / times[250] / 4:.2f} (1 is linear)")
        start = time.perf_counter()
        measured(["reportkit", "import"], base / "units250")
        print(f"250 units with feedback: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
