"""Who may see what of moderation. To everybody else, signed out or not, nothing of it exists: the same 404 as any wrong address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.access import Guarded, Page
from accounts.models import Account, Role
from moderation.models import Case
from moderation.models.cases import CaseQuerySet
from moderation.refusals import Refused
from rooms.refusals import Refused as RoomRefused


def seen_by(*roles: Role) -> Callable[[Page], Guarded]:
    """The page exists for these roles alone. A door's `not_found` becomes the same 404.

    Stands outermost: whoever may not see the page learns neither which methods it takes nor that it wants a token.
    """

    def guard(page: Page) -> Guarded:
        checked = csrf_protect(page)

        @csrf_exempt  # checked below, after the role
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or request.user.role not in roles:
                raise Http404
            try:
                return checked(request, *args, **kwargs)  # type: ignore[arg-type]  # narrowed by the lines above
            except (Refused, RoomRefused) as refusal:
                if refusal.reason != "not_found":
                    raise
                raise Http404 from None

        return guarded

    return guard


def case_for(account: Account, case_id: str) -> Case:
    """Raises Refused("not_found") for a case that is unknown or that this person may not see."""
    found = visible_to(account).filter(pk=case_id).select_related("room", "holder").first()
    if found is None:
        raise Refused("not_found")
    return found


def visible_to(account: Account) -> CaseQuerySet:
    """A moderator sees every case but an appeal against their own sanction; a clinician what was handed over to them, and is not
    about themselves."""
    match account.role:
        case Role.MODERATOR:
            return Case.objects.exclude(not_for=account)
        case Role.CLINICIAN:
            theirs = Q(handed_to=account) | Q(acknowledged_by=account)
            anybodys = Q(state=Case.State.HANDED_OVER, handed_to=None, acknowledged_by=None)
            return Case.objects.filter(theirs | anybodys).exclude(account=account)
    return Case.objects.none()
