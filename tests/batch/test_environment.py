"""What kernels of a run have of the user's environment, and what it cannot change."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from batch_support import GOOD, TinyWorkbook, contents, options

from reportkit.batch.contract import PUBLISHER, Selection
from reportkit.batch.run import run

TOLD = (
    "import json, os, pathlib; pathlib.Path('told.json').write_text(json.dumps(dict(os.environ)))"
)
SHOWN = """\
import locale, sys
import matplotlib.pyplot as plt
import pandas as pd
locale.setlocale(locale.LC_ALL, "")
shown = f"{sys.flags} {sys.warnoptions} {locale.getlocale()} {pd.Series(['甲']).dtype}"
display(Block("paragraph", text=shown, lead="", lead_level=2))
plt.figure(); plt.plot([3, 1, 2]); plt.show()
"""


@pytest.mark.parametrize("warm", [True, False])
def test_kernels_have_the_user_s_environment_without_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm: bool
) -> None:
    """PATH, proxies, language and what else there is; no password or token of the notices."""
    monkeypatch.setenv("PATH", f"/opt/office/bin:{sys.prefix}/bin")
    for name in ("https_proxy", "NO_PROXY", "LANG", "OFFICE_TOKEN", "LD_PRELOADED"):
        monkeypatch.setenv(name, f"{name} 的值")
    secrets = ("REPORTKIT_SMTP_PASSWORD", "REPORTKIT_WEBHOOK_TOKEN", "REPORTKIT_ANY_OTHER")
    for name in secrets:
        monkeypatch.setenv(name, "secret")
    workbook = TinyWorkbook(tmp_path)
    workbook.add("a", TOLD, GOOD)
    assert run(workbook, Selection((2023,)), options(jobs=1, warm=warm)).exit_status == 0
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert told["PATH"].split(":")[-2:] == ["/opt/office/bin", f"{sys.prefix}/bin"]
    for name in ("https_proxy", "NO_PROXY", "LANG", "OFFICE_TOKEN", "LD_PRELOADED"):
        assert told[name] == f"{name} 的值"
    assert not told.keys() & set(secrets) and "secret" not in told.values()


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """What would change a paper if it came through; the folder has all kinds of files for it."""
    folder = tmp_path / "settings"
    (folder / "kernels" / "python3").mkdir(parents=True)
    (folder / "kernels" / "python3" / "kernel.json").write_text("{", encoding="utf-8")
    (folder / "matplotlibrc").write_text("lines.linewidth: 9\nfigure.figsize: 1, 1\n", "utf-8")
    for name in ("startup", "sitecustomize", "usercustomize", "colorsys"):
        text = "import sys; print('hostile'); sys.flags = sys.warnoptions = 'hostile'\n"
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    profile = folder / "profile_default" / "startup"
    profile.mkdir(parents=True)
    (profile / "1.py").write_text("print('hostile')\n", encoding="utf-8")
    config = "c.InteractiveShell.ast_node_interactivity = 'all'\n"
    for path in (folder / "profile_default", folder):
        (path / "ipython_kernel_config.py").write_text(config, encoding="utf-8")
    (folder / "matplotlib").mkdir()
    (folder / "matplotlib" / "matplotlibrc").write_text("lines.linewidth: 9\n", encoding="utf-8")
    files = ("MPLCONFIGDIR", "MATPLOTLIBRC", "IPYTHONDIR", "JUPYTER_PATH", "JUPYTER_CONFIG_DIR",
             "JUPYTER_CONFIG_PATH", "JUPYTER_DATA_DIR", "PYTHONPATH", "XDG_CONFIG_HOME",
             "TYPST_FONT_PATHS", "TYPST_PACKAGE_PATH")  # fmt: skip
    return {
        **dict.fromkeys(files, str(folder)),
        "PYTHONSTARTUP": str(folder / "startup.py"), "PYTHONWARNINGS": "error",
        "PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0", "MPLBACKEND": "agg", "LANG": "tr_TR.ISO-8859-9", "LC_ALL": "POSIX",
        "LC_NUMERIC": "de_DE", "LANGUAGE": "de", "TZ": "Pacific/Kiritimati",
        "PANDAS_FUTURE_INFER_STRING": "0", "PANDERA_VALIDATION_ENABLED": "False",
        "SOURCE_DATE_EPOCH": "0", "COLUMNS": "20", "FORCE_COLOR": "1", "OMP_NUM_THREADS": "7",
        "REPORTKIT_UNCHECKED_PARAMETERS": "1",
    }  # fmt: skip


def test_papers_have_the_same_bytes_whatever_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: dict[str, str]
) -> None:
    """Charts, dtypes, warnings, locale and all formats, by the publisher as it is.

    Also from a workbook with a ``matplotlibrc`` beside it, and in either kind of kernel.
    """
    made = []
    for name, environment, warm in (("plain", {}, True), ("warm", hostile, True),
                                    ("ordinary", hostile, False)):  # fmt: skip
        workbook = TinyWorkbook(tmp_path / name)
        workbook.add("a", GOOD, SHOWN)
        with monkeypatch.context() as patched:
            for each in hostile:
                patched.delenv(each, raising=False)
            for each, value in environment.items():
                patched.setenv(each, value)
            if environment:
                rc = (tmp_path / "settings" / "matplotlibrc").read_bytes()
                (workbook.home / "matplotlibrc").write_bytes(rc)
                patched.chdir(workbook.home)
            result = run(
                workbook, Selection((2023,)), options(jobs=1, warm=warm, publisher=PUBLISHER)
            )
        assert result.exit_status == 0, result.entries[0][1]["last_result"]
        made.append(contents(workbook.outputs))
    assert len(made[0]) == 4
    for other in made[1:]:
        assert made[0].keys() == other.keys()
        assert [name for name, content in made[0].items() if other[name] != content] == []
