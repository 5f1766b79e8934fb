"""The tables of people: accounts, invitations, sessions, closings."""

from accounts.models.account import Account, Role
from accounts.models.closing import Closing
from accounts.models.invitation import Invitation
from accounts.models.session import Session

__all__ = ["Account", "Closing", "Invitation", "Role", "Session"]
