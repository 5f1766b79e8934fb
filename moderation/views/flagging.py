"""Telling a moderator about a message or a member, without JavaScript; the room's own page does the same over its socket."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from accounts.http import AuthenticatedHttpRequest
from moderation import intake
from moderation.models import Category
from rooms import access, muting, reading
from rooms.faces import Face, face_of
from rooms.models import Membership, Message
from rooms.reading import OpenMessage
from rooms.refusals import Refused

CATEGORIES = tuple(category for category, _severity in intake.BY_PERSON)


@dataclass(frozen=True, slots=True)
class Target:
    """What is flagged: a member, or one of their messages."""

    face: Face
    message: OpenMessage | None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@signed_in
def flag(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponseBase:
    try:
        seat = access.seat_of(access.standing(request.user.pk, room_id))
        target = _target(room_id, request.GET.get("message", ""), request.GET.get("member", ""))
    except Refused as refusal:
        if refusal.reason == "agreement":
            return redirect("rooms:join", room_id)
        raise Http404 from None
    if target.face.id == seat.face.id:
        raise Http404
    if request.method != "POST":
        return _page(request, room_id, target)
    if request.POST.get("act") == "mute":
        muting.mute(seat, target.face.id, on=True)
        return redirect("rooms:room", room_id)
    return _flagged(request, room_id, target)


def _flagged(request: AuthenticatedHttpRequest, room_id: str, target: Target) -> HttpResponse:
    category, words = request.POST.get("category", ""), request.POST.get("words", "")
    if category not in CATEGORIES:
        error = _("Please choose what it is about.")
        return _page(request, room_id, target, category, words, error)
    about = {"message_id": target.message.id} if target.message else {"member": target.face.id}
    try:
        intake.flag(request.user.pk, room_id=room_id, category=Category(category), words=words, **about)
    except Refused as refusal:
        return _page(request, room_id, target, category, words, refusal.text)
    is_muted = target.face.id in reading.muted_by(access.standing(request.user.pk, room_id))
    about_it = {"room_id": room_id, "target": target, "is_muted": is_muted}
    return render(request, "moderation/flagged.html", about_it)


def _page(
    request: AuthenticatedHttpRequest,
    room_id: str,
    target: Target,
    category: str = "",
    words: str = "",
    error: str = "",
) -> HttpResponse:
    about: dict[str, Any] = {"room_id": room_id, "target": target, "chosen": category, "typed": words, "error": error}
    return render(request, "moderation/flag.html", about, status=422 if error else 200)


def _target(room_id: str, message_id: str, handle: str) -> Target:
    """Raises Refused("not_found") for what is not in this room."""
    if message_id:
        row = Message.objects.filter(pk=message_id, room=room_id).first()
        if row is not None:
            opened = reading.opened([row])[0]
            return Target(opened.author, opened)
    elif handle:
        member = Membership.objects.belonging().filter(room=room_id, handle=handle, pseudonym_index__isnull=False)
        if found := member.select_related("account").first():
            return Target(face_of(found), None)
    raise Refused("not_found")
