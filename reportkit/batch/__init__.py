"""Plan → run → manifest: many documents executed and published, each state true.

Knows nothing of study groups: it is handed a :class:`~reportkit.batch.contract.Workbook`.
Importing this package, or any module but ``kernel``, ``engine`` and ``execute`` (which run
in worker processes), imports neither papermill nor nbconvert nor pandas.
"""
