"""Time away on pages: planned in two steps (which days, then who can stand in on them), begun, moved, called off, declined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Account, Role
from mentoring import respite
from mentoring.access import mentor_of, seen_by
from mentoring.cover import candidates
from mentoring.covering import left_alone
from mentoring.mentors import called
from mentoring.models import Mentor, Respite
from mentoring.refusals import Refused
from mentoring.views.load import mentor_numbered
from mentoring.wellbeing import home_of
from mentoring.wellbeing_forms import BackForm, CoverForm, DaysForm


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return _planned(request, mentor_of(request.user), "mentoring:respite")


@seen_by(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def for_mentor(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    return _planned(request, mentor_numbered(pk), "mentoring:load_of")


@seen_by(Role.MENTOR, Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    """Another cover mentor is named."""
    found = _found(request.user, pk)
    able = [
        each
        for each in candidates(found.mentor, found.starts, found.ends, beside=found)
        if found.lack or each.mentor.pk != found.cover_id
    ]
    form = CoverForm(request.POST if request.method == "POST" else None, candidates=able)
    if request.method == "POST" and form.is_valid():
        try:
            respite.name_cover(
                respite=found,
                cover_id=form.cleaned_data["cover"],
                knowingly=form.cleaned_data.get("knowingly", False),
                by=request.user,
            )
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("Thank you. They are told."))
            return _back(request.user, found)
    context = {"respite": found, "form": form, "able": able, "is_own": found.mentor_id == request.user.pk}
    return render(request, "mentoring/wellbeing/cover.html", context, status=422 if request.method == "POST" else 200)


@seen_by(Role.MENTOR, Role.COORDINATOR)
@require_POST
def act(request: AuthenticatedHttpRequest, pk: int, verb: str) -> HttpResponseBase:
    if verb not in _ACTS:
        raise Refused("not_found")
    found = _asked(request.user, pk) if verb == "decline" else _found(request.user, pk)
    try:
        said = _ACTS[verb](found, request.user, request.POST)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        messages.error(request, refusal.text)
    else:
        messages.success(request, said)
    return _back(request.user, found)


def _planned(request: AuthenticatedHttpRequest, mentor: Mentor, after: str) -> HttpResponseBase:
    """The days come by GET, so that going back and forth between the steps loses nothing."""
    source = request.POST if request.method == "POST" else request.GET
    asked = "starts" in source or "ends" in source
    days = DaysForm(source) if asked else DaysForm(initial=DaysForm.suggested())
    chosen: CoverForm | None = None
    if asked and days.is_valid():
        starts, ends = days.cleaned_data["starts"], days.cleaned_data["ends"]
        try:
            respite.check_days(mentor, starts, ends)
        except Refused as refusal:
            days.blame(refusal)
        else:
            able = candidates(mentor, starts, ends)
            chosen = CoverForm(request.POST if request.method == "POST" else None, candidates=able, may_be_nobody=True)
            if request.method == "POST" and chosen.is_valid():
                try:
                    planned = respite.plan(
                        mentor=mentor,
                        cover_id=chosen.cleaned_data["cover"] or None,
                        starts=starts,
                        ends=ends,
                        knowingly=chosen.cleaned_data.get("knowingly", False),
                        by=request.user,
                    )
                except Refused as refusal:
                    chosen.blame(refusal)
                else:
                    messages.success(request, _said(planned, request.user))
                    return redirect(after, *([mentor.pk] if after != "mentoring:respite" else []))
    failed = request.method == "POST" or (asked and not days.is_valid())
    return _shown(request, mentor, days, chosen, status=422 if failed else 200)


def _shown(
    request: AuthenticatedHttpRequest, mentor: Mentor, days: DaysForm, chosen: CoverForm | None, status: int
) -> HttpResponse:
    is_own = mentor.pk == request.user.pk
    past = Respite.objects.filter(mentor=mentor).exclude(state__in=(Respite.State.PLANNED, Respite.State.RUNNING))
    context: dict[str, Any] = {
        "mentor": mentor,
        "is_own": is_own,
        "wellbeing": home_of(mentor),
        "days": days,
        "chosen": chosen,
        "able": chosen is not None and len(chosen.fields["cover"].choices) > 1,  # type: ignore[attr-defined]
        "past": past.select_related("cover").order_by("-starts")[:10],
    }
    return render(request, "mentoring/wellbeing/respite.html", context, status=status)


def _found(account: Account, pk: int) -> Respite:
    found = respite.respites_of(account).filter(pk=pk).first()
    if found is None:
        raise Refused("not_found")
    return found


def _asked(account: Account, pk: int) -> Respite:
    found = respite.asked_to_cover(account).filter(pk=pk).first()
    if found is None:
        raise Refused("not_found")
    return found


def _back(account: Account, found: Respite) -> HttpResponseBase:
    if account.role == Role.COORDINATOR:
        return redirect("mentoring:load_of", found.mentor_id)
    return redirect("mentoring:respite")


def _begin(found: Respite, by: Account, data: Any) -> str:
    begun = respite.begin(respite=found, by=by)
    return _said_begun(begun, by)


def _said_begun(begun: Respite, by: Account) -> str:
    """No client is named in it: the page below does, for who may read it."""
    if begun.lack or begun.cover is None:
        return _("It has begun. A coordinator looks for somebody to stand in.")
    said = _("It has begun. %(name)s is there for the clients now.") % {"name": called(begun.cover)}
    left = left_alone([begun.mentor_id]).total()
    if not left:
        return said
    but = ngettext("%(count)s client has nobody yet.", "%(count)s clients have nobody yet.", left) % {"count": left}
    where = _("Below you read who.") if by.pk == begun.mentor_id else _("Among the threads you read who.")
    return f"{said} {but} {where}"


def _said(planned: Respite, by: Account) -> str:
    if planned.state == Respite.State.RUNNING:
        return _said_begun(planned, by)
    if planned.lack:
        return _("It is planned. A coordinator looks for somebody to stand in; your clients are told when it begins.")
    return _("It is planned. Whoever stands in is told, and your clients when it begins.")


def _end(found: Respite, by: Account, data: Any) -> str:
    was_running = found.state == Respite.State.RUNNING
    respite.call_off(respite=found, by=by)
    return _("Welcome back. The threads are open again.") if was_running else _("It is called off.")


def _move(found: Respite, by: Account, data: Any) -> str:
    form = BackForm(data)
    if not form.is_valid():
        raise Refused("away_order")
    respite.move_end(respite=found, ends=form.cleaned_data["ends"], by=by)
    return _("Back on %(day)s. Everybody who needs to know is told.") % {
        "day": date_format(form.cleaned_data["ends"], "DATE_FORMAT")
    }


def _decline(found: Respite, by: Account, data: Any) -> str:
    respite.decline(respite=found, by=by)
    return _("That is fine. A coordinator looks for somebody else.")


_ACTS: dict[str, Callable[[Respite, Account, Any], str]] = {
    "begin": _begin,
    "end": _end,
    "move": _move,
    "decline": _decline,
}
