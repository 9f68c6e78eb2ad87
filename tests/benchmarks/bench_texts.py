"""Whether work on long texts grows with their length: `make benchmark`.

For each the time at twice the length over the time at once the length, in one run: near 2 where
it is linear, near 4 where it is by squares. The least of five times counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from reportkit.params.edits import figures_of
from reportkit.params.issue import DOCUMENT_NUMBER
from reportkit.params.terms import Terms
from reportkit.publish.wholes import Kept, pieces
from reportkit.terms.matching import check

TERMS = Terms.model_validate(
    {"phrases": [{"approved": "丙丁", "outdated": ["甲" * n for n in range(1, 100)]}]}
)
KEPT = Kept(f"单位{number}有限公司" for number in range(1_000))

WORK: dict[str, Callable[[int], Any]] = {
    "numbers": lambda n: DOCUMENT_NUMBER.fullmatch("岱" * 50 * n + "〔2024〕" * 5 * n),
    "terms": lambda n: check("甲乙" * 20 * n, TERMS),
    "figures": lambda n: figures_of("、".join(f"{{a{k}}}" for k in range(n)) + "共计", "1、" * n),
    "names": lambda n: pieces("单位1有限公司组织集体学习12次。" * n, KEPT),
}


def least(work: Callable[[int], Any], size: int) -> float:
    """The least of five times, in seconds."""
    times = []
    for _ in range(5):
        begun = time.process_time()
        work(size)
        times.append(time.process_time() - begun)
    return min(times)


if __name__ == "__main__":
    print("twice the text takes so many times as long:")
    for name, work in WORK.items():
        print(f"  {name:10} {least(work, 2_000) / least(work, 1_000):5.1f}")
