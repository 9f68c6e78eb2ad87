"""A scan that a unit sends beside its workbook: a drawn page, as PDF."""

from __future__ import annotations

from functools import cache

SCAN_NAME = "签到簿扫描件.pdf"
_WIDTH, _HEIGHT = 595, 842
_LEFT, _RIGHT, _TOP, _ROW = 60, 535, 760, 40
_ROWS = 12
_COLUMNS = (60, 130, 290, 410, 535)


@cache
def scan() -> bytes:
    """A page with an empty ruled table and strokes for signatures; the same bytes each time."""
    bottom = _TOP - _ROW * _ROWS
    lines = [f"{_LEFT} {_TOP - _ROW * n} m {_RIGHT} {_TOP - _ROW * n} l" for n in range(_ROWS + 1)]
    lines += [f"{x} {_TOP} m {x} {bottom} l" for x in _COLUMNS]
    for n in range(_ROWS):
        y = _TOP - _ROW * n - 25
        lines.append(f"{300 + 5 * (n % 4)} {y} m 330 {y + 14} 345 {y - 8} {375 + n} {y + 9} c")
    return _pdf("\n".join(["0.8 w", *lines, "S"]).encode("ascii"))


def _pdf(drawing: bytes) -> bytes:
    """One page with a drawing."""
    page = f"/Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents 4 0 R /Resources << >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page {page} >>".encode("ascii"),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
    )
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(content))
    )
