"""Fonts: who plays which role, what is covered, and that nothing else gets in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from counting import steps

from reportkit import fonts
from reportkit.fonts import ROLES, SHIPPED, FontSet

OURS = sorted(SHIPPED.glob("*.ttf"))


def gb2312_hanzi() -> str:
    found = []
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return "".join(found)


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without any Chinese font of its own."""
    monkeypatch.setattr(fonts, "_system_faces", lambda: ())
    fonts._find.cache_clear()
    yield
    fonts._find.cache_clear()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "等宽"])
def test_every_role_prints_all_of_gb2312_without_any_font_of_the_machine(
    no_system_fonts: None, role: fonts.Role
) -> None:
    hanzi = gb2312_hanzi()
    assert len(hanzi) == 6763
    marks = "“”‘’《》〈〉【】〔〕（）—…·、。×√○〇№①⑩⑳㈠㈩ⅠⅫ℃‰％￥"
    assert FontSet.find().missing(hanzi + marks, role) == []


@pytest.mark.parametrize("path", [p for p in OURS if "Mono" not in p.name], ids=lambda p: p.name)
def test_a_shipped_text_font_has_gb2312_by_itself_and_is_small(path: Path) -> None:
    family = fonts._faces_of([SHIPPED])[0].family
    covered = fonts._characters(path, family)
    assert [char for char in gb2312_hanzi() if ord(char) not in covered] == []
    assert path.stat().st_size < 4.5e6


def test_shipped_fonts_come_with_their_licences() -> None:
    assert len(OURS) == 4
    for name in ("LXGWWenKai-OFL", "NotoSerifSC-OFL"):
        assert "SIL Open Font License" in (SHIPPED / f"{name}.txt").read_text("utf-8")
    assert (SHIPPED / "DejaVuSansMono-LICENSE.txt").stat().st_size > 1000


def test_typst_tells_the_shipped_weights_apart() -> None:
    found = {(face.family, face.weight) for face in fonts._faces_of([SHIPPED])}
    assert found == {
        ("LXGW WenKai", 300),
        ("LXGW WenKai", 500),
        ("Noto Serif SC Biaosong", 700),
        ("DejaVu Sans Mono", 400),
    }


def test_rare_names_fall_back_to_noto_serif_and_the_unprintable_is_named(
    no_system_fonts: None,
) -> None:
    found = FontSet.find()
    assert found.missing("喆堃玥垚翀旻彧", "小标宋") == []
    assert found.missing("甲𠮷乙\ue000", "仿宋") == ["𠮷", "\ue000"]
    assert found.covers("喆")
    assert not found.covers("𠮷")


def test_a_font_of_the_own_folder_comes_first_by_its_name_or_its_files_name(
    no_system_fonts: None, tmp_path: Path
) -> None:
    """An office may drop 仿宋.ttf into params/fonts, whatever the font calls itself."""
    before = FontSet.find(tmp_path)
    assert before.substituted["仿宋"] == ("仿宋_GB2312", "LXGW WenKai 300")
    shutil.copy(SHIPPED / "NotoSerifSC-700.ttf", tmp_path / "仿宋.ttf")
    after = FontSet.find(tmp_path)
    assert after.faces("仿宋")[0].path == tmp_path / "仿宋.ttf"
    assert "仿宋" not in after.substituted
    assert "楷体" in after.substituted
    assert after.fingerprint() != before.fingerprint()


def test_a_standard_font_of_the_machine_comes_before_the_shipped_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = SHIPPED / "LXGWWenKai-300.ttf"
    machine = (
        fonts.Face("STFangsong", 400, place),
        fonts.Face("FangSong", 700, place),
        fonts.Face("FangSong", 400, place),
        fonts.Face("Comic Sans", 400, place),
    )
    monkeypatch.setattr(fonts, "_system_faces", lambda: machine)
    fonts._find.cache_clear()
    found = FontSet.find()
    fonts._find.cache_clear()
    assert found.families("仿宋") == ["FangSong", "LXGW WenKai", "Noto Serif SC"]
    assert found.faces("仿宋")[0].weight == 400
    assert set(found.substituted) == {"楷体", "黑体", "小标宋", "宋体"}


def test_a_missing_own_folder_is_no_error(tmp_path: Path) -> None:
    assert FontSet.find(tmp_path / "none") == FontSet.find()


def test_the_fingerprint_follows_content_not_place(no_system_fonts: None, tmp_path: Path) -> None:
    prints = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(SHIPPED / "LXGWWenKai-500.ttf", folder / "楷体.ttf")
        prints.append(FontSet.find(folder).fingerprint())
    assert prints[0] == prints[1]


def test_only_folders_of_the_chain_are_handed_on() -> None:
    found = FontSet.find()
    assert {path.parent for path in found.files()} == set(found.folders())
    assert all(face.path in found.files() for role in ROLES for face in found.faces(role))


def test_after_the_first_call_finding_and_checking_is_little_work() -> None:
    """No font is opened again: some 240 steps, however long the text."""

    def found_and_checked() -> None:
        found = FontSet.find()
        found.fingerprint()
        found.missing("学习" * 10_000, "仿宋")

    found_and_checked()
    assert steps(found_and_checked) < 1_000


def test_importing_the_module_imports_nothing_heavy() -> None:
    heavy = "typst matplotlib fontTools pylopdf_fonts_zh_cn"
    code = f"import reportkit.fonts, sys; print([m for m in '{heavy}'.split() if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


def test_charts_get_the_same_families_as_text_and_show_no_boxes() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.font_manager import FontProperties, findfont

    found = FontSet.find()
    families = found.register_matplotlib("黑体")
    assert families == found.families("黑体")
    for family in families:
        path = Path(findfont(FontProperties(family=[family]), fallback_to_default=False))
        assert path.is_file()
