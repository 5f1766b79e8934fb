"""The queue's page, the part of it that is renewed while it is open, and taking a case from it. Works without JavaScript too."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import alerts, care, cases, glass, queue, saved_views, sound
from moderation.access import seen_by
from moderation.cursors import Cursor
from moderation.filters import Filters, Standing
from moderation.models import Category, Severity
from moderation.queue_words import script_words
from moderation.refusals import Refused
from moderation.row_words import shown
from rooms.models import Room


@seen_by(Role.MODERATOR)
@require_safe
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    rooms = _rooms()
    filters = Filters.read(request.GET, rooms=rooms)
    return render(
        request,
        "moderation/queue.html",
        {
            **_live(request, filters),
            "severities": Severity,
            "categories": Category,
            "rooms": rooms.items(),
            "views": saved_views.views_of(request.user),
            "view_length": saved_views.NAME,
            "care": care.today(request.user),
            "sound": alerts.choices_of(request.user).sound,
            "page": {
                "socket": "/ws/",
                "signIn": reverse("account_login"),
                "rows": reverse("moderation:queue_rows"),
                "size": queue.PAGE,
                "most": queue.MOST,
            },
            "words": script_words(),
        },
    )


@seen_by(Role.MODERATOR)
@require_safe
def rows(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The part of the page that moves, alone; `rows` says how many of them the page holds."""
    return render(request, "moderation/_queue_live.html", _live(request, Filters.read(request.GET, rooms=_rooms())))


@seen_by(Role.MODERATOR)
@require_POST
def claim(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    try:
        cases.claim(case_id, request.user)
    except Refused as refusal:
        return _refused(request, refusal)
    text = _("This case is yours now. Enter opens it.")
    return JsonResponse({"text": text}) if _is_asked_by_script(request) else redirect("moderation:case", case_id)


@seen_by(Role.MODERATOR)
@require_POST
def claim_next(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    case = queue.claim_next(request.user)
    if case is None:
        messages.success(request, _("Nothing is waiting. Breathe."))
        return redirect("moderation:queue")
    return redirect("moderation:case", case.pk)


@seen_by(Role.MODERATOR)
@require_POST
def turn_sound(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    sound.turn(request.user, on=request.POST.get("sound") == "on")
    return redirect("moderation:queue")


def _refused(request: AuthenticatedHttpRequest, refusal: Refused) -> HttpResponseBase:
    """A sentence, and the queue as it is now. `not_found` is left to `seen_by`."""
    if refusal.reason == "not_found":
        raise refusal
    if _is_asked_by_script(request):
        return JsonResponse({"reason": refusal.reason, "text": refusal.text}, status=409)
    messages.info(request, refusal.text)
    return redirect("moderation:queue")


def _is_asked_by_script(request: AuthenticatedHttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _live(request: AuthenticatedHttpRequest, filters: Filters) -> dict[str, Any]:
    after = Cursor.read(request.GET.get("after", ""))
    found = queue.page(request.user, filters, after, size=_size(request.GET.get("rows", "")))
    counts = queue.counts(request.user)
    return {
        "rows": shown(found.rows, timezone.now()),
        "after": str(found.after or ""),
        "is_further_down": after is not None,
        "changes_at": found.changes_at,
        "filters": filters,
        "waiting": [(severity, counts.waiting[severity]) for severity in Severity if counts.waiting[severity]],
        "tabs": [(state, counts.states.get(state), filters.at(state).query) for state in Standing],
        "crises": queue.crises(request.user),
        "asked": glass.count_waiting(request.user),
    }


def _rooms() -> dict[str, str]:
    """Every room's name by its id, in the order of names."""
    return {room.pk: room.title for room in Room.objects.groups().order_by("name", "pk")}


def _size(asked: str) -> int:
    """Whole pages, so that the list ends where the next page begins."""
    pages = int(asked) // queue.PAGE if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return queue.PAGE * min(max(pages, 1), queue.MOST // queue.PAGE)
