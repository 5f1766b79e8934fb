"""How the pages beside a talk answer: with a fresh copy of what stands there for a script, with a page where there is none.

Shared by the views of threads and of appointments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account
from mentoring.absence import is_out
from mentoring.access import thread_for
from mentoring.models import Thread
from mentoring.refusals import Refused
from mentoring.thread_page import page_of
from rooms import access


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a form came back, and what was typed into it. `form` names it; empty: a single button."""

    form: str
    text: str
    typed: dict[str, Any]


def found(request: AuthenticatedHttpRequest, thread_id: str) -> Thread:
    """Through the person, who must belong to its room still: somebody removed from the talk is out of all of it."""
    thread = thread_for(request.user, thread_id)
    access.standing(request.user.pk, thread.room_id)
    return thread


def found_to_end(request: AuthenticatedHttpRequest, thread_id: str) -> Thread:
    """For a client who ends it, which is theirs at any time: somebody removed from the talk too must not be bound to it."""
    return thread_for(request.user, thread_id)


def belongs(thread: Thread, account: Account) -> bool:
    return not is_out(thread.room_id, account)


def done(
    request: AuthenticatedHttpRequest, thread_id: str, act: Callable[[Thread], object], *, form: str = ""
) -> HttpResponse:
    """Does it, and shows what stands there now; refused, the form comes back with its words."""
    thread = found(request, thread_id)
    try:
        act(thread)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        return shown(request, found(request, thread_id), Failed(form, refusal.text, request.POST.dict()), status=422)
    if is_script(request):
        return shown(request, found(request, thread_id))
    return redirect(room_of(thread))


def shown(
    request: AuthenticatedHttpRequest, thread: Thread, failed: Failed | None = None, *, status: int = 200
) -> HttpResponse:
    template = "parts" if is_script(request) else "beside"
    context = {"it": page_of(thread, request.user), "failed": failed}
    return render(request, f"mentoring/threads/{template}.html", context, status=status)


def is_script(request: AuthenticatedHttpRequest) -> bool:
    return "X-Thread" in request.headers


def room_of(thread: Thread) -> str:
    return f"{reverse('rooms:room', args=[thread.room_id])}#about-panel"
