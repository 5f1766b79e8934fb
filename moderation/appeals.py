"""An appeal: the person asks that somebody else looks at a sanction. Once a sanction, and never decided by who imposed it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import mail
from accounts.models import Account, Role
from moderation import alerts, cases, letters, live, matters, outside, sanctions, sealed, trails
from moderation.kinds import Kind
from moderation.models import Act, Appeal, Case, Category, Letter, Sanction, Severity
from moderation.refusals import Refused

LONGEST = 2000  # characters
_PURPOSE = "appeal.words"


def appeal(account: Account, sanction_id: str, words: str) -> Appeal:
    """Raises Refused: not_found (not theirs), too_late (it has ended), done (asked before), empty, too_long."""
    words = words.strip()
    if not words:
        raise Refused("empty")
    if len(words) > LONGEST:
        raise Refused("too_long")
    sanction = Sanction.objects.filter(pk=sanction_id, account=account).select_related("by", "room", "account").first()
    if sanction is None:
        raise Refused("not_found")
    if sanction.ended_at is not None:
        raise Refused("too_late")
    try:
        with transaction.atomic():
            return _opened(sanction, words)
    except IntegrityError:  # one appeal a sanction
        raise Refused("done") from None


@transaction.atomic
def decide(appeal_case_id: str, by: Account, decision: Appeal.Decision, answer: str) -> None:
    """Lifts the sanction or lets it stand; the person reads `answer`, and the appeal's case is resolved.

    Raises what cases.holds raises, and Refused: not_found (no appeal), not_for_you, done, empty, too_long.
    """
    answer = answer.strip()
    if not answer:
        raise Refused("empty")
    if len(answer) > LONGEST:
        raise Refused("too_long")
    found = Appeal.objects.filter(case=appeal_case_id).select_related("sanction__case", "sanction__account").first()
    if found is None:
        raise Refused("not_found")
    if by.pk in (found.sanction.by_id, found.sanction.account_id):
        raise Refused("not_for_you")
    sanctions.lock_rooms_of(found.sanction)
    case = cases.holds(appeal_case_id, by)
    if not Appeal.objects.filter(pk=found.pk, decision="").update(
        decision=decision, decided_by=by, decided_at=timezone.now()
    ):
        raise Refused("done")
    is_lifted = decision == Appeal.Decision.LIFTED
    if is_lifted:
        sanctions.lift_quietly(found.sanction, by, f"appeal:{found.pk}")
    Act.objects.create(case=case, room_id=case.room_id, by=by, kind=Kind.DECIDE, target=found.sanction_id)
    trails.did(by, Kind.DECIDE, case, why=decision)
    letters.write(case, Letter.Kind.DECISION, by, answer, found.sanction)
    if found.sanction.kind == Sanction.Kind.SUSPEND:
        outside.tell_by_mail(found.sanction)
    cases.resolve(appeal_case_id, by, Case.Outcome.LIFTED if is_lifted else Case.Outcome.UPHELD)


def words_of(found: Appeal) -> str:
    return sealed.open_text(found.words, case_id=found.case_id, purpose=_PURPOSE, place=found.pk)


def of_sanction(sanction: Sanction) -> Appeal | None:
    return Appeal.objects.filter(sanction=sanction).first()


def _opened(sanction: Sanction, words: str) -> Appeal:
    weight = matters.Weight(Category.APPEAL, Severity.URGENT)
    case = matters.open_case(sanction.room, sanction.account, weight, not_for=sanction.by)
    found = Appeal(sanction=sanction, case=case)
    found.words = sealed.close(words, case_id=case.pk, purpose=_PURPOSE, place=found.pk)
    found.save(force_insert=True)
    trails.did(sanction.account, "appeal", case)
    live.queue_moved()
    alerts.raised(case)
    _tell_coordinators_if_nobody_may_decide(sanction)
    return found


def _tell_coordinators_if_nobody_may_decide(sanction: Sanction) -> None:
    """A coordinator reads no case, and can make somebody else a moderator."""
    others = Account.objects.filter(role=Role.MODERATOR, is_active=True).exclude(
        pk__in=(sanction.by_id, sanction.account_id)
    )
    if not others.exists():
        for coordinator in Account.objects.filter(role=Role.COORDINATOR, is_active=True):
            transaction.on_commit(lambda to=coordinator: _ask_for_a_moderator(to), robust=True)  # type: ignore[misc]


def _ask_for_a_moderator(coordinator: Account) -> None:
    languages = mail.languages_for(coordinator.language)
    mail.send_later(mail.letter(to=coordinator.email, template="moderator_needed", languages=languages, context={}))
