"""The coordinator's pages: open a room, change its rules and agreement, say who belongs. No message is read here."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import role_required
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from rooms import joining, leading
from rooms.forms import RoomForm
from rooms.models import Membership, Room
from vault import sealing, trail

_PEOPLE_A_PAGE = 50


@role_required(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD"])
def all_rooms(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return render(request, "rooms/all.html", {"rooms": Room.objects.groups()})


@role_required(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AuthenticatedHttpRequest, room_id: str | None = None) -> HttpResponseBase:
    room = get_object_or_404(Room.objects.groups(), pk=room_id) if room_id else Room()
    form = RoomForm(request.POST or None, instance=room)
    if not form.is_valid():
        return render(
            request,
            "rooms/edit.html",
            {"form": form, "room": room if room_id else None},
            status=422 if form.is_bound else 200,
        )
    room = form.store()
    text = form.cleaned_data["agreement_text"]
    if "agreement_text" in form.changed_data or not room.agreement_version:
        joining.publish_agreement(room, text, actor=request.user)
    joining.rules_changed(room)
    trail.record(
        actor=f"account:{request.user.pk}", act="room.edit" if room_id else "room.open", subject=f"room:{room.pk}"
    )
    messages.success(request, _("Saved."))
    return redirect("rooms:people", room.pk)


@role_required(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: AuthenticatedHttpRequest, room_id: str) -> HttpResponseBase:
    """Who belongs, by account: a coordinator knows the people and never their pseudonyms."""
    room = get_object_or_404(Room.objects.groups(), pk=room_id)
    if request.method == "POST":
        try:
            _change(request, room)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(request.get_full_path())
    page = Paginator(Account.objects.filter(is_active=True).order_by("pk"), _PEOPLE_A_PAGE).get_page(
        request.GET.get("page")
    )
    sealing.warm(name for each in page if (name := each.sealed_name) is not None)
    here = dict(
        Membership.objects.filter(room=room, removed_at=None, account__in=page.object_list).values_list(
            "account_id", "leads"
        )
    )
    shown = [
        {
            "account_id": each.pk,
            "name": each.name,
            "role": each.get_role_display(),
            "belongs": each.pk in here,
            "leads": here.get(each.pk, False),
            "is_client": each.role == Role.CLIENT,
        }
        for each in page
    ]
    return render(request, "rooms/people.html", {"room": room, "people": shown, "page": page})


def _change(request: AuthenticatedHttpRequest, room: Room) -> None:
    number = request.POST.get("account", "")
    account = get_object_or_404(Account, pk=int(number) if number.isascii() and number.isdigit() else 0, is_active=True)
    match request.POST.get("act"):
        case "remove":
            joining.remove(account, room, actor=request.user)
        case "lead":
            leading.lead(account, room, actor=request.user)
        case "lead_end":
            leading.end(account, room, actor=request.user)
        case _:
            joining.admit(account, room, actor=request.user)
