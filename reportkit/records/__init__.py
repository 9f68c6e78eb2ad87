"""Submissions (报送) → checked tables → snapshot.

:mod:`.forms` says what the forms look like, :mod:`.values` reads one cell, :mod:`.workbook`
opens one file, :mod:`.reading` reads its sheets, :mod:`.checks` and :mod:`.attendance` turn
one submission into rows of the tables, :mod:`.importing` does a year, :mod:`.snapshot`
keeps the result, :mod:`.demo` makes an example to start from.
"""
