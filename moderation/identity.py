"""Identifiers of cases and what belongs to them: they stand in addresses, cannot be guessed and say nothing."""

import secrets


def new_id() -> str:
    """16 URL-safe characters."""
    return secrets.token_urlsafe(12)
