"""Entering a room for the first time, accepting a new agreement, leaving a room."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from accounts.http import AuthenticatedHttpRequest
from rooms import access, joining, pseudonyms
from rooms.forms import JoinForm
from rooms.models import Membership
from rooms.refusals import Refused


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponseBase:
    member = _member(request, room_id)
    if access.has_accepted(member):
        return redirect("rooms:room", room_id)
    returning = member.pseudonym_index is not None
    initial = {"version": member.room.agreement_version}
    form = JoinForm(request.POST or None, initial=initial, returning=returning)
    if form.is_valid():
        try:
            joining.enter(
                member, pseudonym=form.cleaned_data.get("pseudonym", ""), version=form.cleaned_data["version"]
            )
            return redirect("rooms:room", room_id)
        except ValidationError as error:
            form.add_error(None if returning else "pseudonym", error)
    if form.is_bound:
        form.ask_anew(member.room.agreement_version)
    return render(
        request,
        "rooms/join.html",
        {
            "room": member.room,
            "agreement": member.room.agreement,
            "form": form,
            "returning": returning,
            "suggestions": [] if returning else pseudonyms.suggestions(get_language() or "en"),
        },
        status=422 if form.is_bound else 200,
    )


@signed_in
@require_POST
def leave_room(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponseBase:
    """A thread is closed in its own place, where the other is told kindly."""
    room = _member(request, room_id).room
    if room.is_thread:
        raise Http404
    joining.remove(request.user, room, actor=request.user)
    return redirect("rooms:list")


def _member(request: AuthenticatedHttpRequest, room_id: str) -> Membership:
    try:
        return access.membership(request.user.pk, room_id)
    except Refused:
        raise Http404 from None
