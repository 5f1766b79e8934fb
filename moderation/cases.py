"""The life of a case: claimed by one, put off, handed over, resolved, reopened. The doors that change a case itself.

Each is one transaction: the row is locked, then comes the history, the trail last. Claiming is exclusive: of two who press at
once the store lets one through, and the other is told who has it. A claim runs out unless its holder does something.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Account, Role
from moderation import access, alerts, letters, live, matters, sealed
from moderation.identity import new_id
from moderation.kinds import Kind
from moderation.models import Case, Category, Letter, Note, Severity
from moderation.refusals import Refused
from rooms import topics
from rooms.models import HeldMessage

CLAIM = timedelta(minutes=30)
NOTE = 4000  # characters


def claim(case_id: str, by: Account) -> Case:
    """From now on `by` works on it. Claiming again renews it. Raises Refused: taken, resolved, not_found."""
    with transaction.atomic():
        case = _free(case_id, by)
        now = timezone.now()
        renewed = case.is_held and not case.is_asked_anew
        if case.first_response_at is None:
            case.first_response_at, case.was_late = now, now > case.due_at
        case.state, case.holder, case.held_until = Case.State.CLAIMED, by, now + CLAIM
        case.assigned_to = case.snoozed_until = None
        case.save()
        if not renewed:
            _done(case, by, Kind.CLAIM)
            _tell_person(case)
        return case


def holds(case_id: str, by: Account) -> Case:
    """The case, locked, for somebody who works on it now; renews their claim. Raises Refused: not_held, resolved, not_found.

    The clinician who took a hand-over holds it as a moderator holds a claim, and takes it again by what they do where they are asked anew.
    """
    case = _seen(case_id, by)
    if case.state == Case.State.HANDED_OVER and case.assigned_to_id == by.pk:
        return acknowledge(case_id, by)
    if case.state == Case.State.HANDED_OVER and case.acknowledged_by_id == by.pk:
        return case
    if not case.is_held or case.holder_id != by.pk:
        raise Refused("not_held")
    was_asked = case.is_asked_anew
    case.held_until = timezone.now() + CLAIM
    case.assigned_to = None  # whoever does something has heard what they were asked
    case.save(update_fields=["held_until", "assigned_to"])
    if was_asked:
        live.queue_moved()
        _tell_person(case)
    return case


def hand_back(case_id: str, by: Account, why: str = "") -> None:
    """Back to the queue, where its clock goes on. A clinician gives a hand-over back to the moderators."""
    with transaction.atomic():
        case = holds(case_id, by)
        _let_go(case)
        _done(case, by, Kind.HAND_BACK, why)


def assign(case_id: str, by: Account, to: Account) -> None:
    """Lays the case before a colleague. Who had it lets it go; anybody may still claim it."""
    with transaction.atomic():
        case = _free(case_id, by)
        if to.role != Role.MODERATOR or not to.is_active:
            raise Refused("not_staff")
        if case.not_for_id == to.pk:
            raise Refused("not_for_you")
        _let_go(case)
        case.assigned_to = to
        case.save()
        _done(case, by, Kind.ASSIGN, f"to account:{to.pk}")


def snooze(case_id: str, by: Account, until: datetime) -> None:
    """Out of sight until then, when it is due. A crisis is never put off."""
    with transaction.atomic():
        case = holds(case_id, by)
        if until <= timezone.now():
            raise Refused("past")
        if case.severity == Severity.CRISIS:
            raise Refused("crisis")
        _let_go(case)
        case.snoozed_until, case.due_at = until, max(case.due_at, until)
        case.save()
        _done(case, by, Kind.SNOOZE)


def wake(case_id: str, by: Account) -> None:
    with transaction.atomic():
        case = _seen(case_id, by)
        if case.snoozed_until is None:
            raise Refused("done")
        case.snoozed_until = None
        case.save(update_fields=["snoozed_until"])
        _done(case, by, Kind.WAKE)


def note(case_id: str, by: Account, text: str) -> Note:
    """A few words for the next colleague, sealed. Whoever sees the case may write one."""
    text = _words(text)
    with transaction.atomic():
        case = access.case_for(by, case_id)
        found = _note(case, by, text)
        _done(case, by, Kind.NOTE)
    return found


def hand_over(case_id: str, by: Account, to: Account | None = None, words: str = "") -> None:
    """To a clinician by name, or to whoever is on call. They are alerted, and their clock runs until they acknowledge it."""
    if to is not None and (to.role != Role.CLINICIAN or not to.is_active):
        raise Refused("not_staff")
    with transaction.atomic():
        case = holds(case_id, by)
        now = timezone.now()
        _let_go(case)
        case.state, case.handed_to, case.handed_at = Case.State.HANDED_OVER, to, now
        case.acknowledged_by = case.acknowledged_at = None
        case.due_at, case.step, case.told_at = now + Severity(case.severity).clock, 0, None
        case.save()
        if words.strip():
            _note(case, by, _words(words))
        _done(case, by, Kind.HAND_OVER)
        alerts.handed_over(case)


def acknowledge(case_id: str, by: Account) -> Case:
    """A clinician takes the hand-over, by name. Raises Refused: acknowledged (who was faster), not_handed_over, not_found."""
    with transaction.atomic():
        case = matters.locked(case_id)
        if by.role != Role.CLINICIAN:
            raise Refused("not_found")
        is_anothers = case.handed_to_id not in (None, by.pk) and case.step <= 1  # until others were told
        if is_anothers or case.account_id == by.pk:
            raise Refused("not_found")
        if case.acknowledged_by is not None and case.acknowledged_by_id != by.pk:
            raise Refused("acknowledged", who=_name(case.acknowledged_by))
        if case.state != Case.State.HANDED_OVER:
            access.case_for(by, case_id)
            raise Refused("not_handed_over")
        if case.acknowledged_by is None:
            case.acknowledged_by, case.acknowledged_at, case.assigned_to = by, timezone.now(), None
            case.save(update_fields=["acknowledged_by", "acknowledged_at", "assigned_to"])
            _done(case, by, Kind.ACKNOWLEDGE)
            _tell_person(case)
        return case


def resolve(case_id: str, by: Account, outcome: Case.Outcome, words: str = "") -> None:
    """Ends it, with what came of it. Those who flagged hear that it was handled, without details.

    Raises Refused("held_waits") while a message of this case still waits for a decision.
    """
    with transaction.atomic():
        case = holds(case_id, by)
        held = case.flags.filter(is_held=True).values_list("message_id", flat=True)
        if HeldMessage.objects.filter(pk__in=list(held), state=HeldMessage.State.WAITING).exists():
            raise Refused("held_waits")
        if words.strip():
            _note(case, by, _words(words))
        case.state, case.outcome = Case.State.RESOLVED, outcome
        case.resolved_at, case.resolved_by = timezone.now(), by
        case.held_until = case.snoozed_until = case.assigned_to = None
        case.save()
        _tell_flaggers(case)
        _done(case, by, Kind.RESOLVE, outcome)
        _tell_person(case)


def reopen(case_id: str, by: Account, why: str) -> None:
    """It waits again, with a fresh clock. Raises Refused: not_resolved, joined (the matter has a newer case)."""
    why = _words(why)
    try:
        with transaction.atomic():
            case = matters.locked(case_id)
            access.case_for(by, case_id)
            if not case.is_resolved:
                raise Refused("not_resolved")
            _note(case, by, why)
            matters.come_back(case, by)
            live.queue_moved()
            alerts.raised(case)
    except IntegrityError:
        raise Refused("joined") from None


def _seen(case_id: str, by: Account) -> Case:
    """Locked, not resolved, and this person's to see."""
    case = matters.locked(case_id)
    access.case_for(by, case_id)
    if case.is_resolved:
        raise Refused("resolved")
    return case


def _free(case_id: str, by: Account) -> Case:
    """One that `by` may take: as `_seen`, and with nobody else. Raises Refused("taken") too."""
    case = _seen(case_id, by)
    if case.is_held and case.holder_id != by.pk and not case.is_asked_anew:
        raise Refused("taken", who=_name(case.holder))
    if case.state == Case.State.HANDED_OVER:
        raise Refused("taken", who=_name(case.acknowledged_by or case.handed_to))
    return case


def _let_go(case: Case) -> None:
    case.state = Case.State.OPEN
    case.holder = case.held_until = case.assigned_to = None
    case.handed_to = case.handed_at = case.acknowledged_by = case.acknowledged_at = None
    case.save()


def _done(case: Case, by: Account, kind: Kind, why: str = "") -> None:
    matters.did(case, by, kind, why=why)
    live.queue_moved()


def _tell_person(case: Case) -> None:
    """The crisis card says at once that somebody is there. Who was shown none learns nothing: they may not know of the case."""
    if case.letters.filter(kind=Letter.Kind.CRISIS, put_away_at=None).exists():
        topics.moved(topics.person_topic(case.account_id))


def _tell_flaggers(case: Case) -> None:
    waiting = list(case.flags.filter(by__isnull=False, answered_at=None).select_related("by"))
    for flagger in {flag.by for flag in waiting if flag.by is not None}:
        if case.category != Category.APPEAL:
            letters.write(case, Letter.Kind.HANDLED, to=flagger)
    case.flags.filter(pk__in=[flag.pk for flag in waiting]).update(answered_at=timezone.now())


def _note(case: Case, by: Account, text: str) -> Note:
    id = new_id()
    return Note.objects.create(
        id=id, case=case, by=by, text=sealed.close(text, case_id=case.pk, purpose="note.text", place=id)
    )


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("empty")
    if len(text) > NOTE:
        raise Refused("too_long")
    return text


def _name(account: Account | None) -> str:
    return account.name if account else gettext("A clinician")
