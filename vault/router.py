"""Which database a model of the vault lives in: keys and the anchor in "keys", all else in "default"."""

from typing import Any

from django.db.models import Model

KEYS = "keys"
_IN_KEYS = {"datakey", "mark", "trailanchor"}


class KeysRouter:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return KEYS if _belongs_to_keys(model._meta.app_label, model._meta.model_name) else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        homes = {_belongs_to_keys(each._meta.app_label, each._meta.model_name) for each in (one, other)}
        return None if homes == {False} else len(homes) == 1

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        # An operation that names no model (RunPython, RunSQL) belongs to "default", like all that is no key.
        return (db == KEYS) == _belongs_to_keys(app_label, model_name)


def _belongs_to_keys(app_label: str, model_name: str | None) -> bool:
    return app_label == "vault" and (model_name or "").lower() in _IN_KEYS
