"""The catalogue of what can be wrong with a submission: one code each, one place.

A code tells programs, decisions and feedback apart what people read as a sentence. Each has
its severity, a Chinese title, what the unit is to do, and which decisions an analyst may take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from reportkit.records.forms import Kind

OFFICE_FIRST = "all_units"
"""What all units have in common: the office looks at its own parameters first."""

Severity = Literal["refused", "corrected", "warned"]
Decision = Literal["accept", "override", "waive"]

ROW_LOST = "该行未采用，请更正后重新报送"
CELL_LOST = "该项按未报处理，其余照常采用；请更正后重新报送"
FILE_LOST = "整份未采用，请按要求重新报送"


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


_CELL: tuple[Decision, ...] = ("accept", "override")
_ROW: tuple[Decision, ...] = ("accept", "waive")

_KIND_TITLES: dict[str, str] = {
    "text": "文字", "key": "编号", "name": "姓名", "person": "人员", "absent": "缺席名单",
    "date": "日期", "whole": "整数", "decimal": "数字", "flag": "是否项", "choice": "选项",
    "codes": "编号", "period": "期间", "span": "日期", "percent": "百分数", "people": "人员名单",
}  # fmt: skip

_CODES = (
    # --- files ---
    Code("file", "refused", "文件不能采用", FILE_LOST),
    Code("empty_file", "refused", "空文件", FILE_LOST),
    Code("damaged", "refused", "文件已损坏", FILE_LOST),
    Code("reading_ended", "refused", "读取时耗尽时间、内存或异常终止", FILE_LOST),
    Code("password", "refused", "文件设有密码", "请取消密码后重新报送"),
    Code("format", "refused", "不是能读取的表格", "请另存为 .xlsx 后重新报送"),
    Code("html_as_xls", "refused", "网页存成了表格的扩展名", "请另存为 .xlsx 后重新报送"),
    Code("classified", "refused", "有密级标志", "本工具不处理涉密信息，请按保密规定处理"),
    Code("too_large", "refused", "文件过大", FILE_LOST),
    Code("unpacked_size", "refused", "解压后过大", FILE_LOST),
    Code("ratio", "refused", "压缩比异常", FILE_LOST),
    Code("members", "refused", "压缩包内文件过多或重复", FILE_LOST),
    Code("path_trick", "refused", "压缩包内路径异常", FILE_LOST),
    Code("dtd", "refused", "含有 DTD 声明", FILE_LOST),
    Code("sheets", "refused", "工作表过多", FILE_LOST),
    Code("rows", "refused", "行数过多", FILE_LOST),
    Code("columns", "refused", "列数过多", FILE_LOST),
    Code("cells", "refused", "单元格范围过大", FILE_LOST),
    Code("cell_length", "refused", "单元格内容过长", FILE_LOST),
    Code("nul", "refused", "文本中有空字符", FILE_LOST),
    Code("encoding", "refused", "文字编码认不出", "请另存为 .xlsx 后重新报送"),
    Code("delimiter", "refused", "分隔符认不出", "请另存为 .xlsx 后重新报送"),
    Code("extension", "warned", "扩展名与内容不符", "已按内容读取，下次请用正确的扩展名"),
    Code("macros", "warned", "工作簿含有宏", "宏没有运行，请核对"),
    Code("external_link", "warned", "引用外部内容", "没有读取外部内容，请改为数值"),
    Code("embedded", "warned", "嵌有其他文件", "嵌入的文件未读取，请另行报送"),
    Code("struck_through", "warned", "文字带删除线", "已照常读取，请确认是否作废"),
    Code("not_shown", "warned", "值没有照样显示", "已按单元格里的值读取，请核对"),
    Code("archive", "warned", "压缩包", "已登记为佐证；请解压后报送其中的表格"),
    Code("lock_file", "warned", "程序留下的临时文件", "已跳过，无需处理"),
    Code("evidence", "warned", "佐证材料", "已登记为佐证；数据请用表格填报"),
    Code("cover", "refused", "封面内容有误", "该项未采用，请更正", _CELL),
    Code("cover_missing", "warned", "封面缺项", "请补填封面"),
    Code("date_system", "corrected", "工作簿的日期系统有误", "请核对"),
    Code("no_column", "warned", "缺少一列", "该列按未核查处理"),
    # --- sheets and rows ---
    Code("hidden_sheet", "warned", "工作表是隐藏的", "已照常读取，请确认"),
    Code("hidden_rows", "warned", "有隐藏的行", "已照常读取，请确认"),
    Code("hidden_columns", "warned", "有隐藏的列", "已照常读取，请确认"),
    Code("sheet_taken", "warned", "按表头认定的工作表", "已按该表读取，请确认"),
    Code("column_twice", "refused", "两列是同一项",
         "各列都未读取，该项按未报处理；请删去或改名多余的一列后重新报送"),
    Code("column_near", "corrected", "表头写法与报送表不同", "已读取，请确认"),
    Code("column_unclear", "refused", "缺少一列",
         "该列未读取，该项按未报处理；如即该项，请改用报送表的表头后重新报送"),
    Code("extra_column", "warned", "报送表以外的列", "该列未读取"),
    Code("sheet_twice", "refused", "两张工作表是同一张表",
         "两张都有的行已采用，只在一张上的行未采用；请合并为一张后重新报送"),
    Code("extra_sheet", "warned", "报送表以外的工作表", "该表未读取"),
    Code("none_and_rows", "warned", "先填“无”后有内容", "按有内容处理，请核对"),
    Code("unrecognised_row", "refused", "认不出的一行", ROW_LOST),
    # --- cells: bad_<kind> and corrected_<kind> are added below ---
    Code("required", "refused", "必填项空白", ROW_LOST, _CELL),
    Code("formula", "refused", "公式没有结果或有错误", "请粘贴为数值后重新报送", _CELL),
    Code("merged_cells", "refused", "合并的单元格", "请取消合并，逐行填写后重新报送", _CELL),
    Code("merged_read", "corrected", "合并的单元格", "按各行同值读取"),
    Code("identity_number", "refused", "含有证件号码", "该项未采用；请删去证件号码后重新报送"),
    Code("telephone", "refused", "含有电话号码", "该项未采用；请删去电话号码后重新报送"),
    Code("total_mismatch", "warned", "合计与各行之和不一致", "以各行为准，请核对"),
    # --- people ---
    Code("member_dates", "refused", "任职起止日期有误", ROW_LOST, _ROW),
    Code("same_name", "refused", "同名而未填工号", "请各填工号后重新报送"),
    Code("staff_number", "refused", "工号重复", "请更正工号后重新报送"),
    Code("shared_staff_number", "warned", "工号在其他单位是另一个姓名", "按本单位自编号处理"),
    Code("not_on_roster", "refused", "不在成员名单中", "请更正姓名，或补报成员名单", _CELL),
    Code("member_dropped", "warned", "后一份名单没有此人", "暂按在任计；如已离任，请补填任职止"),
    # --- plans and topics ---
    Code("plan_period", "refused", "计划期间有误", ROW_LOST, _CELL),
    Code("topic", "refused", "专题编号不在本年度参数中", "请按专题清单更正", _CELL),
    Code("plan_item", "refused", "计划内容序号对不上", "请更正序号", _CELL),
    # --- sessions ---
    Code("session_dates", "refused", "学习日期有误", ROW_LOST, _CELL),
    Code("outside_unit_years", "refused", "不在本单位存续期内", ROW_LOST, ("accept", "waive")),
    Code("present_over_expected", "refused", "实到多于应到", CELL_LOST, _CELL),
    Code("hours", "refused", "学时超过天数所能", CELL_LOST, _CELL),
    Code("duplicate", "corrected", "重复填报", "只计一次"),
    Code("rows_contradict", "refused", "两行互相矛盾", "以前一行为准，请核对后更正"),
    Code("number_twice", "refused", "序号重复而内容不同", "请更正序号后重新报送", _ROW),
    Code("maybe_one_session", "warned", "两条记录可能是同一次学习", "暂按两次计，请核对",
         ("accept", "override")),
    Code("maybe_two_sessions", "warned", "一条记录可能含两次学习", "暂按一次计，请核对"),
    Code("session_reference", "refused", "学习序号对不上", ROW_LOST, _CELL),
    Code("makeup_before_session", "refused", "补学早于学习", ROW_LOST, _CELL),
    Code("makeup_present", "refused", "补学的人当次已到会", ROW_LOST),
    Code("makeup_unlisted", "refused", "补学的人没有当次考勤", ROW_LOST),
    Code("report_before_session", "refused", "报告早于学习", CELL_LOST, _CELL),
    Code("report_not_due", "warned", "报告尚未到期", "本年度不计为未报，按期报送即可"),
    Code("host_absent", "warned", "主持人当次未到会", "请核对主持人或考勤"),
    Code("speaker_absent", "warned", "发言人当次未到会", "请核对发言或考勤；书面发言请选“书面”"),
    Code("cancelled_attended", "warned", "已取消的学习有考勤",
         "按已取消计，考勤未采用；如已举办，请更正“是否取消”"),
    # --- attendance ---
    Code("sign_in_gap", "warned", "签到缺人", "所缺人员按未记处理"),
    Code("sign_in_guest", "warned", "应到人员以外的人签到", "按列席处理，不计入考勤"),
    Code("sign_in_figures", "warned", "签到与实到人数不一致", "以签到表为准，请核对"),
    Code("sign_in_twice", "refused", "一人两次签到", "以前一行为准，请核对后更正"),
    Code("attendance_unrecorded", "warned", "考勤对不上", "本次考勤按未记处理，请核对后补报"),
    # --- practices, research, visits, rectifications ---
    Code("person_named", "refused", "写有成员姓名", "请改写职务后重新报送"),
    Code("account_date", "refused", "述学日期有误", CELL_LOST, _CELL),
    Code("research_date", "refused", "调研日期有误", CELL_LOST, _CELL),
    Code("month", "refused", "月份不在本年度", ROW_LOST, _CELL),
    Code("joined_over_members", "refused", "注册人数多于党员数", CELL_LOST, _CELL),
    Code("unit_name", "refused", "单位不在名录中", "请用名录中的名称", _CELL),
    Code("visit_unmatched", "warned", "旁听记录只有一方报送", "请对方单位补报或更正"),
    Code("visit_dates_differ", "corrected", "旁听双方日期不一致", "按被旁听单位的日期计"),
    Code("visit_feedback_differs", "warned", "旁听双方的反馈日期不一致",
         "暂以旁听单位的为准，请核对"),
    Code("visit_unpaired", "warned", "旁听不在结对安排中", "已照常计入，请核对结对安排"),
    Code("visit_self", "refused", "旁听双方是同一单位", ROW_LOST, _CELL),
    Code("visit_date", "refused", "旁听日期有误", ROW_LOST, _CELL),
    Code("visit_session", "warned", "旁听的学习序号对不上", "请核对序号和日期"),
    Code("feedback_before_visit", "refused", "反馈早于旁听", CELL_LOST, _CELL),
    Code("practice_session", "warned", "做法所列学习序号对不上", "该序号未采用，请更正"),
    Code("finding", "refused", "整改问题编号对不上", ROW_LOST, _CELL),
    # --- several files of one unit ---
    Code("second_file", "warned", "同一单位有多份报送", "已合并读取，请确认"),
    Code("files_contradict", "refused", "两份报送互相矛盾",
         "以后一份（期间较长）的为准，请核对后重新报送", ("accept", "waive")),
    # --- several units ---
    Code("identical_submissions", "warned", "两个单位的报送内容相同", "请核对是否误用了对方的表"),
    Code("merged_unit_twice", "corrected", "并入前的记录在接续单位重复", "只计一次，计在原单位"),
    Code("joint_sessions", "warned", "联学", "按参数计入集团合计，请核对勾稽关系"),
    Code("joint_alone", "warned", "联学编号只有一个单位填报", "请核对联学编号"),
    Code("joint_dates", "warned", "同一次联学的日期不一致", "请与其他单位核对日期和联学编号"),
    Code("two_places", "warned", "一人同日两处出席", "请核对"),
    # --- the office's own workbook ---
    Code("sheet_off", "warned", "该表所用的指标已关闭", "已读取，本年度不使用"),
    Code("speech_missing", "refused", "评议的发言没有记录", ROW_LOST, _CELL),
    Code("visit_missing", "refused", "评价的旁听没有记录", ROW_LOST, _CELL),
    # --- the office's parameters, decisions and other sources ---
    Code(OFFICE_FIRST, "warned", "全部单位有同样的问题", "请先核对本级参数，再退回单位"),
    Code("decision_unmatched", "warned", "人工决定没有对应的问题", "请删去或更正该条决定"),
    Code("source_file", "refused", "数据源中的文件不能采用", "整表未采用，请在数据源中更正"),
    Code("source_file_extra", "warned", "数据源中的其他文件", "该文件未读取"),
    Code("source_table", "refused", "数据源中的表不能采用", "整表未采用，请在数据源中更正"),
    Code("source_missing", "warned", "数据源中没有此表", "按未报处理，不按零计"),
    Code("source_twice", "warned", "数据源与本单位检查表都有此表", "以数据源为准"),
    Code("source_column", "refused", "数据源缺少必需的一列", "整表未采用，请在数据源中更正"),
    Code("source_column_blank", "warned", "数据源缺少一列", "该列按空白处理"),
    Code("source_column_extra", "warned", "数据源中多出的列", "该列未读取"),
    Code("source_year", "warned", "数据源的表没有年度", "全部作为本年度的记录，请核对"),
    Code("source_row", "refused", "数据源中的一行不能读取", "该行未采用，请在数据源中更正"),
    Code("source_key", "refused", "数据源中的编号重复", "该行未采用，请在数据源中更正"),
    Code("source_repeat", "corrected", "数据源中的行重复", "只计一次"),
    Code("source_value", "refused", "数据源中的值不符合要求", "该行未采用，请在数据源中更正"),
    Code("source_blank", "refused", "数据源中的必填项空白", "该行未采用，请在数据源中更正"),
    Code("source_private", "refused", "数据源中含有证件号码或电话", "未采用，请在数据源中删去"),
    Code("source_time", "corrected", "数据源的日期带有时刻", "只取日期"),
    Code("source_session", "refused", "数据源中的学习编号对不上", "该行未采用，请在数据源中更正"),
    Code("source_unit", "refused", "数据源中的单位不在名录中", "该行未采用，请在数据源中更正"),
)  # fmt: skip


def _catalogue() -> dict[str, Code]:
    codes = {code.code: code for code in _CODES}
    for kind in get_args(Kind):
        title = _KIND_TITLES[kind]
        codes[f"bad_{kind}"] = Code(f"bad_{kind}", "refused", f"{title}读不出", ROW_LOST, _CELL)
        name = f"corrected_{kind}"
        codes[name] = Code(name, "corrected", f"{title}写法已规范", "请核对", _CELL)
    return codes


CODES: dict[str, Code] = _catalogue()
"""code → its entry; an issue with another code cannot be made."""
