"""YAML as text: where its values and comments stand, so that they can be changed in place."""

from __future__ import annotations

import bisect
import re
from typing import Any


class Source:
    """YAML text, its nodes, and where its comments stand."""

    def __init__(self, text: str) -> None:
        import yaml

        self.bom = "\ufeff" if text.startswith("\ufeff") else ""
        self.text = text[len(self.bom) :]
        self.root: Any = yaml.compose(self.text, yaml.SafeLoader)
        # PyYAML's lines end at NEL, LS and PS as well: those within quotes would shift numbers.
        self.lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", self.text)
        if self.lines and not self.lines[-1]:
            self.lines.pop()
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.starts.pop()
        self.scalars = [
            (token.start_mark.index, token.end_mark.index)
            for token in yaml.scan(self.text, yaml.SafeLoader)
            if isinstance(token, yaml.ScalarToken)
        ]

    def body(self, line: int) -> str:
        """The line without its end."""
        return self.lines[line].rstrip("\r\n")

    def line_of(self, index: int) -> int:
        """The line of a character, from 0."""
        return bisect.bisect_right(self.starts, index) - 1

    def comment_of(self, line: int) -> int | None:
        """Where in the line its comment begins; None: it has none."""
        start, body = self.starts[line], self.body(line)
        for match in re.finditer(r"(?:^|(?<=\s))#", body):
            place = start + match.start()
            if not any(first <= place < last for first, last in self.scalars):
                return match.start()
        return None

    def within_scalar(self, index: int) -> bool:
        """Whether a scalar runs over this place: no comment may be put there."""
        return any(first < index < last for first, last in self.scalars)

    def child(self, key: str) -> tuple[Any, Any] | None:
        """The key's and the value's node at the top."""
        for name, value in self.root.value if self.root is not None else ():
            if name.value == key:
                return name, value
        return None


def last_index(node: Any) -> int:
    """Where a node ends: the marks of block collections lie at what follows them."""
    if isinstance(node.value, str) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    leaf = node.value[-1]
    return last_index(leaf[1] if isinstance(leaf, tuple) else leaf)
