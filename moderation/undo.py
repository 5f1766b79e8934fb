"""Taking back what one just did: within seconds, exactly, and on the trail like the act itself. Called by the case page.

The case need not be held any more: who resolved it a moment ago may still take back what they did. The reversal is an act
of its own; the first keeps its place in the history and says when it was taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from moderation import acts, live, sanctions, sealed, trails
from moderation.kinds import SANCTIONS, UNDOABLE, Kind
from moderation.models import Act, Case, Letter, Sanction
from moderation.refusals import Refused
from rooms import steward

UNDO = timedelta(seconds=10)  # what the page counts down
_ON_ITS_WAY = timedelta(seconds=2)  # a press in the last moment still counts


def undo(act_id: str, by: Account) -> Act:
    """Raises Refused: not_found (not their own, or not to be taken back), done, too_late."""
    with transaction.atomic():
        case = _case_of(act_id, by)
        acts.lock_rooms(case, everywhere=True)
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        act = Act.objects.get(pk=act_id)
        if act.undone_at:
            raise Refused("done")
        if timezone.now() > act.at + UNDO + _ON_ITS_WAY:
            raise Refused("too_late")
        _REVERSALS[Kind(act.kind)](act, _before(act), by)
        act.undone_at = timezone.now()
        act.save(update_fields=["undone_at"])
        reversal = Act.objects.create(case=act.case, room_id=act.room_id, by=by, kind=Kind.UNDO, target=act.pk)
        trails.did(by, f"undo.{act.kind}", case)
        live.queue_moved()
    return reversal


def last_of(case: Case, by: Account) -> Act | None:
    """What `by` can still take back on this case, if anything: the newest such act."""
    newest = case.acts.filter(by=by, kind__in=UNDOABLE, undone_at=None, at__gt=timezone.now() - UNDO)
    return newest.order_by("-at").first()


def _case_of(act_id: str, by: Account) -> Case:
    act = Act.objects.filter(pk=act_id, by=by, kind__in=UNDOABLE).select_related("case").first()
    if act is None or act.case is None:
        raise Refused("not_found")
    return act.case


def _before(act: Act) -> dict[str, Any]:
    text = sealed.open_text(act.before, case_id=act.case_id or "", purpose=acts.BEFORE, place=act.pk)
    before: dict[str, Any] = json.loads(text) if text else {}
    return before


def _restore(act: Act, before: dict[str, Any], by: Account) -> None:
    steward.restore(_room(act), act.target)


def _unblur(act: Act, before: dict[str, Any], by: Account) -> None:
    steward.unblur(_room(act), act.target)


def _wait_again(act: Act, before: dict[str, Any], by: Account) -> None:
    steward.hold_again(act.target)
    Letter.objects.filter(pk=before["letter"], put_away_at=None).update(put_away_at=timezone.now())


def _as_slow_as_before(act: Act, before: dict[str, Any], by: Account) -> None:
    steward.slow(_room(act), before["seconds"], _time(before))


def _as_locked_as_before(act: Act, before: dict[str, Any], by: Account) -> None:
    until = _time(before)
    if until and until > timezone.now():
        steward.lock(_room(act), until)
    else:
        steward.unlock(_room(act))


def _notice_of_before(act: Act, before: dict[str, Any], by: Account) -> None:
    steward.notice(_room(act), before["text"], _time(before))


def _lift(act: Act, before: dict[str, Any], by: Account) -> None:
    """Without a letter: it is as if nothing had been said."""
    sanctions.lift_quietly(Sanction.objects.select_related("account", "case").get(pk=act.target), by, "undo")


_REVERSALS: dict[Kind, Callable[[Act, dict[str, Any], Account], None]] = {
    Kind.REDACT: _restore,
    Kind.BLUR: _unblur,
    Kind.REFUSE: _wait_again,
    Kind.SLOW: _as_slow_as_before,
    Kind.LOCK: _as_locked_as_before,
    Kind.NOTICE: _notice_of_before,
    **dict.fromkeys(SANCTIONS, _lift),
}


def _room(act: Act) -> str:
    if act.room_id is None:
        raise Refused("not_found")
    return act.room_id


def _time(before: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(before["until"]) if before["until"] else None
