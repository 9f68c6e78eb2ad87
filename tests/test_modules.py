"""Which files count as the code of a paper, and of a figure: held against another import graph."""

from __future__ import annotations

from pathlib import Path

import grimp

import reportkit
from reportkit.batch import fingerprint
from reportkit.batch.contract import PUBLISHER
from reportkit.cli.workbook import StudyWorkbook
from reportkit.modules import PACKAGE, files_of, imported_in

GRAPH = grimp.build_graph("reportkit")


def reached(*roots: str) -> set[str]:
    """By grimp: what the roots import in turn, within functions too, with all parent packages."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name and name not in found:
            found.add(name)
            waiting += [name.rpartition(".")[0], *GRAPH.find_modules_directly_imported_by(name)]
    return found


def names(files: frozenset[Path]) -> set[str]:
    code = (path for path in files if path.suffix == ".py")
    paths = (path.relative_to(PACKAGE.parent).with_suffix("") for path in code)
    return {".".join(path.parts).removesuffix(".__init__") for path in paths}


def hashed(home: Path) -> frozenset[Path]:
    """What a study-group paper is held against: by all documents, and by its workbook."""
    preload = StudyWorkbook(home).preload((), 0)
    own = files_of(StudyWorkbook.__module__, preload.function.partition(":")[0])
    return fingerprint._shared_code() | own


def test_a_paper_is_held_against_all_code_it_is_made_with_and_no_other(tmp_path: Path) -> None:
    """Kernel, publisher, mask, what notebooks import: their imports, and nothing besides."""
    roots = {
        "reportkit.batch.worker", "reportkit.batch.engine", "reportkit.batch.kernels.template",
        "reportkit.batch.kernels.provisioner", "reportkit.batch.papermill_engine",
        PUBLISHER.partition(":")[0], "reportkit.cli.workbook", "reportkit.circular.preloading",
        *reportkit.PLACES.values(),
    }  # fmt: skip
    found = names(hashed(tmp_path))
    assert found == reached(*roots)
    assert {"reportkit.cli.masking", "reportkit.cli.dependence", "reportkit.loaders"} <= found
    assert not {n for n in found if n.startswith(("reportkit.records.demo", "reportkit.drafts"))}
    assert not {"reportkit.cli.app", "reportkit.records.writing", "reportkit.site"} & found


def test_a_figure_is_held_against_all_code_it_comes_from() -> None:
    """Not the metrics alone: what loads the records and knows their schemas as well."""
    found = names(files_of("reportkit.annual.year"))
    assert found == reached("reportkit.annual.year")
    assert {
        "reportkit.loaders",
        "reportkit.records.schemas.declared",
        "reportkit.params.year",
    } <= found
    assert "reportkit.circular" not in found


def test_data_beside_a_module_counts_with_it() -> None:
    """The catalogue of codes, which the data-quality report prints, lies in a file of its own."""
    assert PACKAGE / "records" / "codes.yml" in files_of("reportkit.circular.data_quality")


def test_each_module_imports_what_another_reader_finds() -> None:
    """Import by import, of all modules."""
    for name in sorted(GRAPH.modules):
        path = PACKAGE.parent.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        found = set(imported_in(path.read_text(encoding="utf-8")))
        assert found >= GRAPH.find_modules_directly_imported_by(name), name
