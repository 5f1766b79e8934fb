"""Who did it, as the trail names them."""

from accounts.models import Account


def actor(by: Account | None) -> str:
    """None: the clock."""
    return f"account:{by.pk}" if by else "clock"
