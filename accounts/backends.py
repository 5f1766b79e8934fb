"""Finds a person by the blind index of their e-mail and checks their password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import Account


class ByEmail(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        email: str | None = None,
        password: str | None = None,
        **others: Any,
    ) -> Account | None:
        """The active person behind both. An unknown address costs as much time as a wrong password."""
        if not email or not password:
            return None
        account = Account.objects.by_email(email)
        if account is None:
            Account().set_password(password)  # hashes once, so that time does not tell who is a member
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
