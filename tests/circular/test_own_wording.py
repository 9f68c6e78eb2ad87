"""Wording of its own for one unit (``units/<unit_id>.md``), and what prose a paragraph bears."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from circular_support import YEAR, shown, text_of

from reportkit.circular import open_unit, paragraph
from reportkit.circular.sentences import Named
from reportkit.cli.workbook import StudyWorkbook
from reportkit.errors import ParameterError


@pytest.fixture(scope="module")
def copied(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wording") / "home"
    shutil.copytree(demo_home, target)
    return target


@pytest.fixture
def home(copied: Path) -> Path:
    """The demo with room for a unit's own wording, and none there yet."""
    folder = copied / f"params/text/{YEAR}/units"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return copied


def write(home: Path, name: str, text: str) -> Path:
    path = home / f"params/text/{YEAR}/units" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_one_block_is_its_own_and_the_rest_is_everybody_s(home: Path) -> None:
    """Placeholders are filled in as elsewhere; the notebook and the package stay as they are."""
    before = text_of(shown("unit_circular", home, charts=False, unit="dongling", year=YEAR))
    write(home, "dongling.md", "<!-- 领导所改 -->\n## 四\n望{unit}再接再厉。\n")
    after = text_of(shown("unit_circular", home, charts=False, unit="dongling", year=YEAR))
    other = text_of(shown("unit_circular", home, charts=False, unit="yunping", year=YEAR))
    r = open_unit("dongling", YEAR, home=home)
    assert r.text("四") == "望东岭矿业再接再厉。"
    assert r.text("依据") == open_unit("yunping", YEAR, home=home).text("依据")
    assert "再接再厉" not in before and "再接再厉" not in other
    assert after.splitlines()[0] == before.splitlines()[0]


def test_only_that_unit_becomes_stale(home: Path) -> None:
    """Its fingerprint changes, in that one part; nobody else's, and not the group's."""
    from reportkit.batch.contract import Selection

    def fingerprints() -> dict[str, dict[str, str]]:
        workbook = StudyWorkbook(home)  # as each run opens it
        return {d.key: workbook.fingerprint(d) for d in workbook.documents(Selection((YEAR,)))}

    before = fingerprints()
    write(home, "dongling.md", "## 四\n望再接再厉。\n")
    after = fingerprints()
    assert [key for key in before if before[key] != after[key]] == ["dongling/circular"]
    (own, theirs) = (after["dongling/circular"], before["dongling/circular"])
    changed = [name for name in own if own[name] != theirs.get(name)]
    assert changed == [f"params/text/{YEAR}/units/dongling.md"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("dongling.md", "## 九\n没有这一段。\n", "九"),
        ("dongling.md", "## 四\n{nobody}\n", "nobody"),
        ("dongling.md", "## 四\n一\n## 四\n二\n", "twice"),
    ],
)
def test_wrong_wording_is_named_with_its_file(home: Path, name: str, text: str, said: str) -> None:
    write(home, name, text)
    with pytest.raises(ParameterError) as caught:
        open_unit("dongling", YEAR, home=home).text("四")
    assert f"units/{name}" in str(caught.value) and said in str(caught.value)


@pytest.mark.parametrize("name", ["nobody.md", "dongling.2023Q3.md", "Dongling.md"])
def test_wording_for_nobody_is_refused_before_a_run(home: Path, name: str) -> None:
    from reportkit.batch.contract import Selection
    from reportkit.cli.warnings import check_overrides

    write(home, name, "## 四\n望再接再厉。\n")
    with pytest.raises(ParameterError, match="no unit"):
        check_overrides(StudyWorkbook(home), Selection((YEAR,)))


def test_papers_of_a_period_have_a_file_of_their_own(home: Path) -> None:
    write(home, "dongling.period.md", "## 依据\n季度的话。\n")
    assert open_unit("dongling", YEAR, "2023Q3", home=home).text("依据") == "季度的话。"
    assert open_unit("dongling", YEAR, home=home).text("依据") != "季度的话。"


def test_a_paragraph_bears_the_id_of_its_prose() -> None:
    """Of the first standing prose in it; without any none. The text is plain text."""
    block = paragraph("开头，", Named("固定文字。", "二.（一）"), Named("又一段。", "三"))
    assert block.fields["name"] == "二.（一）"
    assert block.fields["text"] == "开头，固定文字。又一段。"
    assert paragraph("没有").fields["name"] == ""
