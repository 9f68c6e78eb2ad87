"""The paragraph styles of our Word copies, by which a paragraph is known again."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.fonts import Role

BODY_PT = 16.0  # 3号


@dataclass(frozen=True)
class Style:
    """One paragraph style: its names, its type, and how its lines stand."""

    style_id: str
    name: str
    aliases: str = ""
    role: Role = "仿宋"
    size: float = BODY_PT
    align: str = "both"
    indent: int = 0
    outline: int | None = None
    keep_next: bool = False
    exact: bool = True
    page_break: bool = False
    before: int = 0
    base: str | None = "Normal"


STYLES = (
    Style("Normal", "Normal", "正文", indent=200, base=None),
    Style("Title", "Title", "公文标题", "小标宋", 22, "center", keep_next=True),
    Style("Heading1", "heading 1", "一级标题", "黑体", indent=200, outline=0, keep_next=True),
    Style("Heading2", "heading 2", "二级标题", "楷体", indent=200, outline=1, keep_next=True),
    Style("Heading3", "heading 3", "三级标题", indent=200, outline=2, keep_next=True),
    Style("Heading4", "heading 4", "四级标题", indent=200, outline=3, keep_next=True),
    Style("Addressee", "主送机关", align="left"),
    Style("Blank", "空行", align="left"),
    Style("AnnexList", "附件说明", align="left"),
    Style("Signature", "Signature", "署名", align="right", keep_next=True),
    Style("Note", "附注", align="left", indent=200),
    Style("AnnexLabel", "附件标识", role="黑体", align="left", keep_next=True),
    Style("AnnexTitle", "附件标题", "", "小标宋", 22, "center", outline=0, keep_next=True),
    Style("Caption", "caption", "表题", "黑体", 14, "center", keep_next=True, exact=False),
    Style("Cell", "表格文字", size=12, align="left", exact=False),
    Style("TableNote", "表注", size=12, align="left", exact=False),
    Style("Picture", "图片", align="center", keep_next=True, exact=False),
    Style("List", "List", "列表", align="left"),
    Style("Quote", "Quote", "引文", "楷体"),
    Style("Code", "程序文字", "", "等宽", 9, "left", exact=False),
    Style("Notice", "提示", "", "楷体", indent=200),
    Style("Imprint", "版记", size=14, align="left", exact=False),
    Style("Footer", "footer", "页码", "宋体", 14, "left", exact=False),
)
