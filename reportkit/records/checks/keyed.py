"""Tables whose rows are known by a key: once in each file, and the same in all files.

Within one file a row that repeats another is counted once, one that contradicts it is
refused. Over several files the same key is one record: blanks are filled, and where two
files differ that of the longer period counts, then the later filled (``files_contradict``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.checks.context import Context
from reportkit.records.checks.entry import Entry


@dataclass(frozen=True)
class Keyed:
    """How the rows of one table are told apart.

    Parameters
    ----------
    key:
        What is the same of one record in two files.
    label:
        The key as a sentence quotes it.
    cell:
        The field at whose cell a repetition is put down.
    compare:
        The values that two files must agree in.
    numbered:
        Rows bear a 序号, which tells them apart within their file (and there alone).
    prefilled:
        The form comes with these rows filled in: that two files have them is no news.
    late, ranks:
        See :meth:`Entry.absorb`.
    """

    table: str
    key: Callable[[Entry], Hashable]
    label: Callable[[Entry], str]
    cell: str
    compare: tuple[str, ...]
    numbered: bool = False
    prefilled: bool = False
    late: tuple[str, ...] = ()
    ranks: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)


def once_each(context: Context, how: Keyed, files: Iterable[Sequence[Entry]]) -> list[Entry]:
    """One entry for each record, in the order of first appearance.

    ``files``: the entries of each file, the file that counts most first.
    """
    kept: dict[Hashable, Entry] = {}
    for entries in files:
        count: dict[Hashable, int] = {}
        for entry in _within_file(context, how, entries):
            key = how.key(entry)
            nth = count[key] = count.get(key, 0) + 1
            first = kept.setdefault((key, nth), entry)
            if first is entry:
                continue
            row = entry.row
            agreed = first.absorb(entry, how.compare, late=how.late, ranks=how.ranks)
            if agreed and not how.prefilled:
                context.double(row, first.row)
    return sorted(kept.values(), key=context.files.first_place)


def _within_file(context: Context, how: Keyed, entries: Sequence[Entry]) -> list[Entry]:
    seen: dict[Hashable, Entry] = {}
    valid = []
    for entry in entries:
        key = entry.values["number"] if how.numbered else how.key(entry)
        first = seen.setdefault(key, entry)
        if first is entry:
            valid.append(entry)
            continue
        what = f"序号 {key}" if how.numbered else how.label(entry)
        same_key = not how.numbered or how.key(first) == how.key(entry)
        if same_key and first.same(entry, how.compare):
            context.duplicate(entry.row, first.row, how.cell, what)
        elif context.admits(
            entry, how.table, "number_twice" if how.numbered else "rows_contradict", how.cell,
            f"{what}在第{first.row.number}行已有，内容不同", "不重复的一行",
        ):  # fmt: skip
            valid.append(entry)
    return valid
