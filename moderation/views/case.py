"""The case page: what is known of a case, its evidence when asked for, and a form for everything a moderator can do about it.

An act answers with the page it came from: as a whole, or, where a script asks (X-Part), as the part that changes. What was
typed and could not be done comes back with its text and the reason.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from moderation import access, casefile, trails
from moderation.access import seen_by
from moderation.evidence import Shown
from moderation.forms import CaseForm, LiftForm, RefuseForm
from moderation.refusals import Refused
from moderation.verbs import VERBS
from moderation.words import case_words
from rooms.refusals import Refused as RoomRefused

Words = dict[str, Shown]


@seen_by(Role.MODERATOR)
@require_safe
def page(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    """Opening the page is a look, and on the trail. What a live page renews of it is not another one."""
    found = access.case_for(request.user, case_id)
    if not _is_part(request):
        trails.looked(request.user, "case", found.pk)
    return _shown(request, case_id)


@seen_by(Role.MODERATOR)
@require_POST
def evidence(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    access.case_for(request.user, case_id)
    try:
        words = casefile.look(case_id, request.user)
    except Refused as refusal:
        return _shown(request, case_id, error=refusal.text, status=422)
    return _shown(request, case_id, words=words)


@seen_by(Role.MODERATOR)
@require_POST
def act(request: AuthenticatedHttpRequest, case_id: str, verb: str) -> HttpResponseBase:
    if verb not in VERBS:
        raise Http404
    access.case_for(request.user, case_id)
    chosen = VERBS[verb]
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _shown(request, case_id, filled=form, status=422)
    try:
        chosen.do(case_id, request.user, form.cleaned_data)
    except (Refused, RoomRefused) as refusal:
        form.add_error(None, refusal.text)
        return _shown(request, case_id, filled=form, error=refusal.text, status=422)
    if chosen.said:
        messages.success(request, str(chosen.said))
    return _shown(request, case_id) if _is_part(request) else redirect("moderation:case", case_id)


def _shown(
    request: AuthenticatedHttpRequest,
    case_id: str,
    *,
    words: Words | None = None,
    filled: CaseForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """`words` of the evidence by message, `filled` the form that could not be done, `error` why."""
    file = casefile.read(access.case_for(request.user, case_id), request.user)
    context = {
        "file": file,
        "case": file.case,
        "pieces": [_piece(each, words, filled) for each in file.pieces],
        "sanctions": [{"sanction": each, "form": _filled_or(LiftForm, filled, each.id)} for each in file.sanctions],
        "is_open": words is not None,
        "forms": {form.verb: form for form in [*_fresh_forms(), *([filled] if filled else [])]},
        "failed": filled.place if filled else "",
        "typed": filled.data.get("text", "") if filled and file.state != "yours" else "",
        "error": error,
        "page": {"socket": "/ws/", "signIn": reverse("account_login")},
        "page_words": case_words(),
    }
    template = "moderation/case/part.html" if _is_part(request) else "moderation/case.html"
    return render(request, template, context, status=status)


def _piece(piece: casefile.Piece, words: Words | None, filled: CaseForm | None) -> dict[str, Any]:
    refuse = _filled_or(RefuseForm, filled, piece.message_id) if piece.state == "waiting" else None
    return {"piece": piece, "shown": (words or {}).get(piece.message_id), "refuse": refuse}


def _fresh_forms() -> list[CaseForm]:
    return [verb.form() for verb in VERBS.values() if verb.form.verb]


def _filled_or(form: type[CaseForm], filled: CaseForm | None, target: str) -> CaseForm:
    """The form of this message or sanction: what was typed where it could not be done, else a fresh one."""
    if isinstance(filled, form) and filled.target == target:
        return filled
    return form(target=target)


def _is_part(request: AuthenticatedHttpRequest) -> bool:
    return request.headers.get("X-Part") == "case"
