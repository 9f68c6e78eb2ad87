"""What is said of each column: what to fill in, an example, and the page of instructions."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.records.forms import Field, Sheet

_ADVICE = {
    "text": "文字，不超过{longest}字",
    "key": "编号：数字、字母或短横线",
    "name": "一个人的姓名，不带职务、括号",
    "person": "从下拉表选择成员姓名；有同名的填工号",
    "people": "姓名，多人用、隔开",
    "absent": "姓名（原因），多人用、隔开；没有缺席的填“无”",
    "date": "年-月-日",
    "span": "一天填日期，几天填起止日期",
    "whole": "不小于0的整数，只填数字",
    "decimal": "不小于0的数字，只填数字",
    "percent": "百分比",
    "flag": "从下拉表选“是”或“否”",
    "choice": "从下拉表选：{words}",
    "codes": "编号，多个用、隔开",
    "period": "从下拉表选择期间",
}
_EXAMPLES = {
    "text": "",
    "key": "1",
    "name": "张三",
    "person": "张三",
    "people": "张三、李四",
    "absent": "张三（公务）、李四（病假）",
    "date": "{year}-03-05",
    "span": "{year}-03-05至{year}-03-07",
    "whole": "12",
    "decimal": "1.5",
    "percent": "95%",
    "flag": "是",
    "codes": "1、3",
    "period": "{year}年第一季度",
}
_TEXTS = {
    "title": "学习重要讲话精神",
    "ad_hoc_basis": "上级通知要求传达学习",
    "makeup_evidence": "补学记录第3页",
    "evidence": "调研报告",
    "contact_point": "一号矿综采队",
    "other_unit": "东岭矿业",
    "highlights": "研讨联系实际",
    "problems": "讨论时间偏短",
    "problem": "一学一报不及时",
    "measure": "明确专人负责报送",
    "name": "“一线课堂”学习法",
    "what": "把课堂设在班组，每月一次",
    "outcome": "形成改进措施5项",
    "award": "市级优秀案例",
    "issuer": "市委宣传部",
    "month": "{year}年3月",
}


def advice(wanted: Field) -> str:
    """What is expected in a column, in one line."""
    words = "、".join(word for word, _ in wanted.choices)
    by_kind = _ADVICE[wanted.kind].format(longest=wanted.longest, words=words)
    if not wanted.hint:
        return by_kind
    if wanted.kind in ("choice", "flag") or (wanted.kind == "date" and len(wanted.hint) < 12):
        return f"{wanted.hint}；{by_kind}"
    return wanted.hint


def example(wanted: Field, year: int) -> str:
    """A value as a person would type it; reading takes it as it stands."""
    text = wanted.example or _TEXTS.get(wanted.name, "")
    if not text or (wanted.kind != "text" and wanted.name != "month" and not wanted.example):
        text = wanted.choices[0][0] if wanted.kind == "choice" else _EXAMPLES[wanted.kind]
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
