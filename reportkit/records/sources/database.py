"""A database by its SQLAlchemy address: SQLite, PostgreSQL, and what else has a driver.

Nothing is written to it. No message, row or file holds the address as it was given: it is
known by :func:`redacted`, without user, password and options.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError, UsageError
from reportkit.records.schemas import SOURCE_TABLES, TABLES
from reportkit.records.sources.frames import TABLE_OUT, RawTable
from reportkit.records.sources.problems import Problems

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

MAXIMUM_ROWS = 5_000_000

Kinds = dict[str, dict[str, Any]]
"""table → column → its type, as the database declares it."""
_PREFERRED = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_EXPECTED = "an address such as sqlite:///records.db or postgresql://user@host/database"


def parse(location: str) -> URL:
    """The address, its password well hidden from then on.

    Raises
    ------
    UsageError
        If it is none, or SQLAlchemy is not installed.
    """
    try:
        import sqlalchemy as sa
    except ImportError:
        raise UsageError(
            "SQLAlchemy is not installed",
            expected="SQLAlchemy and the database's driver",
            next_step="pip install sqlalchemy psycopg[binary]",
            where="--from",
        ) from None
    try:
        url = sa.make_url(location)
    except (sa.exc.ArgumentError, ValueError):
        raise UsageError("no address of a database", expected=_EXPECTED, where="--from") from None
    return url.set(drivername=_PREFERRED.get(url.drivername, url.drivername))


def redacted(url: URL) -> str:
    """The address without user, password, options, and folders of this machine."""
    kind = url.get_backend_name()
    if kind == "sqlite":
        return f"sqlite:///{Path(url.database or '').name}"
    port = f":{url.port}" if url.port else ""
    return f"{kind}://{url.host or ''}{port}/{url.database or ''}"


def read_database(url: URL, year: int, problems: Problems) -> Iterator[RawTable]:
    """Every table that the database has, the rows of the year (and what cannot be dated).

    Raises
    ------
    UsageError
        If there is no such database, or no driver for it.
    RecordsError
        If the database refuses.
    """
    import sqlalchemy as sa

    with _connected(url) as connection:
        inspector = sa.inspect(connection)
        there = {*inspector.get_table_names(), *inspector.get_view_names()}
        kinds = {
            name: {c["name"]: c["type"] for c in inspector.get_columns(name)}
            for name in SOURCE_TABLES
            if name in there
        }
        for name in kinds:
            raw = _read(connection, name, kinds, year, redacted(url), problems)
            if raw is not None:
                yield raw


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """One read-only transaction, in which all tables are of one moment."""
    import sqlalchemy as sa

    where = redacted(url)
    try:
        engine = _engine(url)
    except (ImportError, sa.exc.SQLAlchemyError) as error:
        raise UsageError(
            f"no driver for {url.get_backend_name()} ({type(error).__name__})",
            expected=_EXPECTED,
            next_step="install the driver (for PostgreSQL: pip install psycopg[binary])",
            where=where,
        ) from None
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            elif engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise RecordsError(
            f"the database refuses: {_said(error, url)}",
            expected="a database that can be read",
            next_step="check address, user and rights, and import again; "
            "the earlier snapshot is unchanged",
            where=where,
        ) from None
    finally:
        engine.dispose()


def _engine(url: URL) -> Any:
    import sqlalchemy as sa

    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, hide_parameters=True, poolclass=sa.pool.NullPool)
    path = Path(url.database or "")
    if not path.is_file():
        raise UsageError(
            f"there is no file {path.name or '(no name)'}",
            expected="an SQLite database",
            next_step="correct the address: sqlite:/// and the path",
            where=redacted(url),
        )

    def connect() -> Any:
        import sqlite3

        # Read-only, or SQLite would make a journal beside the file; and text that is not
        # UTF-8 is to be told by its row, not to end the reading.
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        return connection

    return sa.create_engine(
        "sqlite://", creator=connect, hide_parameters=True, poolclass=sa.pool.NullPool
    )


def _said(error: BaseException, url: URL) -> str:
    """The first line of what the driver says, with whatever is secret in the address hidden."""
    message = str(getattr(error, "orig", None) or error).strip()
    line = message.splitlines()[0][:300] if message else type(error).__name__
    secrets = [url.password, *url.query.values()]
    for secret in secrets:
        for part in secret if isinstance(secret, tuple) else (secret,):
            if part:
                line = line.replace(str(part), "***")
    return line


def _read(
    connection: Connection,
    name: str,
    kinds: Kinds,
    year: int,
    file: str,
    problems: Problems,
) -> RawTable | None:
    """One table's rows; sorted by their key, since a database keeps them in no order."""
    import sqlalchemy as sa

    names = [*TABLES[name].column_names, *(["year"] if "year" in kinds[name] else [])]
    names = [n for n in dict.fromkeys(names) if n in kinds[name]]
    # Without the types of the reflection: what the driver gives is judged value by value.
    columns: list[Any] = [sa.column(n) for n in names]
    query = sa.select(*columns).select_from(sa.table(name, *columns))
    condition = _of_year(connection, name, kinds, year)
    if condition is not None:
        query = query.where(condition)
    rows: list[tuple[Any, ...]] = []
    for part in connection.execution_options(yield_per=20_000).execute(query).partitions():
        rows += [tuple(row) for row in part]
        if len(rows) > MAXIMUM_ROWS:
            problems.add("source_table", name, f"超过 {MAXIMUM_ROWS} 行",
                         f"不超过 {MAXIMUM_ROWS} 行", TABLE_OUT)  # fmt: skip
            return None
    key = [names.index(k) for k in TABLES[name].key if k in names]
    rows.sort(key=lambda row: tuple(str(row[k]) for k in key))
    if len({tuple(str(row[k]) for k in key) for row in rows}) < len(rows):
        rows.sort(key=lambda row: (tuple(str(row[k]) for k in key), tuple(map(repr, row))))
    digest = hashlib.sha256(repr(names).encode())
    for row in rows:
        digest.update(repr(row).encode("utf-8", "surrogateescape"))
    values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    others: dict[str, list[Any]] = {n: [None] * len(rows) for n in kinds[name] if n not in names}
    table = {**dict(zip(names, values, strict=True)), **others}
    return RawTable(name, file, table, range(1, len(rows) + 1), digest.hexdigest())


def _of_year(connection: Connection, name: str, kinds: Kinds, year: int) -> Any:
    """What the database can leave out: rows that are certainly of another year.

    The rest, sessions among it, is judged row by row, so that nothing is left out in silence.
    """
    import sqlalchemy as sa

    loose = connection.dialect.name == "sqlite"  # any value may stand in any column
    if "year" in kinds[name]:
        column: Any = sa.column("year")
        if not isinstance(kinds[name]["year"], sa.Integer):
            return None
        other = column != year
        if loose:
            other = sa.and_(sa.func.typeof(column) == "integer", other)
        return sa.or_(sa.not_(other), column.is_(None))
    sessions = kinds.get("sessions", {})
    if name == "sessions" or not {"session_id", "start"} <= set(sessions):
        return None
    if "session_id" not in kinds[name]:
        return None
    start: Any = sa.column("start")
    table = sa.table("sessions", sa.column("session_id"), start)
    if isinstance(sessions["start"], sa.Date | sa.DateTime) and not loose:
        other = sa.or_(start < dt.date(year, 1, 1), start >= dt.date(year + 1, 1, 1))
    else:
        text = sa.cast(start, sa.String)
        other = sa.and_(text.like("____-__-__%"), sa.func.substr(text, 1, 4) != str(year))
    known = table.c.session_id.is_not(None)
    maybe = sa.select(table.c.session_id).where(sa.or_(sa.not_(other), start.is_(None)), known)
    of_others = sa.select(table.c.session_id).where(other, known, table.c.session_id.not_in(maybe))
    own: Any = sa.column("session_id")
    return sa.or_(own.not_in(of_others), own.is_(None))
