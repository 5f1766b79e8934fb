"""Who may see what of moderation. To everybody else, signed out or not, nothing of it exists: the same 404 as any wrong address."""

from collections.abc import Callable

from django.db.models import Q

from accounts.access import Guarded, Page, exists_for
from accounts.models import Account, Role
from moderation.models import Case
from moderation.models.cases import CaseQuerySet
from moderation.refusals import Refused
from rooms.refusals import Refused as RoomRefused


def seen_by(*roles: Role) -> Callable[[Page], Guarded]:
    """The page exists for these roles alone (accounts.access)."""
    return exists_for(*roles, unfound=(Refused, RoomRefused))


def case_for(account: Account, case_id: str) -> Case:
    """Raises Refused("not_found") for a case that is unknown or that this person may not see."""
    found = visible_to(account).filter(pk=case_id).select_related("room", "holder").first()
    if found is None:
        raise Refused("not_found")
    return found


def visible_to(account: Account) -> CaseQuerySet:
    """A moderator sees every case but an appeal against their own sanction; a clinician what was handed over to them, or to another one who
    did not take it in time, and is not about themselves."""
    match account.role:
        case Role.MODERATOR:
            return Case.objects.exclude(not_for=account)
        case Role.CLINICIAN:
            theirs = Q(handed_to=account) | Q(acknowledged_by=account)
            passed_on = Q(handed_to=None) | Q(step__gt=1)
            anybodys = Q(passed_on, state=Case.State.HANDED_OVER, acknowledged_by=None)
            return Case.objects.filter(theirs | anybodys).exclude(account=account)
    return Case.objects.none()
