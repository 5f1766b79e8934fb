"""The vault as a Django app. Loading it touches no database and no key: `migrate` works on an empty disk."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class VaultConfig(AppConfig):
    name = "vault"
    verbose_name = "Vault"

    def ready(self) -> None:
        post_migrate.connect(_forget, sender=self)


def _forget(**_: Any) -> None:
    """After a migration or a flush no key that was read before is to be trusted."""
    from vault.cabinet import cabinet

    cabinet.forget()
