"""A column for sealed text. It takes what `seal` returned and nothing else, so no plain text slips in."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from vault.envelope import SHORTEST_SEALED, VERSION

if TYPE_CHECKING:
    from vault.sealing import Sealed

# What may be set and what is read, for mypy: django-stubs adds None to both where the column may be null.
_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)

if TYPE_CHECKING:

    class _Bytes(models.BinaryField[_Set, _Get], Generic[_Set, _Get]): ...

else:  # Django's fields take no type parameters when the program runs

    class _Bytes(models.BinaryField, Generic[_Set, _Get]): ...


class SealedField(_Bytes[_Set, _Get]):
    if TYPE_CHECKING:
        _pyi_private_set_type: Sealed
        _pyi_private_get_type: Sealed

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None:
            return None
        if not isinstance(value, bytes) or len(value) < SHORTEST_SEALED or not value.startswith(VERSION):
            # The value itself stays out of the message: it may be the very text that should have been sealed.
            raise TypeError(f"{self.name} takes sealed text only: call vault.sealing.seal first.")
        return value

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else bytes(value)
