"""The pages of break-glass: asking, agreeing, reading on in the room, and who somebody is. The rules are in `glass` and `looking`."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from moderation import glass, looking
from moderation.access import case_for, seen_by
from moderation.confirming import ask_first, typed_before
from moderation.glass_forms import ReasonForm
from moderation.live import live_page
from moderation.models import Case, Glass
from moderation.refusals import Refused

Ask = Callable[[str, Account, str], Glass]

_OF_CASES = (Role.MODERATOR, Role.CLINICIAN)


@seen_by(*_OF_CASES)
@require_http_methods(["GET", "POST"])
def context(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    """The form, and while the glass is open the room around what was flagged: a page of it is a look."""
    case = case_for(request.user, case_id)
    if request.method == "POST":
        return _asked(request, case, Glass.Kind.CONTEXT, glass.ask_context)
    open_now = glass.newest(case, request.user, Glass.Kind.CONTEXT)
    if open_now is None or not open_now.is_open:
        return _form(request, case, Glass.Kind.CONTEXT)
    before, after = _number(request.GET.get("before")), _number(request.GET.get("after"))
    shown = looking.more_context(open_now, request.user, before=before, after=after)
    return render(request, "moderation/glass_context.html", {**_about(request, case), "glass": open_now, "page": shown})


@seen_by(*_OF_CASES)
@require_http_methods(["GET", "POST"])
def identity(request: AuthenticatedHttpRequest, case_id: str) -> HttpResponseBase:
    """The form, the waiting, and at a press, each time anew, who it is."""
    case = case_for(request.user, case_id)
    last = glass.newest(case, request.user, Glass.Kind.IDENTITY)
    if request.method == "POST" and "show" in request.POST:
        return _identity_shown(request, case, last)
    if request.method == "POST":
        return _asked(request, case, Glass.Kind.IDENTITY, glass.ask_identity)
    if last is None or last.state not in (Glass.State.WAITING, Glass.State.OPEN):
        return _form(request, case, Glass.Kind.IDENTITY, last)
    return render(
        request, "moderation/glass_identity.html", {**_about(request, case), "glass": last, "page": live_page()}
    )


@seen_by(*glass.SECONDS)
@require_GET
def waiting(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    about = {"requests": glass.waiting_for_second(request.user), "page": live_page()}
    return render(request, "moderation/glass_waiting.html", about)


@seen_by(*glass.SECONDS)
@require_http_methods(["GET", "POST"])
def agree(request: AuthenticatedHttpRequest, glass_id: str) -> HttpResponseBase:
    """Asks who it is before: else whoever asks could agree at a colleague's screen that was left open."""
    if not glass.answerable_by(request.user).filter(pk=glass_id).exists():
        raise Http404
    if request.method == "GET":
        asked = glass.request_of(glass_id, request.user)
        return ask_first(request) or render(request, "moderation/glass_agree.html", {"asked": asked})
    if way := ask_first(request):
        return way
    return _answered(request, lambda: glass.agree(glass_id, request.user), _("You agreed. It is open for 15 minutes."))


@seen_by(*glass.SECONDS)
@require_POST
def refuse(request: AuthenticatedHttpRequest, glass_id: str) -> HttpResponseBase:
    return _answered(request, lambda: glass.refuse(glass_id, request.user), _("You did not agree. They are told so."))


def _form(
    request: AuthenticatedHttpRequest, case: Case, kind: Glass.Kind, last: Glass | None = None
) -> HttpResponseBase:
    """Who asks says who they are before they type."""
    may_ask = glass.may_ask(case, request.user)
    if may_ask and (way := ask_first(request)):
        return way
    form = ReasonForm(initial={"reason": typed_before(request)})
    return _form_page(request, case, kind, form if may_ask else None, last=last)


def _form_page(
    request: AuthenticatedHttpRequest,
    case: Case,
    kind: Glass.Kind,
    form: ReasonForm | None,
    *,
    last: Glass | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponseBase:
    about = {**_about(request, case), "kind": kind, "form": form, "last": last, "refusal": refusal}
    return render(request, "moderation/glass_form.html", about, status=status)


def _asked(request: AuthenticatedHttpRequest, case: Case, kind: Glass.Kind, ask: Ask) -> HttpResponseBase:
    if way := ask_first(request, typed=request.POST.get("reason", "")[: glass.MOST]):
        return way
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _form_page(request, case, kind, form, status=422)
    try:
        ask(case.pk, request.user, form.cleaned_data["reason"])
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        return _form_page(request, case, kind, form, refusal=refusal, status=409)
    return redirect(request.path)


def _identity_shown(request: AuthenticatedHttpRequest, case: Case, last: Glass | None) -> HttpResponseBase:
    try:
        if last is None:
            raise Refused("too_late")
        person = looking.identity(last, request.user)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
        return redirect(request.path)
    about = {**_about(request, case), "glass": last, "person": person}
    return render(request, "moderation/glass_identity.html", about)


def _answered(request: AuthenticatedHttpRequest, answer: Callable[[], Glass], said: str) -> HttpResponseBase:
    try:
        answer()
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
    else:
        messages.success(request, said)
    return redirect("moderation:glass_waiting")


def _about(request: AuthenticatedHttpRequest, case: Case) -> dict[str, object]:
    """`back` is the page that the person works on the case from."""
    place = "moderation:handover" if request.user.role == Role.CLINICIAN else "moderation:case"
    return {"case": case, "back": reverse(place, args=[case.pk])}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else None
