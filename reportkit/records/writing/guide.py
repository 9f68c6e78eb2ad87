"""What is said of each column: what to fill in, an example, and the page of instructions."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.records.forms import Field, Sheet, kind_told


def advice(wanted: Field) -> str:
    """What is expected in a column, in one line."""
    words = "、".join(word for word, _ in wanted.choices)
    by_kind = kind_told(wanted.kind)["advice"].format(longest=wanted.longest, words=words)
    if not wanted.hint:
        return by_kind
    if wanted.kind in ("choice", "flag") or (wanted.kind == "date" and len(wanted.hint) < 12):
        return f"{wanted.hint}；{by_kind}"
    return wanted.hint


def example(wanted: Field, year: int) -> str:
    """A value as a person would type it; reading takes it as it stands."""
    usual = kind_told(wanted.kind).get("example", "")
    text = wanted.example or (wanted.choices[0][0] if wanted.kind == "choice" else usual)
    return text.replace("{year}", str(year))


def rules(sheets: Sequence[Sheet]) -> list[str]:
    """What holds for the whole form, as the lines of the page of instructions."""
    titles = {sheet.key: sheet.title for sheet in sheets}
    lines = [
        "只填白色格。橙色表头的列必填，灰色表头的列没有的可以留空；表头和封面已填的内容不要改动。",
        "日期按“年-月-日”填写，要写明是哪一天，不写“上旬”“月底”；数字只填数字，不带单位。",
        "留空表示“未报”；确实没有的填“无”；与本单位无关的填“不适用”。留空不等于零。",
        "整张表本期没有内容的，在第一行第一格填“无”（印有序号的，把第一个序号改为“无”）。",
        "序号已印好，一行一个，其他表靠它对应；只有序号的行不算填报。行数不够的接着往下填。",
        "表格可以排序、筛选、调整列宽、插入行；不要合并单元格，不要写公式，粘贴时选“粘贴为数值”。",
    ]
    if "members" in titles:
        lines.append("“成员名单”已填入的请逐人核对：离任的填任职止，新任的加一行。")
    if "plan_items" in titles:
        lines.append("“计划内容”已填入的各项，确认列入计划的保留，不列入的请清除整行内容。")
    if "sign_in" in titles:
        lines.append("考勤二选一：填“签到表”，或在“学习情况”填应到、实到和缺席人员及原因。")
    return [
        *lines,
        "请先看“上期问题”，逐条更正后随本表一并报送。",
        "不得填写身份证号、电话号码等个人信息，不得填写涉密内容。",
        "填好后保存为 .xlsx（不要转成图片、PDF 或扫描件），不改文件名，交回发表部门。",
    ]
