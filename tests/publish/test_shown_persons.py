"""Persons and ids of units in a finished paper: what fails it, and what only holds it back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.charts.drawing import block_of, chart_fonts
from reportkit.display import BLOCK_MIME, Block
from reportkit.publish.masking import Mask
from reportkit.publish.persons import PrivateContent, check_codes, check_persons
from reportkit.publish.reading import read_notebook

MASK = Mask(
    names=(("高峰矿业", "A公司"),),
    persons=("曹博", "于来军", "高峰", "阿依古丽·买买提"),
    heads=("person_id", "姓名"),
)
MEMBERS = pd.DataFrame({
    "unit_id": ["a", "a", "b"], "name": ["曹博", "于来军", "高峰"],
    "person_id": ["1001", "1002", "1003"], "n": [1, 2, 3],
})  # fmt: skip


def paper(*shown: Any, printed: str = "", markdown: str = "") -> Any:
    """A paper whose cell 2 shows values as IPython does; cell 3 is Markdown."""
    data = [
        {BLOCK_MIME: each.to_json()} if isinstance(each, Block) else
        {"text/html": each._repr_html_(), "text/plain": "x"}
        for each in shown
    ]  # fmt: skip
    outputs = [new_output("execute_result", data=each) for each in data]
    outputs += [new_output("stream", name="stdout", text=printed)] if printed else []
    front = Block("document", title="t", author="a", language="zh-CN", date=None, unit="a",
                  year=2023)  # fmt: skip
    cells = [
        new_code_cell(
            "1", outputs=[new_output("display_data", data={BLOCK_MIME: front.to_json()})]
        ),
        new_code_cell("2", metadata={"tags": ["print"]}, outputs=outputs),
        new_markdown_cell(markdown),
    ]
    return read_notebook(new_notebook(cells=cells), name="样本")


def table(*rows: list[str], head: str = "事项") -> Block:
    """One of our own tables, of one column."""
    columns = [{"text": head, "align": "left", "width": None}]
    return Block(
        "table", title="表", columns=columns, rows=list(rows), notes=[], emphasis=[], alt=""
    )


def chart(label: str) -> Block:
    """A chart of an analyst's own, labelled."""
    from matplotlib.figure import Figure

    chart_fonts()
    figure = Figure(figsize=(2, 1))
    figure.subplots().set_title(label)
    return block_of(figure, "图", "图")


JOINED = MEMBERS.merge(pd.DataFrame({"n": [1, 2], "次数": [3, 4]}), on="n")
STRUCTURED = {
    "frame": MEMBERS[["name"]],
    "renamed": MEMBERS.rename(columns={"name": "责任人"})[["责任人", "n"]],
    "index": MEMBERS.groupby("name")[["n"]].sum(),
    "merged": JOINED[["name", "次数"]],
    "joined": MEMBERS.groupby("unit_id").agg({"name": "、".join}),
    "pivoted": MEMBERS.pivot(index="n", columns="name", values="unit_id"),
    "ids": MEMBERS[["person_id"]],
    "a stranger": pd.DataFrame({"姓名": ["张三"]}),
    "table": table(["曹博（主持）"]),
    "spaced": table(["曹 博"]),
    "minority": table(["阿依古丽·买买提"]),
    "chart": chart("于来军"),
}  # fmt: skip


@pytest.mark.parametrize("what", STRUCTURED)
def test_a_table_or_chart_of_persons_fails_the_paper(what: str) -> None:
    """Whatever pandas made of it; the cell is named; a paper that may name persons passes."""
    document = paper(STRUCTURED[what])
    with pytest.raises(PrivateContent) as caught:
        check_persons(document, MASK, persons=False)
    assert caught.value.cell == 2 and caught.value.next_step
    assert check_persons(document, MASK, persons=True) == ()


@pytest.mark.parametrize(
    "shown", [{"printed": MEMBERS[["name", "n"]].to_string()}, {"markdown": "- 曹博\n- 于来军"}]
)
def test_a_printed_frame_and_a_list_fail_it_too(shown: dict[str, str]) -> None:
    """A cell tagged ``print`` prints no persons either."""
    with pytest.raises(PrivateContent):
        check_persons(paper(**shown), MASK, persons=False)


HELD = {
    "paragraph": (paper(Block("paragraph", text="由曹博主持学习。", lead="", lead_level=2)), 2),
    "markdown": (paper(markdown="会上，**于**来军作了发言。"), 3),
    "cell": (paper(table(["由曹博牵头"])), 2),
    "chart": (paper(chart("曹博：3次")), 2),
    "a word": (paper(markdown="防汛高峰期"), 3),
}


@pytest.mark.parametrize("what", HELD)
def test_a_name_within_a_sentence_only_holds_the_paper_back(what: str) -> None:
    """Names of two characters are ordinary words too: a person has to look."""
    document, cell = HELD[what]
    (held,) = check_persons(document, MASK, persons=False)
    assert held.startswith(f"cell {cell}: “")
    assert check_persons(document, MASK, persons=True) == ()


def test_leaders_wording_is_looked_at_and_names_of_units_are_none() -> None:
    """高峰矿业 is no person called 高峰."""
    document = paper(MEMBERS[["n"]], markdown="高峰矿业组织学习2次。")
    assert check_persons(document, MASK, persons=False) == ()
    (held,) = check_persons(document, MASK, [("二.1", "由曹博负责。")], persons=False)
    assert held.startswith("二.1: “曹博”")


@pytest.mark.parametrize(
    ("text", "bad"),
    [("dongling组织学习", True), ("见dongling/3", True), ("来自dongling.xlsx第3行", False),
     ("data/2023/dongling.xlsx", False), ("dongling (1).xlsx", False), ("donglingshan", False)],
)  # fmt: skip
def test_the_id_of_a_unit_fails_the_paper(text: str, bad: bool) -> None:
    """As a word of the text; the name of a file is the unit's own word."""
    document = paper(table([text]))
    if not bad:
        check_codes(document, ("dongling", "yunping"))
        return
    with pytest.raises(PrivateContent, match="unit_id 'dongling'"):
        check_codes(document, ("dongling", "yunping"))
