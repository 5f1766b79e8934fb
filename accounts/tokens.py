"""The secret in a "choose a new password" link. Named in ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR.

allauth's own would write the person's e-mail into a table of its own while making one.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        """Dies with the old password, a sign-in, and a suspension."""
        return f"{user.pk}{user.password}{user.last_login}{user.is_active}{timestamp}"


reset_tokens = ResetTokens()
