"""How fast a year's metrics are computed: ten million rows of attendance over 5,000 units.

What is asked for: all metrics and comparisons in under 30 s and 4 GB on two cores, and a time
a row within 2× from 100,000 to 10 million rows. Each size is measured in a process of its own,
on a made-up group of 2,000 rows a unit (:mod:`synthetic_group`; with ``--units`` the units stay
as many, and the rows a unit grow):

- *params*: reading and checking the parameters, above all the names of so many units;
- *read*: the snapshot's tables from the disk;
- *metrics*: every indicator of every unit;
- *compare*: the group's totals, and the distributions over units that comparisons need;
- *annual*: each unit's indicators with their comparisons, as circulars ask for them, the
  remembering of what was computed included;
- *MB read*, *MB*: the most memory that the process held, up to the end of reading and of all.

    python tests/benchmarks/bench_metrics.py --rows 100_000 1_000_000 --profile

Seconds depend on the machine; the ratios are what is compared over time.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

YEAR = 2023
SIZES = (100_000, 1_000_000, 10_000_000)
ROWS_A_UNIT = 2_000
SECONDS, MEGABYTES, TIMES = 30.0, 4096.0, 2.0
PARTS = ("params", "read", "metrics", "compare", "annual")

Measured = dict[str, Any]
"""rows, units, seconds {part: s}, megabytes {part: the peak up to its end}, profile."""


# --- the child: one size ------------------------------------------------------------------


def peak() -> float:
    """The most memory that this process ever held, in MB."""
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def measure(home: Path) -> Measured:
    """Seconds and memory of each part, in this process; its imports are not counted."""
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401

    from reportkit.annual import load_annual, prepare
    from reportkit.metrics.comparison import distribution
    from reportkit.metrics.year import group_totals, indicators_by_unit

    for remembered in (home / "outputs" / "records" / str(YEAR)).glob("*.parquet"):
        remembered.unlink()  # of a group that is measured a second time
    seconds: dict[str, float] = {}
    megabytes: dict[str, float] = {}

    @contextmanager
    def part(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        seconds[name], megabytes[name] = time.perf_counter() - start, peak()

    prepare(home, YEAR - 1)  # remembered since last year; what is compared with it counts
    with part("params"):
        year = load_annual(home, YEAR)
    frames = year.frames
    with part("read"):
        tables = {name: frames.tables[name] for name in frames.tables}
    with part("metrics"):
        table = indicators_by_unit(frames)
    with part("compare"):
        totals, spreads = group_totals(frames, table), distribution(frames, table)
    # What was just computed is not computed again.
    module = sys.modules[type(year).__module__]
    for function, known in (
        (indicators_by_unit, table), (group_totals, totals), (distribution, spreads),
    ):  # fmt: skip
        setattr(module, function.__name__, _knowing(known))
    with part("annual"):
        made = [year.of_unit(unit.unit_id) for unit in year.units.in_year(YEAR)]
        year.of_group()
    rows = len(tables["attendance"])
    return {"rows": rows, "units": len(made), "seconds": seconds, "megabytes": megabytes}


def _knowing(value: Any) -> Callable[..., Any]:
    """A function that knows its answer, whatever it is asked."""
    return lambda *_: value


def profiled(home: Path, order: str) -> Measured:
    """The same under cProfile, with the 25 functions that cost most."""
    profile, text = cProfile.Profile(), io.StringIO()
    result = profile.runcall(measure, home)
    pstats.Stats(profile, stream=text).strip_dirs().sort_stats(order).print_stats(25)
    return {**result, "profile": text.getvalue()}


# --- the parent ---------------------------------------------------------------------------


def run(*command: str) -> str:
    """The last line that a process of Python prints; one that fails ends the benchmark."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout.splitlines()[-1]


def group(base: Path, rows: int, units: int | None) -> Path:
    """A workbook folder with so many rows, made unless it is there.

    Another process makes it: Linux counts the parent's memory at the fork as the child's.
    """
    scale = _scale(rows, units)
    home = base / "x".join(map(str, scale))
    if not (home / "outputs" / "records" / str(YEAR) / "snapshot.json").is_file():
        names = ("--units", "--sessions", "--members")
        sizes = [text for name, n in zip(names, scale, strict=True) for text in (name, str(n))]
        script = str(Path(__file__).with_name("synthetic_group.py"))
        # A few rows a unit are enough to be compared with.
        last = ["--units", str(scale[0]), "--sessions", "12", "--members", "10", "--last-year"]
        run(script, str(home), *last)
        run(script, str(home), *sizes)
    return home


def _scale(rows: int, units: int | None) -> tuple[int, int, int]:
    """Units, sessions a unit, members a unit: 2,000 rows a unit, or so many units."""
    if units is None:
        return max(1, rows // ROWS_A_UNIT), 50, 40
    each = max(1, rows // units)
    members = max(
        n for n in range(1, each + 1) if each % n == 0 and (n == 1 or n * n <= 0.8 * each)
    )
    return units, each // members, members


def row(result: Measured) -> str:
    """One line of the table."""
    total = sum(result["seconds"].values())
    parts = "".join(f"{result['seconds'][part]:9.2f}" for part in PARTS)
    return (
        f"{result['rows']:11,}{result['units']:7,}{parts}{total:9.2f}"
        f"{total / result['rows'] * 1e6:10.2f}{result['megabytes']['read']:9.0f}"
        f"{max(result['megabytes'].values()):8.0f}"
    )


def verdicts(results: list[Measured]) -> Iterator[str]:
    """Whether what is asked for is kept, a line each."""
    costs = [sum(r["seconds"].values()) for r in results]
    large, seconds = results[-1], costs[-1]
    megabytes = max(large["megabytes"].values())
    yield f"{large['rows']:,} rows: {_within(seconds, SECONDS)} {SECONDS:.0f} s ({seconds:.1f} s)"
    yield f"{large['rows']:,} rows: {_within(megabytes, MEGABYTES)} 4 GB ({megabytes:.0f} MB)"
    for smaller, cost in zip(results[:-1], costs[:-1], strict=True):
        ratio = (seconds / large["rows"]) / (cost / smaller["rows"])
        yield (
            f"time a row, {large['rows']:,} over {smaller['rows']:,} rows: "
            f"{_within(ratio, TIMES)} {TIMES:.0f}× ({ratio:.2f})"
        )


def _within(value: float, limit: float) -> str:
    return "within" if value <= limit else "beyond"


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, help="rows of attendance")
    parser.add_argument("--units", type=int, help="as many units at each size")
    parser.add_argument("--homes", type=Path, help="keep the groups here for the next time")
    parser.add_argument(
        "--profile", nargs="?", const="cumulative", choices=("cumulative", "tottime"),
        help="print where the time goes; the seconds are then those of the profiler",
    )  # fmt: skip
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure each size, and print the table."""
    options = arguments()
    if options.child:
        home = options.child
        result = profiled(home, options.profile) if options.profile else measure(home)
        print(json.dumps(result))
        return
    more = ["--profile", options.profile] if options.profile else []
    heads = "".join(f"{part:>9}" for part in (*PARTS, "total s"))
    results: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="reportkit-bench-") as folder:
        base = (options.homes or Path(folder)).resolve()
        for rows in sorted(options.rows):
            home = group(base, rows, options.units)
            results.append(json.loads(run(str(Path(__file__)), "--child", str(home), *more)))
            if rows == min(options.rows) or options.profile:
                print(f"{'rows':>11}{'units':>7}{heads}{'µs a row':>10}{'MB read':>9}{'MB':>8}")
            print(row(results[-1]), flush=True)
            print(results[-1].get("profile", ""), end="", flush=True)
    for line in verdicts(results):
        print(line)


if __name__ == "__main__":
    main()
