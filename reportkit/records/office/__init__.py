"""The office's own workbook, ``data/checks/<year>.xlsx``: its checks, ratings and lists."""

from __future__ import annotations

from reportkit.records.office.model import NOT_CHECKED, OfficeRecords, Pending
from reportkit.records.office.reading import read_office

__all__ = ["NOT_CHECKED", "OfficeRecords", "Pending", "read_office"]
