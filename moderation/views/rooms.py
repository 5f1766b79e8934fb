"""Rooms as those who keep them see them: how each stands, its hours and rules, and what a moderator can do to it without a case.

A coordinator sets hours and rules, a moderator slows, locks and writes a notice. No message is read here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from moderation import room_forms, room_rules
from moderation.access import seen_by
from moderation.forms import CaseForm, LockForm, NoticeForm, SlowForm
from moderation.models import Case
from moderation.refusals import Refused
from moderation.room_forms import Lines, RulesForm
from moderation.room_states import states_of
from rooms.hours_said import hours_said
from rooms.models import Room
from rooms.rules import rules_of
from rooms.small_numbers import SMALL

_FORMS: dict[str, type[CaseForm]] = {"slow": SlowForm, "lock": LockForm, "notice": NoticeForm}
_Act = Callable[[str, Account, dict[str, Any]], None]
_ACTS: dict[str, _Act] = {
    "slow": lambda room, by, data: room_rules.slow(room, by, data["seconds"], data["until"]),
    "lock": lambda room, by, data: room_rules.lock(room, by, data["until"]),
    "notice": lambda room, by, data: room_rules.notice(room, by, data["text"], data["until"]),
    "fast": lambda room, by, data: room_rules.slow(room, by, 0, timezone.now()),
    "unlock": lambda room, by, data: room_rules.unlock(room, by),
    "notice_down": lambda room, by, data: room_rules.notice(room, by, "", None),
}


@seen_by(Role.MODERATOR, Role.COORDINATOR)
@require_safe
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    now = timezone.now()
    waiting = _waiting()
    exact = request.user.role == Role.MODERATOR
    rooms = [
        {"room": room, "states": states_of(room, now), **_told(waiting.get(room.pk, 0), exact=exact)}
        for room in Room.objects.groups()
    ]
    return render(request, "moderation/rooms.html", {"rooms": rooms, "small": SMALL})


@seen_by(Role.MODERATOR, Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponseBase:
    """The rules are the coordinator's to set: for a moderator there is nothing here to post to."""
    room = _room(room_id)
    if request.method != "POST":
        return _shown(request, room)
    if request.user.role != Role.COORDINATOR:
        raise Http404
    rules, lines = room_forms.rules_of(room, request.POST), room_forms.lines_of(room, request.POST)
    if rules.is_valid() and lines.is_valid() and _set(request, room, rules, lines):
        messages.success(request, _("Saved. Every open page of the room follows the new rules now."))
        return redirect("moderation:room", room.pk)
    return _shown(request, room, rules=rules, lines=lines, status=422)


@seen_by(Role.MODERATOR)
@require_POST
def act(request: AuthenticatedHttpRequest, room_id: str, verb: str) -> HttpResponseBase:
    room, do = _room(room_id), _ACTS.get(verb)
    if do is None:
        raise Http404
    form = _FORMS[verb](request.POST) if verb in _FORMS else None
    if form is not None and not form.is_valid():
        return _shown(request, room, form=form, status=422)
    try:
        do(room.pk, request.user, form.cleaned_data if form else {})
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("Done. Everybody in the room sees it."))
    return redirect("moderation:room", room.pk)


def _room(room_id: str) -> Room:
    room = Room.objects.groups().filter(pk=room_id).first()
    if room is None:
        raise Http404
    return room


def _set(request: AuthenticatedHttpRequest, room: Room, rules: RulesForm, lines: Lines) -> bool:
    data = rules.cleaned_data
    try:
        room_rules.set_rules(
            room.pk,
            request.user,
            opening=data["opening"],
            hours=lines.hours,
            outside=data["outside"],
            strict=data["strict"],
        )
    except ValidationError as error:
        rules.add_error(None, error)
        return False
    return True


def _shown(
    request: AuthenticatedHttpRequest,
    room: Room,
    *,
    rules: RulesForm | None = None,
    lines: Lines | None = None,
    form: CaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    is_coordinator = request.user.role == Role.COORDINATOR
    current = rules_of(room).shown(now)
    context: dict[str, Any] = {
        "room": room,
        "states": states_of(room, now),
        "current": current,
        "hours": hours_said(room.hours) if room.opening == Room.Opening.HOURS else [],
        "is_coordinator": is_coordinator,
        "time_zone": timezone.get_default_timezone_name(),
    }
    if is_coordinator:
        context["rules"] = rules or room_forms.rules_of(room)
        context["lines"] = lines or room_forms.lines_of(room)
    else:
        context["forms"] = {verb: form if isinstance(form, kind) else kind() for verb, kind in _FORMS.items()}
        context["strict"] = [label for value, label in room_forms.SCREENED if value in room.strict]
    return render(request, "moderation/room_rules.html", context, status=status)


def _waiting() -> dict[str, int]:
    """How many cases nobody has, for each room that has any."""
    found = Case.objects.unresolved().waiting().exclude(snoozed_until__gt=timezone.now()).exclude(room=None)
    return dict(found.order_by().values_list("room").annotate(count=Count("pk")))


def _told(count: int, *, exact: bool) -> dict[str, Any]:
    """Moderators know the queue; before a coordinator a small number is covered."""
    return {"waiting": count, "is_few": not exact and 0 < count < SMALL}
