"""A column for sealed text. It takes what `seal` returned and nothing else: no plain text is stored by
mistake.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

from vault.envelope import SHORTEST_SEALED, VERSION

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from vault.sealing import Sealed

    _BinaryField = models.BinaryField[Sealed, Sealed]
else:
    _BinaryField = models.BinaryField


class SealedField(_BinaryField):
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

    def from_db_value(self, value: Any, expression: Any, connection: "BaseDatabaseWrapper") -> Any:
        return None if value is None else bytes(value)
