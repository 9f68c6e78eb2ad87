"""How large an honest submission can be: what is beyond is refused before it fills memory."""

from __future__ import annotations

MAXIMUM_FILE = 50 * 2**20
"""Bytes of a file as it was sent."""
MAXIMUM_UNPACKED = 200 * 2**20
"""Bytes of all its parts, unpacked: more than any honest submission, less than memory."""
MAXIMUM_MEMBERS = 5000
"""Parts of one workbook."""
MAXIMUM_RATIO = 300
"""Unpacked bytes for each packed one, of a part larger than :data:`RATIO_FROM`."""
RATIO_FROM = 8 * 2**20
"""Bytes from which the ratio counts: small parts of one repeated tag are honest."""
MAXIMUM_SHEETS = 200
"""Sheets of one workbook."""
MAXIMUM_ROWS = 500_000
"""The last row in use of one sheet; rows that only carry a format do not count."""
MAXIMUM_COLUMNS = 2_000
"""The last column in use of one sheet."""
MAXIMUM_CELLS = 3_000_000
"""Rows × columns of the areas in use of all sheets together."""
MAXIMUM_TEXT = 32_767
"""Characters in one cell, as in Excel."""
MAXIMUM_NOTICES = 20
"""Notices of one kind about one sheet; what is more is counted in the last one."""
MAXIMUM_SECONDS = 120
"""Time in which a file must be read: many times what the largest one takes."""
MAXIMUM_MEMORY = 3 * 2**30
"""Bytes of memory that reading one file may take, where the system keeps to it."""
