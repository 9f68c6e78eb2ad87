"""Changing a YAML file of parameters where it changes: people's comments and order stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportkit.params.recording import yaml_text

_Edit = tuple[int, int, str]
"""From and to (places in the text), and what stands there instead."""


def edited(text: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The text with what differs between two states of its data; nothing is ever taken out.

    Parameters
    ----------
    text:
        YAML in the block style, lines ending with ``\\n``; a part in braces or brackets that
        changes is written anew as lines.
    old, new:
        Plain data (mappings, lists, texts, numbers, dates) as the text says it, and as it is
        to; a list may only grow.

    Whoever calls reads the result back: YAML of unusual forms (anchors, tags) may come out
    wrong.
    """
    import yaml

    root = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        kept = text if root is None else text[: root.start_mark.index]
        if kept and not kept.endswith("\n"):
            kept += "\n"
        return kept + rendered(new, 0) + "\n"
    edits: list[_Edit] = []
    _mapping(text, root, old, new, edits)
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text if text.endswith("\n") else text + "\n"


def rendered(value: Any, column: int) -> str:
    """A mapping or a list as lines that begin at a column; without the last line end."""
    lines = yaml_text(value).splitlines()
    return "\n".join(" " * column + line if line else line for line in lines)


def _mapping(text: str, node: Any, old: Mapping[str, Any], new: Mapping[str, Any],
             edits: list[_Edit]) -> None:  # fmt: skip
    there = {key.value: (key, value) for key, value in node.value}
    added = {}
    for name, wanted in new.items():
        if name not in there:
            added[name] = wanted
        elif wanted != old.get(name):
            key, value = there[name]
            _value(text, value, old.get(name), wanted, key.start_mark.column, edits)
    if added:
        # Behind whatever else is put there: what was there first stays above.
        place = _line_end(text, _end(text, node))
        edits.append((place, place, "\n" + rendered(added, node.start_mark.column)))


def _value(text: str, node: Any, old: Any, new: Any, column: int, edits: list[_Edit]) -> None:
    block = not getattr(node, "flow_style", True)
    if block and isinstance(old, Mapping) and isinstance(new, Mapping):
        _mapping(text, node, old, new, edits)
    elif block and _grew(old, new):
        _sequence(text, node, old, new, edits)
    else:
        start, end = node.start_mark.index, _end(text, node)
        if isinstance(new, Mapping | list):
            place = _line_end(text, end)  # a comment at the line's end stays on its line
            edits.append((place, place, "\n" + rendered(new, column + 2)))
            edits.append((start, end, ""))
        else:
            blank = "" if text[start - 1 : start].isspace() else " "
            edits.append((start, end, blank + _scalar(new)))


def _sequence(text: str, node: Any, old: Sequence[Any], new: Sequence[Any],
              edits: list[_Edit]) -> None:  # fmt: skip
    for item, before, after in zip(node.value, old, new, strict=False):
        if before != after:
            _value(text, item, before, after, item.start_mark.column, edits)
    if more := list(new[len(old) :]):
        place = _line_end(text, _end(text, node))
        edits.append((place, place, "\n" + rendered(more, node.start_mark.column)))


def _grew(old: Any, new: Any) -> bool:
    return isinstance(old, list) and isinstance(new, list) and len(old) <= len(new)


def _scalar(value: Any) -> str:
    import yaml

    line: str = yaml.safe_dump([value], allow_unicode=True, width=10**6, default_flow_style=True)
    return line.strip()[1:-1]


def _end(text: str, node: Any) -> int:
    """Where a node's own text ends; what follows it are comments and blank lines."""
    import yaml

    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        start = int(node.start_mark.index)
        return start + len(text[start : node.end_mark.index].rstrip())
    last = node.value[-1]
    if not isinstance(last, tuple):
        return _end(text, last)
    key, value = last
    return max(_end(text, value), int(key.end_mark.index))


def _line_end(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found
