"""Writes rows directly into a server's database, as MLflow's API would be too slow for a million points."""

import sqlite3
import subprocess
from urllib.parse import urlsplit


def insert(database_uri, table, columns, rows, psql=None):
    """Inserts `rows` (tuples in the order of `columns`) into a table of an SQLite or PostgreSQL database.

    `psql` is PostgreSQL's client program.
    """
    if database_uri.startswith("sqlite:///"):
        _insert_sqlite(database_uri.removeprefix("sqlite:///"), table, columns, rows)
    elif urlsplit(database_uri).scheme == "postgresql":
        _insert_postgresql(database_uri, table, columns, rows, psql)
    else:
        raise ValueError(f"no bulk load for {database_uri}")


def _insert_sqlite(path, table, columns, rows):
    connection = sqlite3.connect(path, timeout=60)
    with connection:
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
    connection.execute("ANALYZE")
    connection.close()


def _insert_postgresql(uri, table, columns, rows, psql):
    command = [psql, uri, "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1"]
    # Index-only scans need an up-to-date visibility map, which autovacuum would otherwise update later.
    command += ["-c", f"COPY {table} ({', '.join(columns)}) FROM STDIN", "-c", f"VACUUM ANALYZE {table}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        for row in rows:
            process.stdin.write("\t".join(map(str, row)) + "\n")
        process.stdin.close()
    if process.returncode != 0:
        raise RuntimeError(f"psql could not load {table}")
