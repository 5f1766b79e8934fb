"""What is seen through a broken glass: the room around what was flagged, or who somebody is. Every look is on the trail.

A look is recorded before anything is read, and counted on the glass for the coordinator's review. Asking is in `glass`.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import Account, Role
from moderation import access, matters, sealed, trails
from moderation.identity import new_id
from moderation.models import Case, Evidence, Glass, Severity
from moderation.refusals import Refused
from rooms import reading
from rooms.models import Message
from rooms.reading import OpenMessage

PAGE = 20  # messages


@dataclass(frozen=True, slots=True)
class Context:
    """A page of the room, oldest first. `before` and `after` are where the next pages begin; None where there is nothing more."""

    messages: list[OpenMessage]
    flagged: frozenset[str]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the case is about, and how they can be reached. `language` is the name of the one they chose, or empty."""

    name: str
    email: str
    role: str
    language: str


@transaction.atomic
def more_context(glass: Glass, account: Account, *, before: int | None = None, after: int | None = None) -> Context:
    """The messages around the flagged one, those before number `before`, or those after number `after`.

    Raises Refused("not_found") where the glass is not this person's, "too_late" where it is closed.
    """
    _look(glass, account, Glass.Kind.CONTEXT)
    case = glass.case
    flagged = Evidence.objects.filter(case=case, is_flagged=True).values_list("message_id", flat=True)
    page = _page(case, before, after)
    return Context(page.messages, frozenset(flagged), page.before, page.after)


@transaction.atomic
def identity(glass: Glass, account: Account) -> Identity:
    """Raises Refused as `more_context`."""
    _look(glass, account, Glass.Kind.IDENTITY)
    return _identity_of(glass.case.account)


@transaction.atomic
def identity_for_handover(case_id: str, clinician: Account) -> Identity:
    """For the clinician who took a crisis, as long as it is handed over to them: the one way without a second person.

    Raises Refused("not_found").
    """
    case = matters.locked(case_id)
    taken = case.state == Case.State.HANDED_OVER and case.acknowledged_by_id == clinician.pk
    if not taken or case.severity != Severity.CRISIS or clinician.role != Role.CLINICIAN:
        raise Refused("not_found")
    _look(_glass_of(case, clinician), clinician, Glass.Kind.IDENTITY)
    return _identity_of(case.account)


def _look(glass: Glass, account: Account, kind: Glass.Kind) -> None:
    if glass.by_id != account.pk or glass.kind != kind:
        raise Refused("not_found")
    glass.case = access.case_for(account, glass.case_id)
    if not glass.is_open:
        raise Refused("too_late")
    Glass.objects.filter(pk=glass.pk).update(looks=F("looks") + 1)
    trails.looked(account, kind, glass.case_id, why="hand-over" if glass.for_handover else f"glass {glass.pk}")


def _glass_of(case: Case, clinician: Account) -> Glass:
    """One row a hand-over for the coordinator's review; what it was for is not a person's words."""
    own = Glass.objects.filter(case=case, by=clinician, for_handover=True, asked_at__gte=case.acknowledged_at)
    id = new_id()
    return own.first() or Glass.objects.create(
        id=id,
        kind=Glass.Kind.IDENTITY,
        case=case,
        by=clinician,
        for_handover=True,
        reason=sealed.close("", case_id=case.pk, purpose="glass.reason", place=id),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    messages: list[OpenMessage]
    before: int | None
    after: int | None


def _page(case: Case, before: int | None, after: int | None) -> _Page:
    if case.room_id is None:
        return _Page([], None, None)
    if before is not None:
        older = reading.before(case.room_id, before, PAGE)
        return _Page(older.messages, _first(older), before - 1)
    if after is not None:
        newer = reading.after(case.room_id, after, PAGE)
        return _Page(newer.messages, after + 1, _last(newer))
    anchor = _anchor(case, case.room_id)
    older = reading.before(case.room_id, anchor + 1, PAGE // 2)
    newer = reading.after(case.room_id, anchor, PAGE // 2)
    return _Page([*older.messages, *newer.messages], _first(older), _last(newer))


def _first(page: reading.Page) -> int | None:
    return page.messages[0].seq if page.more else None


def _last(page: reading.Page) -> int | None:
    return page.messages[-1].seq if page.more else None


def _anchor(case: Case, room_id: str) -> int:
    """The newest message that was flagged, else what the room had last when the case was opened."""
    flagged = Evidence.objects.filter(case=case, is_flagged=True, seq__isnull=False).order_by("-seq")
    earlier = Message.objects.filter(room_id=room_id, posted_at__lte=case.opened_at).order_by("-seq")
    found = flagged.values_list("seq", flat=True).first() or earlier.values_list("seq", flat=True).first()
    return found or 0


def _identity_of(account: Account) -> Identity:
    language = dict(settings.LANGUAGES).get(account.language, "")
    return Identity(account.name, account.email, account.get_role_display(), str(language))
