"""The catalogue of what can be wrong with a submission: one code each, one place.

A code tells programs, decisions and feedback apart what people read as a sentence. Each has
its severity, a Chinese title, what the unit is to do, and which decisions an analyst may take.
The codes stand in ``codes.yml`` beside this file, which is read when first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from reportkit.params.yaml_data import plain_data

OFFICE_FIRST = "all_units"
"""What all units have in common: the office looks at its own parameters first."""

Severity = Literal["refused", "corrected", "warned"]
Decision = Literal["accept", "override", "waive"]


@dataclass(frozen=True)
class Code:
    """One kind of issue.

    Parameters
    ----------
    code:
        Its name, as it stands in ``issues``, in decisions and in feedback.
    severity:
        refused: something did not enter; corrected: it was read otherwise than it stands;
        warned: it entered as it stands, and somebody should look.
    title:
        The sentence's beginning in Chinese: what kind of thing was met.
    advice:
        What the unit is to do, or what was done; an issue may say it more exactly.
    decisions:
        accept: it stands as the software treated it, and is asked no more. override: the
        value of the decision is read in place of the cell. waive: what was refused enters.
    """

    code: str
    severity: Severity
    title: str
    advice: str
    decisions: tuple[Decision, ...] = ("accept",)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Code]:
    """Code → its entry; an issue with another code cannot be made."""
    told = plain_data(Path(__file__).with_name("codes.yml").read_text(encoding="utf-8"))
    advice = told["advice"]
    codes = {
        code: Code(code, severity, title, advice.get(text, text), ("accept", *decisions))
        for code, (severity, title, text, *decisions) in told["codes"].items()
    }
    cell: tuple[Decision, ...] = ("accept", "override")
    for kind, name in told["kinds"].items():
        bad, good = f"bad_{kind}", f"corrected_{kind}"
        codes[bad] = Code(bad, "refused", f"{name}读不出", advice["row_lost"], cell)
        codes[good] = Code(good, "corrected", f"{name}写法已规范", "请核对", cell)
    return codes
