"""Rows that several processes append and others read by `id > last seen`."""

from django.db import connection


def keep_commits_in_order(lock: int) -> None:
    """PostgreSQL numbers before commit: a reader could pass 8 while 7 is still to come, and never see 7.

    Call it in the transaction, before the rows are made; `lock` is any constant, one for each table.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
