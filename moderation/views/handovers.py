"""The clinician's pages: what was handed over and waits, and one hand-over that they took. The rules are in `cases` and `handovers`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from moderation import alerts, casefile, cases, glass, handovers, looking
from moderation.access import case_for, seen_by
from moderation.forms import CaseForm
from moderation.handover_forms import CareForm, CloseForm, HandBackForm, NoteForm
from moderation.live import live_page
from moderation.looking import Identity
from moderation.models import Case
from moderation.queue_words import clock_words
from moderation.refusals import Refused


@seen_by(Role.CLINICIAN)
@require_GET
def listing(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    about = {
        "waiting": handovers.waiting_for(request.user),
        "taken": handovers.taken_by(request.user),
        "asked": glass.count_waiting(request.user),
        "page": {**live_page(), "sound": alerts.choices_of(request.user).sound},
        "words": clock_words(),
    }
    return render(request, "moderation/handovers.html", about)


@seen_by(Role.CLINICIAN)
@require_GET
def page(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    return _page(request, case_id)


@seen_by(Role.CLINICIAN)
@require_GET
def signs(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    """Whether there is something new, for a page that is open: reading it anew would be a look that nobody took."""
    case = case_for(request.user, case_id)
    return JsonResponse({"signs": handovers.signs(case, request.user)})


@seen_by(Role.CLINICIAN)
@require_POST
def take(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    try:
        cases.acknowledge(case_id, request.user)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
        return redirect("moderation:handovers")
    return redirect("moderation:handover", case_id)


@seen_by(Role.CLINICIAN)
@require_POST
def contact(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    """Who the person is: each time it is shown is a look."""
    case_for(request.user, case_id)
    return _page(request, case_id, person=looking.identity_for_handover(case_id, request.user))


@seen_by(Role.CLINICIAN)
@require_POST
def act(request: AuthenticatedHttpRequest, case_id: str, verb: str) -> HttpResponseBase:
    case_for(request.user, case_id)
    if verb not in _VERBS:
        raise Http404
    chosen = _VERBS[verb]
    form = _form(chosen.form, request.user, request.POST)
    if not form.is_valid():
        return _page(request, case_id, filled=form, status=422)
    try:
        chosen.do(case_id, request.user, form.cleaned_data)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        form.add_error(None, refusal.text)
        return _page(request, case_id, filled=form, status=422)
    messages.success(request, str(chosen.said))
    return redirect("moderation:handovers") if chosen.ends else redirect("moderation:handover", case_id)


@dataclass(frozen=True)
class _Verb:
    """What one of the page's forms does, and what is said afterwards. `ends`: the case is then no longer the clinician's."""

    form: type[CaseForm]
    do: Callable[[str, Account, dict[str, Any]], object]
    said: str | Promise
    ends: bool = False


_VERBS = {
    "letter": _Verb(
        CareForm,
        lambda case_id, by, told: handovers.write(case_id, by, told["text"]),
        gettext_lazy("Sent. They see it on their page now."),
    ),
    "note": _Verb(
        NoteForm, lambda case_id, by, told: cases.note(case_id, by, told["text"]), gettext_lazy("The note is kept.")
    ),
    "hand_back": _Verb(
        HandBackForm,
        lambda case_id, by, told: handovers.hand_back(case_id, by, told["text"]),
        gettext_lazy("Handed back. The moderators see it in their queue."),
        ends=True,
    ),
    "close": _Verb(
        CloseForm,
        lambda case_id, by, told: cases.resolve(case_id, by, Case.Outcome(told["outcome"]), told["text"]),
        gettext_lazy("Closed. Thank you."),
        ends=True,
    ),
}


def _page(
    request: AuthenticatedHttpRequest,
    case_id: str,
    *,
    filled: CaseForm | None = None,
    person: Identity | None = None,
    status: int = 200,
) -> HttpResponse:
    """Before it is taken: what the list says of it. Then what was flagged, and with it a look on the trail."""
    case = case_for(request.user, case_id)
    line = handovers.line_of(case, request.user)
    if case.acknowledged_by_id != request.user.pk:
        return render(request, "moderation/handover_waiting.html", {"line": line})
    words = casefile.look(case_id, request.user)
    forms = {verb: _form(each.form, request.user) for verb, each in _VERBS.items()}
    about = {
        "line": line,
        "page": live_page(),
        "file": casefile.read(case, request.user),
        "evidence": list(words.values()),
        "person": person,
        "signs": handovers.signs(case, request.user),
        "forms": {**forms, **({filled.verb: filled} if filled else {})},
        "failed": filled.verb if filled else "",
    }
    return render(request, "moderation/handover.html", about, status=status)


def _form(form: type[CaseForm], by: Account, data: Any = None) -> CaseForm:
    return CareForm(data, name=by.name) if form is CareForm else form(data)
