"""Where flags come in: from the gates, from members, from the second screen. Each opens a case or joins the one of its matter.

The gates' flags were stored with their message in one transaction (rooms.models.Raised); `take` works them off, one transaction
each, right after the message and again by the clock, so that none is lost and none is taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Account, Role
from moderation import alerts, evidence, letters, live, sealed, trails
from moderation.gate import CRISIS_CARD
from moderation.identity import new_id
from moderation.matters import Weight, join
from moderation.models import Case, Category, Flag, Letter, Severity
from rooms import access, rates
from rooms.models import Membership, Message, Raised, Room
from rooms.refusals import Refused

WORDS = 1000  # characters a flagger may write
FLAGS_A_MINUTE = 6  # of one person
BY_PERSON = (  # what a member may choose, and how soon somebody looks
    (Category.SUICIDE, Severity.CRISIS),
    (Category.HARM_TO_OTHERS, Severity.URGENT),
    (Category.DANGER_AT_HOME, Severity.URGENT),
    (Category.HARASSMENT, Severity.URGENT),
    (Category.SEXUAL, Severity.URGENT),
    (Category.SUBSTANCE_TRADE, Severity.URGENT),
    (Category.SUBSTANCE_METHOD, Severity.URGENT),
    (Category.EATING_NUMBERS, Severity.ROUTINE),
    (Category.CONFIDENTIALITY, Severity.URGENT),
    (Category.SPAM, Severity.ROUTINE),
    (Category.CONDUCT, Severity.URGENT),
    (Category.OTHER, Severity.ROUTINE),
)
_HELD_ELSEWHERE = Weight(Category.AFTER_HOURS, Severity.ROUTINE)
_flags = rates.Buckets()


def take() -> int:
    """Works off everything that gates raised. Returns how many messages it was about (settings.FLAGS_RAISED)."""
    count = 0
    for pk in list(Raised.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            rows = Raised.objects.select_for_update(of=("self",), skip_locked=skip)
            row = rows.filter(pk=pk).select_related("author__account", "room").first()
            if row is not None:
                _take(row)
                row.delete()
                count += 1
    return count


def flag(account_id: int, *, room_id: str, message_id: str = "", member: str = "", category: str, words: str) -> Flag:
    """A member flags a message or a member of their room (settings.FLAG_RAISED).

    The same person flagging the same again changes nothing. Raises rooms.refusals.Refused: not_found, yourself, too_fast.
    """
    flagger = access.standing(account_id, room_id)
    target = _target(flagger.room, message_id, member)
    if target.account_id == account_id:
        raise Refused("yourself")
    weight = _weight(category, target.account)
    if wait := _flags.take(account_id, FLAGS_A_MINUTE):
        raise Refused("too_fast", wait)
    with transaction.atomic():
        case, is_new = join(flagger.room, target.account, weight)
        known = case.flags.filter(by=account_id, message_id=message_id).first()
        if known is not None:
            return known
        if message_id:
            evidence.snapshot(case, message_id)
        found = _add(case, Flag.Source.PERSON, weight, message_id, by=flagger.account, words=words.strip()[:WORDS])
        trails.did(flagger.account, "flag", case)
        _tell(case, is_new)
    return found


def found_later(message_id: str, weights: Iterable[tuple[Weight, str]]) -> None:
    """What a second screen found in a message that was stored already: each weight with the name of its rule."""
    message = Message.objects.filter(pk=message_id).select_related("author__account", "room").first()
    if message is None:
        return
    with transaction.atomic():
        for weight, rule in weights:
            case, is_new = join(message.room, message.author.account, weight)
            evidence.snapshot(case, message_id)
            _add(case, Flag.Source.SECOND, weight, message_id, rules=[rule])
            trails.did(None, "flag", case)
            _tell(case, is_new)


def _take(row: Raised) -> None:
    weights = [_weight_of(each) for each in row.flags] or [_HELD_ELSEWHERE]
    worst = min(weights, key=lambda each: (each.severity.rank, -each.level))
    case, is_new = join(row.room, row.author.account, worst)
    evidence.snapshot(case, row.message_id, is_held=row.is_held)
    source = Flag.Source.SCREEN if row.flags else Flag.Source.HOURS
    _add(case, source, worst, row.message_id, rules=[each["code"] for each in row.flags], is_held=row.is_held)
    if any(each["card"] == CRISIS_CARD for each in row.flags):
        letters.write(case, Letter.Kind.CRISIS)
    trails.did(None, "flag", case)
    _tell(case, is_new)


def _add(
    case: Case,
    source: Flag.Source,
    weight: Weight,
    message_id: str,
    *,
    by: Account | None = None,
    words: str = "",
    rules: list[str] | None = None,
    is_held: bool = False,
) -> Flag:
    id = new_id()
    case.flags_count += 1
    case.save(update_fields=["flags_count"])
    return Flag.objects.create(
        id=id,
        case=case,
        source=source,
        by=by,
        message_id=message_id,
        is_held=is_held,
        category=weight.category,
        severity=weight.severity,
        level=weight.level,
        rules=rules or [],
        words=sealed.close(words, case_id=case.pk, purpose="flag.words", place=id) if words else None,
        at=timezone.now(),
    )


def _tell(case: Case, is_new: bool) -> None:
    live.queue_moved()
    if is_new:
        alerts.raised(case)
    if is_new and case.room_id and case.severity == Severity.CRISIS:
        _crisis_seen(case.room_id)


def _crisis_seen(room_id: str) -> None:
    """Those who care for who was in the room hear which room it was, and nothing else (settings.CRISIS_SEEN)."""
    for name in settings.CRISIS_SEEN:
        transaction.on_commit(_hearing(import_string(name), room_id), robust=True)


def _hearing(seen: Callable[[str], object], room_id: str) -> Callable[[], object]:
    """A function and no partial: where it fails, Django names it in the log."""

    def hear() -> object:
        return seen(room_id)

    return hear


def _target(room: Room, message_id: str, member: str) -> Membership:
    """Whom the flag is about."""
    rows = Membership.objects.filter(room=room).select_related("account")
    found = rows.filter(messages=message_id) if message_id else rows.filter(handle=member)
    target = found.first()
    if target is None:
        raise Refused("not_found")
    return target


def _weight(category: str, about: Account) -> Weight:
    severity = dict(BY_PERSON).get(Category(category)) if category in Category.values else None
    if severity is None:
        raise Refused("not_found")
    if about.role != Role.CLIENT and Category(category) == Category.OTHER:
        return Weight(Category.CONDUCT, Severity.URGENT)
    return Weight(Category(category), severity)


def _weight_of(raised: dict[str, Any]) -> Weight:
    return Weight(Category(raised["category"]), Severity(raised["severity"]), raised["level"])
