"""The states of a value (值的状态)."""

from __future__ import annotations

from typing import Literal

State = Literal["已报", "零", "未报", "不适用", "未核查", "数据不足", "未到期"]
"""未到期: due at the year's end, in a paper on a part of it; 数据不足: sent, yet too little."""

REPORTED: tuple[State, ...] = ("已报", "零")
"""The states in which an indicator has a value."""
