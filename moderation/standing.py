"""Which cases a moderator's filters mean, and in what order: the queue's questions to the store, and which index answers them."""

from datetime import datetime

from django.db.models import Q

from accounts.models import Account
from moderation.access import visible_to
from moderation.cursors import Cursor
from moderation.filters import Filters, Standing
from moderation.models import Case
from moderation.models.cases import CaseQuerySet
from rooms.models import Membership

_UNRESOLVED = [state for state in Case.State if state != Case.State.RESOLVED]


def chosen(account: Account, filters: Filters, now: datetime) -> CaseQuerySet:
    """What `account` may see of what the filters name."""
    found = _standing(visible_to(account), filters.state, account, now)
    if filters.severity:
        found = found.filter(severity=filters.severity)
    if filters.category:
        found = found.filter(category=filters.category)
    if filters.room:
        found = found.filter(room_id=filters.room)
    if filters.assigned:
        found = found.filter(assigned_to=account)
    if filters.my_rooms:
        mine = Membership.objects.belonging().filter(account_id=account.pk).values("room_id")
        found = found.filter(room__in=mine)
    return found


def ordered(found: CaseQuerySet, state: Standing, after: Cursor | None) -> CaseQuerySet:
    """By the clock; what is resolved, the latest first. With `after`, what follows it."""
    if state is Standing.RESOLVED:
        return (found.filter(after.in_history) if after else found).order_by("-resolved_at", "-pk")
    return (found.filter(after.in_queue) if after else found).in_order()


def state_of(case: Case, account: Account, now: datetime) -> Standing:
    """Where one case stands for `account`; never OPEN. Says the same as `chosen` asks."""
    if case.is_resolved:
        return Standing.RESOLVED
    if case.snoozed_until and case.snoozed_until > now:
        return Standing.SNOOZED
    if case.state == Case.State.HANDED_OVER:
        return Standing.HANDED_OVER
    if case.state == Case.State.CLAIMED and case.held_until and case.held_until >= now and not case.is_asked_anew:
        return Standing.MINE if case.holder_id == account.pk else Standing.CLAIMED
    return Standing.WAITING


def _standing(seen: CaseQuerySet, state: Standing, account: Account, now: datetime) -> CaseQuerySet:
    """`unresolved` is the condition of the queue's indexes: said each time, so that SQLite knows that it may use them."""
    rests = Q(snoozed_until__gt=now)
    match state:
        case Standing.RESOLVED:
            # Not "state = resolved" alone: SQLite would take the index of states and sort them all.
            return seen.filter(resolved_at__isnull=False).exclude(state__in=_UNRESOLVED)
        case Standing.SNOOZED:
            return seen.unresolved().filter(rests)
    awake = seen.unresolved().exclude(rests)
    match state:
        case Standing.WAITING:
            return awake.waiting()
        case Standing.MINE:
            return awake.filter(~Case.ASKED_ANEW, state=Case.State.CLAIMED, holder=account, held_until__gte=now)
        case Standing.CLAIMED:
            return awake.filter(~Case.ASKED_ANEW, state=Case.State.CLAIMED, held_until__gte=now)
        case Standing.HANDED_OVER:
            return awake.filter(state=Case.State.HANDED_OVER)
    return awake
