"""Break-glass: somebody asks for more than a case shows and says why; for an identity a second person agrees (DESIGN 6.4).

More of the conversation opens at once, an identity when somebody else has agreed; both close by themselves. What is then seen is in
`looking`, the coordinator's review in `reviewing`. Pages ask for the password again before they call `ask_*` or `agree`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Account, Role
from moderation import cases, live, matters, sealed
from moderation.identity import new_id
from moderation.kinds import Kind
from moderation.models import Case, Glass
from moderation.models.glass import OPEN_FOR, GlassQuerySet
from moderation.refusals import Refused

LEAST, MOST = 20, 1000  # characters of a reason
SECONDS = (Role.MODERATOR, Role.CLINICIAN, Role.COORDINATOR)  # who may be the second person


@dataclass(frozen=True, slots=True)
class Request:
    """What a second person is told: who asks and why, and what kind of case it is. Nothing of the case itself."""

    id: str
    by: str
    reason: str
    category: str
    severity: str
    asked_at: datetime


@transaction.atomic
def ask_context(case_id: str, by: Account, reason: str) -> Glass:
    """Opens more of the conversation at once, for whoever works on the case; asked again while it is open, it is the same glass.

    Raises Refused: what `cases.holds` raises, short, too_long.
    """
    case = cases.holds(case_id, by)
    last = newest(case, by, Glass.Kind.CONTEXT)
    if last is not None and last.is_open:
        return last
    return _ask(case, by, Glass.Kind.CONTEXT, reason, open_until=timezone.now() + OPEN_FOR)


@transaction.atomic
def ask_identity(case_id: str, by: Account, reason: str) -> Glass:
    """Asks for a second person; asked again while it waits or is open, it is the same request. Raises Refused as above."""
    case = cases.holds(case_id, by)
    last = newest(case, by, Glass.Kind.IDENTITY)
    if last is not None and last.state in (Glass.State.WAITING, Glass.State.OPEN):
        return last
    return _ask(case, by, Glass.Kind.IDENTITY, reason, open_until=None)


@transaction.atomic
def agree(glass_id: str, by: Account) -> Glass:
    """The second person: from now on the one who asked, and nobody else, may look for 15 minutes.

    Raises Refused: not_found, second (nobody agrees with themselves), done, too_late.
    """
    glass = _answerable(glass_id, by)
    glass.open_until = timezone.now() + OPEN_FOR
    return _answered(glass, by, Kind.GLASS_AGREE)


@transaction.atomic
def refuse(glass_id: str, by: Account) -> Glass:
    """Raises Refused as `agree`."""
    glass = _answerable(glass_id, by)
    glass.refused = True
    return _answered(glass, by, Kind.GLASS_REFUSE)


def waiting_for_second(account: Account) -> list[Request]:
    """What others ask and this person may agree to, oldest first. One query."""
    return [_told(glass) for glass in _waiting(account)]


def count_waiting(account: Account) -> int:
    """How many of them there are. One query."""
    return len(_waiting(account))


def request_of(glass_id: str, account: Account) -> Request:
    """One that waits for this person or another. Raises Refused("not_found")."""
    for request in waiting_for_second(account):
        if request.id == glass_id:
            return request
    raise Refused("not_found")


def answerable_by(account: Account) -> GlassQuerySet:
    """Others' requests; none in a matter about this person, and none in one that is kept from them."""
    if account.role not in SECONDS:
        return Glass.objects.none()
    asked = Glass.objects.filter(kind=Glass.Kind.IDENTITY, for_handover=False).exclude(by=account)
    return asked.exclude(case__account=account).exclude(case__not_for=account)


def newest(case: Case, by: Account, kind: Glass.Kind) -> Glass | None:
    """The last one that this person asked for, however it ended."""
    asked = Glass.objects.filter(case=case, by=by, kind=kind, for_handover=False)
    return asked.select_related("case", "second").first()


def may_ask(case: Case, by: Account) -> bool:
    """Whether asking would be heard: the claim, or the hand-over, is theirs now."""
    if by.role == Role.CLINICIAN:
        return case.state == Case.State.HANDED_OVER and case.acknowledged_by_id == by.pk
    return case.is_held and case.holder_id == by.pk


def reason_of(glass: Glass) -> str:
    return sealed.open_text(glass.reason, case_id=glass.case_id, purpose="glass.reason", place=glass.pk)


def _waiting(account: Account) -> list[Glass]:
    rows = answerable_by(account).waiting().select_related("case", "by").order_by("asked_at", "pk")
    return [glass for glass in rows if glass.state == Glass.State.WAITING]


def _ask(case: Case, by: Account, kind: Glass.Kind, reason: str, *, open_until: datetime | None) -> Glass:
    id, reason = new_id(), _checked(reason)
    closed = sealed.close(reason, case_id=case.pk, purpose="glass.reason", place=id)
    glass = Glass.objects.create(id=id, kind=kind, case=case, by=by, reason=closed, open_until=open_until)
    _note(glass, by, Kind.GLASS_CONTEXT if kind == Glass.Kind.CONTEXT else Kind.GLASS_IDENTITY, why=reason)
    return glass


def _checked(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < LEAST:
        raise Refused("short")
    if len(reason) > MOST:
        raise Refused("too_long")
    return reason


def _answerable(glass_id: str, by: Account) -> Glass:
    """The request that is still to be answered; its case and then itself locked."""
    found = answerable_by(by).filter(pk=glass_id).first()
    if found is None:
        raise Refused("second" if Glass.objects.filter(pk=glass_id, by=by).exists() else "not_found")
    case = matters.locked(found.case_id)
    glass = Glass.objects.select_for_update().get(pk=glass_id)
    glass.case = case
    if glass.second_id is not None:
        raise Refused("done")
    if glass.state != Glass.State.WAITING:
        raise Refused("too_late")
    return glass


def _answered(glass: Glass, by: Account, kind: Kind) -> Glass:
    glass.second, glass.second_at = by, timezone.now()
    glass.save(update_fields=["second", "second_at", "refused", "open_until"])
    _note(glass, by, kind)
    return glass


def _note(glass: Glass, by: Account, kind: Kind, why: str = "") -> None:
    live.queue_moved()
    matters.did(glass.case, by, kind, target=glass.pk, why=why)


def _told(glass: Glass) -> Request:
    case = glass.case
    return Request(
        id=glass.pk,
        by=glass.by.name,
        reason=reason_of(glass),
        category=case.get_category_display(),
        severity=case.severity,
        asked_at=glass.asked_at,
    )
