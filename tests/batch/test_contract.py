"""Which documents a batch accepts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportkit.batch.contract import Document, Options, check_documents
from reportkit.errors import UsageError

DOCUMENT = Document("dongling", 2023, Path("n.ipynb"), "2023/dongling", {})


@pytest.mark.parametrize(
    "folder",
    ["../2023/x", "2023/../../x", "/2023/x", "2023/a b", "2023/con", "2023/x.", "", "2022/x", "x"],
)
def test_a_folder_outside_of_the_years_is_refused(folder: str) -> None:
    """No name makes a path: files cannot leave outputs/<year>/, on Windows neither."""
    with pytest.raises(UsageError):
        check_documents([replace(DOCUMENT, folder=folder)])


@pytest.mark.parametrize("change", [{"name": "../x"}, {"period": "a/b"}, {"edition": "c:d"}])
def test_a_name_that_is_a_path_is_refused(change: dict[str, str]) -> None:
    """Name, period and edition become parts of a file's name, nothing else."""
    with pytest.raises(UsageError):
        check_documents([replace(DOCUMENT, **change)])


@pytest.mark.parametrize("folder", ["2023/dongling", "2023/Dongling"])
def test_two_documents_with_the_same_files_are_refused(folder: str) -> None:
    """Also where only the case differs, which Windows and macOS do not see."""
    other = replace(DOCUMENT, unit="other", folder=folder)
    with pytest.raises(UsageError, match="dongling/circular"):
        check_documents([DOCUMENT, other])


def test_names_of_files() -> None:
    """Period and edition follow the name; a draft of a whole year has neither."""
    assert DOCUMENT.stem == "circular"
    assert replace(DOCUMENT, period="2023Q3", edition="formal").stem == "circular.2023Q3.formal"
    assert replace(DOCUMENT, period="2023Q3").key == "dongling/circular.2023Q3"


@pytest.mark.parametrize("change", [{"jobs": 0}, {"timeout": 0}, {"retries": -1}, {"formats": ()}])
def test_senseless_options_are_refused(change: dict[str, object]) -> None:
    """An option is checked where it is made, whoever makes it."""
    with pytest.raises(UsageError):
        Options(**change)  # type: ignore[arg-type]
