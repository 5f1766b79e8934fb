"""Who may see what of mentoring. To everybody else, signed out or not, nothing of it exists: the same 404 as any wrong address."""

from collections.abc import Callable

from accounts.access import Guarded, Page, exists_for
from accounts.models import Account, Role
from mentoring.models import Mentor, Thread
from mentoring.models.threads import ThreadQuerySet
from mentoring.refusals import Refused
from rooms.refusals import Refused as RoomRefused


def seen_by(*roles: Role) -> Callable[[Page], Guarded]:
    """The page exists for these roles alone (accounts.access)."""
    return exists_for(*roles, unfound=(Refused, RoomRefused))


def is_mentor(account: Account) -> bool:
    """Now: neither suspended nor in another role."""
    return account.role == Role.MENTOR and account.is_active


def is_client(account: Account) -> bool:
    return account.role == Role.CLIENT and account.is_active


def mentor_of(account: Account) -> Mentor:
    """The person's own file, made when they first need it. Raises Refused("not_found") for whoever is no mentor."""
    if not is_mentor(account):
        raise Refused("not_found")
    return Mentor.objects.select_related("account").get_or_create(account=account)[0]


def threads_of(account: Account) -> ThreadQuerySet:
    """The threads in which this person is the client or the mentor, closed ones too. Nobody else finds a thread at all."""
    if account.role == Role.MENTOR:
        return Thread.objects.filter(mentor__account=account)
    return Thread.objects.filter(client=account) if account.role == Role.CLIENT else Thread.objects.none()


def thread_for(account: Account, thread_id: str) -> Thread:
    """Raises Refused("not_found") for a thread that is unknown or another's."""
    found = threads_of(account).filter(pk=thread_id).select_related("room", "client", "mentor__account").first()
    if found is None:
        raise Refused("not_found")
    return found
