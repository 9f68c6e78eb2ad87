"""Submissions (报送) → checked tables → snapshot → feedback.

:mod:`.schemas` holds the tables' contracts, :mod:`.forms` what the forms look like.
On the way in: :mod:`.opening` opens one file, :mod:`.values` reads one cell, :mod:`.reading`
the sheets, :mod:`.identity` knows whose file it is, :mod:`.checks` turns a unit's files into
rows, :mod:`.across` puts the units side by side, :mod:`.office` reads the office's own
workbook, :mod:`.sources` a database or a folder instead, :mod:`.importing` does a year.
On the way out: :mod:`.snapshot` keeps the result, :mod:`.writing` makes blank forms and
feedback. :mod:`.codes` and :mod:`.issues` are what is told, :mod:`.private` what never is,
:mod:`.demo` an example to start from.
"""
