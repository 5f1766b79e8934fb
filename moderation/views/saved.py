"""Keeping a view of the queue under a name, and forgetting it."""

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import saved_views
from moderation.access import seen_by
from moderation.filters import Filters
from moderation.refusals import Refused
from rooms.models import Room


@seen_by(Role.MODERATOR)
@require_POST
def save(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """`query` is what the page showed; only what the queue knows of it is kept."""
    query = _known(request.POST.get("query", ""))
    try:
        saved_views.save(request.user, name=request.POST.get("name", ""), query=query)
        messages.success(request, _("This view is saved."))
    except Refused as refusal:
        messages.error(request, refusal.text)
    return _back_to(query)


@seen_by(Role.MODERATOR)
@require_POST
def forget(request: AuthenticatedHttpRequest, view_id: int) -> HttpResponseBase:
    saved_views.forget(request.user, view_id)
    return _back_to(_known(request.POST.get("query", "")))


def _known(query: str) -> str:
    rooms = set(Room.objects.groups().values_list("pk", flat=True))
    return Filters.read(QueryDict(query[:500]).dict(), rooms=rooms).query


def _back_to(query: str) -> HttpResponseBase:
    address = reverse("moderation:queue")
    return redirect(f"{address}?{query}" if query else address)
