"""A time as whole seconds since 1970, worked out by the database: Python would take a second for 100,000 rows."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class Seconds(models.Func):
    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)", **context
        )

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint", **context
        )
