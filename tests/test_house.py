"""The house keeps its own rules: layers, style, types, dependencies, what may be committed."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "reportkit"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a development tool of this environment in the checkout."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def committed(*patterns: str) -> list[Path]:
    """The files that git tracks (or would), by pattern."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_imports_run_downward_only() -> None:
    """A layer that imports one above it, or a sibling, is refused by import-linter."""
    program = "from importlinter.cli import lint_imports_command as c; c()"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
    assert "0 broken" in run.stdout


def test_style() -> None:
    """Ruff finds nothing, and would reformat nothing."""
    assert (run := tool("ruff", "check", ".")).returncode == 0, run.stdout
    assert (run := tool("ruff", "format", "--check", ".")).returncode == 0, run.stdout


def test_types() -> None:
    """mypy, strict, finds nothing in the package."""
    run = tool("mypy")
    assert run.returncode == 0, run.stdout


def test_modules_and_functions_stay_small() -> None:
    """No module over 450 lines, no function over 60: a reader takes them in at a look."""
    assert len(SOURCES) > 40
    long = {str(p.relative_to(ROOT)): n for p in SOURCES if (n := lines(p)) > 450}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > 60:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert not long


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_no_assert_validates_in_the_package() -> None:
    """`assert` is gone under -O: the package raises errors of its own."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert not found


def requirement_name(text: str) -> str:
    return re.split(r"[\[<>=!~; ]", text.strip(), maxsplit=1)[0].lower().replace("_", "-")


def test_environment_yml_agrees_with_pyproject() -> None:
    """conda users and pip users get the same dependencies, with the same lower bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        requirement_name(d): re.sub(r"^[\w.-]+(\[.*\])?", "", d) for d in project["dependencies"]
    }
    wanted["python"] = project["requires-python"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    given: dict[str, str] = {}
    for entry in environment["dependencies"]:
        for each in entry["pip"] if isinstance(entry, dict) else [entry]:
            if each not in ("pip", "-e ."):
                given[requirement_name(each)] = re.sub(r"^[\w.-]+", "", each)
    given["matplotlib"] = given.pop("matplotlib-base")  # conda's name for it without Qt
    assert given == wanted
    assert len(given) > 15


def test_lock_is_hashed_and_names_no_index() -> None:
    """Every locked package has hashes; no address of a registry stands in the lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==\S+.*(?:\n    --hash=.*)*", text, flags=re.M)
    assert len(pins) > 100
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_lock_holds_all_dependencies() -> None:
    """A dependency added to pyproject.toml without `make lock` is found here."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = data["project"]["dependencies"] + data["dependency-groups"]["dev"]
    locked = {
        requirement_name(line)
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if re.match(r"[a-z0-9]", line)
    }
    assert {requirement_name(d) for d in wanted} <= locked


def test_notebooks_are_stripped() -> None:
    """No outputs, counts or paths of a run are committed; the kernel's name is kept."""
    notebooks = committed("notebooks/*.ipynb")
    assert {"unit_circular.ipynb", "group_circular.ipynb"} <= {p.name for p in notebooks}
    for path in notebooks:
        nb = json.loads(path.read_text(encoding="utf-8"))
        assert set(nb["metadata"]) == {"kernelspec", "language_info"}, path.name
        assert nb["metadata"]["kernelspec"]["name"] == "python3"
        for cell in nb["cells"]:
            assert set(cell["metadata"]) <= {"tags"}, path.name
            if cell["cell_type"] == "code":
                assert cell["outputs"] == [] and cell["execution_count"] is None, path.name


def test_notebooks_import_reportkit_alone_and_define_nothing() -> None:
    """Notebooks stay thin: what computes belongs to the package."""
    for path in committed("notebooks/*.ipynb"):
        nb = json.loads(path.read_text(encoding="utf-8"))
        code = "\n".join("".join(c["source"]) for c in nb["cells"] if c["cell_type"] == "code")
        for node in ast.walk(ast.parse(code)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda), path.name
            if isinstance(node, ast.Import):
                assert {a.name for a in node.names} == {"reportkit"}, path.name
            if isinstance(node, ast.ImportFrom):
                assert node.module == "reportkit", path.name


def test_nothing_of_a_machine_is_committed() -> None:
    """No home or checkout folder of the machine it was written on stands in a text file."""
    suspicious = {str(Path.home()) + "/", str(ROOT.parent) + "/"} - {"//"}
    for path in committed("*.py", "*.ipynb", "*.md", "*.yml", "*.toml", "*.lock", "Makefile"):
        text = path.read_text(encoding="utf-8")
        assert not [s for s in suspicious if s in text], path


def test_shipped_fonts_have_their_licences() -> None:
    """Each font that is shipped stands beside the text of a licence that allows it."""
    folder = PACKAGE / "assets" / "fonts"
    fonts = sorted(folder.glob("*.ttf")) + sorted(folder.glob("*.otf"))
    assert fonts
    for font in fonts:
        stem = re.split(r"[-.]", font.name)[0]
        assert list(folder.glob(f"{stem}-*.txt")), font.name
        assert font.stat().st_size < 6_000_000


LAZY = ["pandas", "papermill", "nbconvert", "matplotlib", "typst", "pandera", "openpyxl"]


@pytest.mark.parametrize("program", ["import reportkit", "import reportkit.cli"])
def test_imports_are_lazy(program: str) -> None:
    """Importing the package, or its command line, loads nothing heavy, reads no file."""
    check = f"{program}; import sys; print([m for m in {LAZY} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=os.sep
    )
    assert run.stdout.strip() == "[]"


# --- nothing in the suite depends on how quick or busy the machine is --------------------

_CLOCKS = ("time", "timeit", "resource", "os")
_READ = re.compile(r"(perf_counter|monotonic|process_time|thread_time|time)(_ns)?|default_timer|"
                   r"clock_gettime(_ns)?|times|getrusage|timeit|repeat")  # fmt: skip


class _Timed:
    """Where a file's tests assert how long something took: by what the values are made of."""

    def __init__(self, tree: ast.Module) -> None:
        self.own = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in _CLOCKS
            for alias in node.names
            if _READ.fullmatch(alias.name)
        }
        self.parts: list[ast.AST] = [
            node for node in tree.body if not isinstance(node, ast.ClassDef)
        ] + [part for node in tree.body if isinstance(node, ast.ClassDef) for part in node.body]
        for _ in range(2):  # a function may stand below those that call it
            self.places = sorted({place for part in self.parts for place in self._places(part)})

    def _reads(self, node: ast.AST) -> bool:
        """Whether a clock is read there."""
        if isinstance(node, ast.Name):
            return node.id in self.own
        return (
            isinstance(node, ast.Attribute)
            and bool(_READ.fullmatch(node.attr))
            and isinstance(node.value, ast.Name)
            and node.value.id in _CLOCKS
        )

    def _places(self, part: ast.AST) -> set[int]:
        """The lines of one function, with the functions within it, that assert a time."""
        nodes, held = list(ast.walk(part)), set[str]()
        if not any(self._reads(node) for node in nodes):
            nodes = [node for node in nodes if isinstance(node, ast.Call)]
        while more := {name for node in nodes for name in self._given(node, held)} - held:
            held |= more
        for node in nodes if isinstance(part, ast.FunctionDef) else ():
            if isinstance(node, ast.Return) and node.value and self._of_a_clock(node.value, held):
                self.own.add(part.name)  # type: ignore[attr-defined]
        return {node.lineno for node in nodes if self._asserts(node, held)}  # type: ignore[attr-defined]

    def _of_a_clock(self, node: ast.AST, held: set[str]) -> bool:
        return any(
            self._reads(inner) or (isinstance(inner, ast.Name) and inner.id in held)
            for inner in ast.walk(node)
        )

    def _given(self, node: ast.AST, held: set[str]) -> set[str]:
        """The names that hold what a clock said once this statement is done."""
        targets: list[ast.AST] = []
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            given = node.value
            targets = list(node.targets) if isinstance(node, ast.Assign) else [node.target]
        elif isinstance(node, ast.FunctionDef):
            returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value]
            return {node.name} if any(self._of_a_clock(r, held) for r in returned) else set()
        elif isinstance(node, ast.For | ast.comprehension):
            given, targets = node.iter, [node.target]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = ast.Tuple([*node.args, *(each.value for each in node.keywords)])
            targets = [node.func.value] if node.func.attr in ("append", "add", "extend") else []
        else:
            return set()
        if not (targets and given and self._of_a_clock(given, held)):
            return set()
        return {n.id for each in targets for n in ast.walk(each) if isinstance(n, ast.Name)}

    def _asserts(self, node: ast.AST, held: set[str]) -> bool:
        if isinstance(node, ast.Assert):
            return self._of_a_clock(node.test, held)
        if isinstance(node, ast.If):
            ends = [
                n for part in node.body for n in ast.walk(part)
                if isinstance(n, ast.Raise)
                or (isinstance(n, ast.Attribute | ast.Name) and ast.unparse(n).endswith("fail"))
            ]  # fmt: skip
            return bool(ends) and self._of_a_clock(node.test, held)
        if not isinstance(node, ast.Call):
            return False
        named = {each.arg: each.value for each in node.keywords}
        called = ast.unparse(node.func)
        if called.endswith("settings") and "deadline" in named:
            return ast.unparse(named["deadline"]) != "None"
        limit = named.get("timeout")
        if called.endswith(".wait") and node.args and not limit:
            limit = node.args[0]
        waits = re.search(r"subprocess\.\w+$|\.(wait|communicate)$", called)
        return bool(waits and isinstance(limit, ast.Constant) and limit.value < 300)


def test_nothing_in_the_suite_is_timed() -> None:
    """How long something takes is for the benchmarks: the suite passes on any busy machine.

    Refused: an assertion over what a clock said, through whatever names it went; a deadline of
    hypothesis; a wait for another process of less than five minutes.
    """
    words = (*(f"import {clock}" for clock in _CLOCKS), *(f"from {clock}" for clock in _CLOCKS),
             "deadline=", "timeout=", ".wait(")  # fmt: skip
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "benchmarks" not in path.parts and path.name != "counting.py"
        if any(word in (text := path.read_text(encoding="utf-8")) for word in words)
        for line in _Timed(ast.parse(text)).places
    ]
    assert found == [], "count what it protects (counting.steps), or see tests/benchmarks"


@pytest.mark.parametrize(
    ("body", "timed"),
    [
        ("a = time.perf_counter(); f(); assert time.perf_counter() - a < 1", 1),
        ("a = time.time(); f(); b = time.time() - a; assert b < 1", 1),
        ("from time import monotonic as now; a = now(); assert f(now() - a)", 1),
        ("d = {}; d[1] = os.times().user; assert d[1] < 3 * d[2]", 1),
        ("d = []; d.append(time.monotonic_ns()); x = min(d); assert x < 3", 1),
        ("s = lambda n: time.process_time() - n; assert s(5) < s(6)", 1),
        ("assert not f() or clock(2) < 4", 1),
        ("if time.time() > 5: pytest.fail('slow')", 1),
        ("if timeit.timeit(f) > 5: raise AssertionError", 1),
        ("settings(deadline=200)(f)", 1),
        ("subprocess.run(['x'], timeout=20)", 1),
        ("assert p.wait(5) == 0", 1),
        ("settings(deadline=None)(f); time.sleep(3); assert f(3)", 0),
        ("a = time.time(); print(a); b = 3; assert b < 4", 0),
        ("subprocess.run(['x'], timeout=600); assert x.seconds < 3", 0),
    ],
)
def test_what_is_timed_is_seen(body: str, timed: int) -> None:
    """Whatever a value goes through: names, lists, functions, classes; to sleep is no assertion."""
    source = (
        f"def clock(n):\n    return time.time() - n\nclass T:\n    def t(self):\n        {body}"
    )
    assert len(_Timed(ast.parse(source)).places) == timed
