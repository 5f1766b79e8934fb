"""The list of rooms and the room itself, read and written without JavaScript too."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from rooms import access, entering, frames, panels, posting, reading
from rooms.call_now import Missed
from rooms.forms import PostForm
from rooms.gates import WARNING_LENGTH
from rooms.lists import listed
from rooms.models import Room
from rooms.reading import OpenMessage
from rooms.refusals import Held, Refused
from rooms.words import call_words, mark_words, script_words


@signed_in
@require_safe
def rooms(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    listing = listed(request.user.pk)
    return render(
        request,
        "rooms/list.html",
        {
            "rooms": [each for each in listing if not each.is_thread],
            "threads": [each for each in listing if each.is_thread and not each.is_past],
            "person_name": request.user.name,
            "is_coordinator": request.user.role == Role.COORDINATOR,
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponseBase:
    try:
        return _posted(request, room_id) if request.method == "POST" else _shown(request, room_id)
    except Refused as refusal:
        if refusal.reason == "agreement":
            return redirect("rooms:join", room_id)
        raise Http404 from None


def _posted(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponse:
    """Stores and shows the room anew; what was held or refused comes back with its text, so that nothing is lost."""
    seat = access.seat_of(access.standing(request.user.pk, room_id))
    form = PostForm(request.POST)
    typed = {name: request.POST.get(name, "") for name in ("body", "warning", "reply_to")}
    if not form.is_valid():
        return _shown(request, room_id, _("This could not be read. Please try again."), typed, status=400)
    try:
        posting.post(
            seat,
            key=form.cleaned_data["key"],
            body=form.cleaned_data["body"],
            warning=form.cleaned_data["warning"],
            reply_to=form.cleaned_data["reply_to"] or None,
        )
    except (Held, Refused) as no:
        return _shown(request, room_id, _explained(no), typed, status=422)
    return redirect("rooms:room", room_id)


def _explained(no: Held | Refused) -> str:
    parts = ", ".join(f"“{part}”" for part in no.parts) if isinstance(no, Held) else ""
    return f"{no.text} {parts}".rstrip()


def _shown(
    request: AuthenticatedHttpRequest,
    room_id: str,
    form_error: str = "",
    draft: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    entrance = entering.enter(request.user.pk, room_id)
    page = reading.Page(entrance.messages, entrance.more)
    if before := _number(request.GET.get("before")):
        page = entering.history(request.user.pk, room_id, before, reading.PAGE)
    context = _context(request, entrance.room, entrance, page)
    panel = panels.beside(request.user, entrance.room)
    response = render(
        request,
        "rooms/room.html",
        {
            **context,
            "words": context["words"] | (panel.words if panel else {}),
            "panel": panel,
            "form_error": form_error,
            "draft": draft or {},
        },
        status=status,
    )
    if entrance.room.is_thread:  # every other page has neither (accounts.middleware)
        response.headers["Permissions-Policy"] = "camera=(self), microphone=(self)"
    return response


def _context(
    request: AuthenticatedHttpRequest, found: Room, entrance: entering.Entrance, page: reading.Page
) -> dict[str, Any]:
    faces = entrance.roster.faces.values()
    listing = listed(request.user.pk)
    you = {**frames.face(entrance.seat.face), "read": entrance.read, "muted": entrance.muted}
    members = [frames.member(face, here=False) for face in faces]
    rules = entrance.roster.rules.shown(timezone.now(), entrance.roster.muted.get(entrance.seat.member_id))
    return {
        "room": {
            "id": found.pk,
            "kind": found.kind,
            "name": next((each.name for each in listing if each.id == found.pk), found.title),
            "condition": found.get_condition_display(),
            "description": found.description,
            "toolkit": found.toolkit,
            "part2": found.part2,
            "agreement": found.agreement,
        },
        "you": you,
        "members": members,
        "messages": _marked([_shown_message(message) for message in page.messages], entrance),
        "more": page.more,
        "before": page.messages[0].seq if page.messages else 0,
        "seq": entrance.number,
        "rooms": listing,
        "rules": rules,
        "held": [frames.waiting(each) for each in entrance.held],
        "missed": [_missed(each, entrance) for each in entrance.missed],
        "fresh_key": PostForm.fresh_key(),
        "page": {
            "room": found.pk,
            "you": you,
            "seq": entrance.number,
            "members": members,
            "messages": [frames.message(message) for message in page.messages],
            "more": page.more,
            "rules": rules,
            "held": [frames.waiting(each) for each in entrance.held],
            **(frames.of_two(entrance.marks, entrance.missed) if entrance.room.is_thread else {}),
            "socket": "/ws/",
            "signIn": reverse("account_login"),
            "lockSeconds": settings.SCREEN_LOCK_SECONDS,
            "neutralSite": settings.NEUTRAL_SITE,
            "limits": {
                "length": settings.MESSAGE_LENGTH,
                "warning": WARNING_LENGTH,
                "editSeconds": settings.EDIT_SECONDS,
            },
        },
        "words": script_words(),
    }


def _marked(shown: list[dict[str, Any]], entrance: entering.Entrance) -> list[dict[str, Any]]:
    """In a thread, one word under the newest message of one's own that is stored, has arrived, was read (static/js/marks.js)."""
    you = entrance.seat.face.id
    mine = [each for each in shown if each["author"]["id"] == you and not each["redacted"]]
    for handle, got, read in entrance.marks:
        if handle != you:
            for word, up_to in (("mark_sent", entrance.number), ("mark_got", got), ("mark_read", read)):
                for newest in [each for each in mine if each["seq"] <= up_to][-1:]:
                    newest["mark"] = mark_words()[word]
    return shown


def _missed(call: Missed, entrance: entering.Entrance) -> str:
    name = next((face.pseudonym for face in entrance.roster.faces.values() if face.id != entrance.seat.face.id), "")
    when = date_format(timezone.localtime(call.at), "DATETIME_FORMAT")
    return call_words()[f"missed_{call.way}"].replace("{name}", name).replace("{when}", when)


def _shown_message(message: OpenMessage) -> dict[str, Any]:
    """The wire's message, and the time as the template wants it."""
    return {**frames.message(message), "at_time": message.at, "day": _day(message.at)}


def _day(at: datetime) -> str:
    return date_format(at, "DATE_FORMAT")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else 0
