"""The tables of a year from elsewhere: a database, or a folder of Parquet or CSV files.

No form is filled in and none is read here: :func:`read_source` takes tables that bear the
names and columns of :data:`~reportkit.records.schemas.TABLES`, holds them against their
contracts, and says of each row that breaks one where it stands and what is expected.
:func:`records_from` hands on what is left, in the shape in which an import joins it.
"""

from reportkit.records.sources.frames import RawTable
from reportkit.records.sources.joining import SourceTables, read_source, records_from
from reportkit.records.sources.problems import Problem

__all__ = [
    "Problem",
    "RawTable",
    "SourceTables",
    "read_source",
    "records_from",
]
