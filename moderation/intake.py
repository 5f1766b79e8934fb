"""Where flags come in: from the gates, from members, from the second screen. Each opens a case or joins the one of its matter.

The gates' flags were stored with their message in one transaction (rooms.models.Raised); `take` works them off, one transaction
each, right after the message and again by the clock, so that none is lost and none is taken twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account, Role
from moderation import evidence, letters, news, sealed, trails
from moderation.gate import CRISIS_CARD
from moderation.identity import new_id
from moderation.matters import Weight, join
from moderation.models import Case, Category, Flag, Letter, Severity
from rooms import access, rates
from rooms.models import Membership, Message, Raised, Room
from rooms.refusals import Refused
from vault.sealing import Sealed

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

    The same person flagging the same again changes nothing, unless it is graver now: then it counts as they say it now.
    Raises rooms.refusals.Refused: not_found, yourself, too_fast.
    """
    flagger = access.standing(account_id, room_id)
    target = _target(flagger.room, message_id, member)
    if target.account_id == account_id:
        raise Refused("yourself")
    weight = _weight(category, target.account)
    if wait := _flags.take(account_id, FLAGS_A_MINUTE):
        raise Refused("too_fast", wait)
    with transaction.atomic():
        same = Q(message_id=message_id) if message_id else Q(message_id="", by=account_id)
        case, is_new = join(flagger.room, target.account, weight, same)
        known = case.flags.filter(by=account_id, message_id=message_id).first()
        if known is not None and not is_new:
            return known
        if message_id:
            evidence.snapshot(case, message_id)
        words = words.strip()[:WORDS]
        if known is None:
            found = _add(case, Flag.Source.PERSON, weight, message_id, by=flagger.account, words=words)
        else:
            found = _said_graver(known, weight, words)
        news.came_in(case, is_new=is_new)
        trails.did(flagger.account, "flag", case)
    return found


def found_later(message_id: str, weights: Iterable[tuple[Weight, str]], *, card: bool = False) -> None:
    """What a second screen found in a message that was stored already: each weight with the name of its rule. `card`: its author gets the
    card of a crisis."""
    message = Message.objects.filter(pk=message_id).select_related("author__account", "room").first()
    if message is None:
        return
    with transaction.atomic():
        for weight, rule in weights:
            case, is_new = join(message.room, message.author.account, weight, Q(message_id=message_id))
            evidence.snapshot(case, message_id)
            _add(case, Flag.Source.SECOND, weight, message_id, rules=[rule])
            if card:
                letters.write(case, Letter.Kind.CRISIS)
                card = False
            news.came_in(case, is_new=is_new)
            trails.did(None, "flag", case)


def _take(row: Raised) -> None:
    weights = [_weight_of(each) for each in row.flags] or [_HELD_ELSEWHERE]
    worst = min(weights, key=lambda each: (each.severity.rank, -each.level))
    case, is_new = join(row.room, row.author.account, worst, Q(message_id=row.message_id))
    evidence.snapshot(case, row.message_id, is_held=row.is_held)
    source = Flag.Source.SCREEN if row.flags else Flag.Source.HOURS
    _add(case, source, worst, row.message_id, rules=[each["code"] for each in row.flags], is_held=row.is_held)
    if any(each["card"] == CRISIS_CARD for each in row.flags):
        letters.write(case, Letter.Kind.CRISIS)
    news.came_in(case, is_new=is_new)
    trails.did(None, "flag", case)


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
        words=_closed(words, case.pk, id) if words else None,
        at=timezone.now(),
    )


def _said_graver(flag: Flag, weight: Weight, words: str) -> Flag:
    """What they wrote the first time stays, unless they wrote something now."""
    flag.category, flag.severity, flag.level, flag.at = weight.category, weight.severity, weight.level, timezone.now()
    if words:
        flag.words = _closed(words, flag.case_id, flag.pk)
    flag.save(update_fields=["category", "severity", "level", "at", "words"])
    return flag


def _closed(words: str, case_id: str, flag_id: str) -> Sealed:
    return sealed.close(words, case_id=case_id, purpose="flag.words", place=flag_id)


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
