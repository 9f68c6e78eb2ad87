"""What people are told of a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reportkit.batch.manifest import Manifest, years_with_manifest
from reportkit.errors import ReportkitError
from reportkit.notice import Letter
from reportkit.params import Schedule
from reportkit.schedule.ledger import DONE, Run

FAILURE, LATE, SUCCESS = "failure", "late", "success"
SHOWN = 200
"""So many rows a letter's table has at most."""
_TAIL = 15

_STATES = {
    "failed": "失败", "timeout": "超时", "dead": "内核异常终止", "cancelled": "已取消",
    "not-reached": "未轮到",
}  # fmt: skip
_STEPS = {"import": "导入", "check": "检查", "run": "生成", "deliver": "分发", "remind": "催报"}
_HEAD = ("单位", "文档", "年度", "结果", "单元格", "原因", "文件")


def notices_of(
    schedule: Schedule, run: Run, kind: str, letter: Letter
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Who is to hear of a run: key → recipient and letter. One key is told once."""
    job = schedule.jobs.get(run.job)
    recipients: Sequence[str] = getattr(job.tell, kind) if job else ()
    return {
        f"{run.job}@{run.due.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}/{kind}/{recipient}": (
            recipient, letter.to_json()
        )
        for recipient in recipients
    }  # fmt: skip


def letter_of_end(
    run: Run, state: str, ended: dt.datetime, zone: ZoneInfo, outputs: Path,
    failed: Sequence[str], steps: Sequence[str],
) -> Letter:  # fmt: skip
    """The letter on a job's end: what failed, and why.

    ``failed``, ``steps``: the commands that did not end well, and their steps.
    """
    due = _moment(run.due, zone)
    told = list(_failures(outputs, run.started)) if "run" in steps else []
    data = {
        "event": SUCCESS if state == DONE else FAILURE, "job": run.job,
        "due": run.due.isoformat(), "started": run.started.isoformat(),
        "ended": ended.isoformat(), "state": state, "attempts": run.attempts,
        "commands": list(failed), "documents": told, "log": run.log,
    }  # fmt: skip
    took = f"{_moment(run.started, zone)}开始，{_moment(ended, zone)}结束。"
    if state == DONE:
        return Letter(f"【定时任务】{run.job}已完成（{due}）", (took,), data=data)
    lines = [f"定时任务{run.job}（应于{due}开始）未全部完成。{took}"]
    lines += [f"未完成的命令：{command}" for command in failed]
    if told:
        part = f"，列出前{SHOWN}份" if len(told) > SHOWN else ""
        lines.append(f"未生成的文档{len(told)}份{part}：")
    if (set(steps) - {"run"} or not told) and run.log:
        lines.append("日志末尾：\n" + _tail(outputs.parent / run.log))
    if run.log:
        lines.append(f"完整日志：{run.log}")
    number = f"，{len(told)}份文档未生成" if told else ""
    names = "、".join(dict.fromkeys(_STEPS[step] for step in steps))
    subject = f"【定时任务】{run.job}未完成（{due}{'，' + names if names else ''}{number}）"
    return Letter(subject, lines, _HEAD if told else (), [_row(d) for d in told[:SHOWN]], data)


def letter_of_lateness(run: Run, allowed: dt.timedelta, zone: ZoneInfo) -> Letter:
    """The letter on a job that has not ended by its deadline."""
    due, end = _moment(run.due, zone), _moment(run.due + allowed, zone)
    at = f"，正在{_STEPS[run.step]}" if run.step in _STEPS else "，尚未开始"
    line = f"定时任务{run.job}应于{due}开始，{end}前完成，现仍未完成{at}。"
    data = {
        "event": LATE, "job": run.job, "due": run.due.isoformat(),
        "deadline": (run.due + allowed).isoformat(), "state": run.state, "step": run.step,
    }  # fmt: skip
    return Letter(f"【定时任务】{run.job}逾期未完成（{due}）", (line,), data=data)


def _moment(moment: dt.datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _failures(outputs: Path, since: dt.datetime) -> Iterator[dict[str, Any]]:
    """The documents that runs since then have not made, by the manifests."""
    for year in years_with_manifest(outputs):
        try:
            manifest = Manifest(outputs, year)
        except ReportkitError as damaged:
            yield {
                "unit": "", "label": "", "document": "manifest.json", "year": year,
                "state": "failed", "message": str(damaged), "cell": None, "file": None,
            }  # fmt: skip
            continue
        started = manifest.run.get("started")
        if not started or dt.datetime.fromisoformat(started) < since.replace(microsecond=0):
            continue
        for key, entry in sorted(manifest.entries.items()):
            this, last = entry["this_run"], entry["last_result"]
            reached = this is not None and this["outcome"] != "not-reached"
            if this is None or (reached and (last is None or last["state"] == "done")):
                continue
            error = last["error"] if last and reached else None
            partial = error["notebook"] if error else None
            yield {
                "unit": entry["unit"], "label": entry["label"], "document": key, "year": year,
                "state": last["state"] if last and reached else "not-reached",
                "message": error["message"] if error else "",
                "cell": error["cell"] if error else None,
                "file": f"outputs/{entry['folder']}/{partial}" if partial else None,
            }  # fmt: skip


def _row(failure: Mapping[str, Any]) -> tuple[str, ...]:
    cell = failure["cell"]
    return (
        str(failure["label"]), str(failure["document"]), str(failure["year"]),
        _STATES.get(failure["state"], str(failure["state"])), "" if cell is None else str(cell),
        str(failure["message"]), str(failure["file"] or ""),
    )  # fmt: skip


def _tail(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-_TAIL:])
