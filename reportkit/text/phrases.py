"""Words beside numerals: what numbers count, and phrases in which a numeral counts nothing."""

from __future__ import annotations

import re

_words = re.compile(r"\S+").findall

FEW = _words("""
    个百分点 百分点 场次 人次 班次 期次 批次 学时 课时 小时 分钟 公里 平方米 次 期 天 项 家 人 篇 份
    名 条 件 场 门 册 户 倍 位 堂 岁 处 批 组 起 宗 例 遍 座 所 辆 吨 亩 封 节 元 页 折 番 轮 席
    趟 个
""")
"""What a number counts, as it stands right behind it, be it two to nine in words: 两家, 三次."""

COUNTERS = FEW + _words("""
    个小时 万人次 万元 亿元 季度 个月 公斤 日 本 类 字 讲 年 周 分 支 张 台 套 幅 款 种 间 栋 棵 枚
    幢 桩 票 只 艘 株 匹 架 趟 回 笔
""")
"""The same behind larger ones: a small one is mostly part of a phrase here: 四种形态."""

ONE = _words("场次 人次 次 场 期 篇 条 家 项 人 天 件 个")
"""What also one counts: 一次."""

NEVER = _words("年 日 周 季度 字 只 回 票")
"""What follows numbers in words in dates and phrases: 三年行动, 一季度."""

COUNTED = _words("""
    百分点 专题 项目 课题 单位 部门 支部 党 总支 小组 小时 月 季度 工作日 问题 企业 公司 子公司 班
    点 基层 街道 乡镇 村 县 市 区县 学 课 案例 典型 名额 样本 矿 电厂 批次 会议 场次 文件 整改 指标
    教学 科室 车间 必学 中心组 培训 分 队 岗 网点 调研
""")
"""What stands behind 个 where even a small number counts: 三个支部, but 四个意识."""

DOCTRINES = _words("""
    意识 自信 维护 确立 全面 坚持 明确 必须 务必 代表 方面 能力 统一 敢于 善于 从 凡是 为什么 清单
    到位 注重 结合 层面 维度 环节 体系 伟大 更加 着力 牢牢 始终 准确 深刻 基本 重大 规律 阶段 一
    着眼 先锋 表率 带头 高地 革命 新 有 不 要 以 关键 平衡
""")
"""What stands behind 个 in doctrines, however many of it they count: 十个明确."""

OTHERWISE = {
    counter: words.split("、")
    for counter, words in (entry.split("：") for entry in _words("""
    次：全会、办、性、分配、创业、能源、产业、污染、供水、设备、元、函数、革命、次、序、要
    项：规定、基本原则、纪律、本领、铁律、禁令、准则、原则、职权、项、法规、目
    条：心、龙、腿、线、主线、红线、底线、路、道路、战线、生命线、条、例
    家：人、亲、之言、独大、渠、村、家、嘴、庭
    人：小组、多、行、成虎、称、之下、人、才、民、员、力、大 天：两头、到晚、天、然、地、下
    门：峡、心思、类 位：一体、次、置、数 件：事、大事、套、件
    场：硬仗、攻坚战、持久战、空、场、所、景 期：工程、项目、期、间、限、望
    名：列、为、单、义、名、录 分：为、析、别、管、工、类、部署 本：单位、年、月、级、次、人、质
    组：织、长、成、合、建 处：理、置、于、分、长、处 批：评、准、示、复、批
    起：来、点、初、步、草 轮：车、流、换、廓 个：人、别、体、性 所：有、以、在、属
    讲：话、政治、究 节：气、约 元：素、旦、化 例：会、如、外 台：山、账、阶 支：部、持、撑
    周：期、年、边、密 小时：制 套：班子 宗：旨 份：额、份 座：谈、右 册：子 票：据 封：闭
    户：外、口
    """))
}  # fmt: skip
"""Behind a counter what makes another word of it: 一次性, 八项规定, 三门峡."""

FIXED = _words(r"""
    十分(?!钟|之) [一两]?[百千万]年 一千零一夜 [^\W\d]百强 之一 两点一线 一点一滴 一个个 百分百
    (?<=跑)一次 三番五次 [一二三四五六七八九十]+届[一二三四五六七八九十]+次 中间一半
    [一两三四五六]点(?:论|建议|意见|要求|体会) 一[^\W\d一十百千万亿]一[^\W\d]
    [上下本这那每某任另同统唯逐再又新]一(?:次|期|场|项|家|条|人|件|天|名|篇|个|份)
""")
"""Set phrases, as expressions."""
