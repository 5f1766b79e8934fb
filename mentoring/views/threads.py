"""What the two of a thread do beside their talk. Each view translates; what may be done is in the doors."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import appointments, calendar_file, goals, milestones, shared, stepping_back
from mentoring.access import seen_by
from mentoring.another import ask_for_another
from mentoring.models import Appointment, Thread
from mentoring.refusals import Refused
from mentoring.thread_forms import AppointmentForm, MilestoneForm
from mentoring.views.beside import Failed, belongs, done, found, found_to_end, room_of, shown

_the_two = seen_by(Role.CLIENT, Role.MENTOR)
_GOAL_TURNS: dict[str, Callable[..., object]] = {
    "reach": goals.reach,
    "let_go": goals.let_go,
    "take_up": goals.take_up,
    "celebrate": milestones.mark_reached,
}
_APPOINTMENT_TURNS = {
    "agree": appointments.agree,
    "decline": appointments.decline,
    "call_off": appointments.call_off,
}


@_the_two
@require_safe
def thread(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    return shown(request, found(request, thread_id))


@_the_two
@require_POST
def goal_write(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    text = request.POST.get("text", "")
    return done(request, thread_id, lambda thread: goals.write(thread=thread, by=request.user, text=text), form="goal")


@_the_two
@require_POST
def goal_turn(request: AuthenticatedHttpRequest, thread_id: str, goal_id: int, turn: str) -> HttpResponseBase:
    if turn not in _GOAL_TURNS:
        raise Refused("not_found")
    return done(request, thread_id, lambda thread: _GOAL_TURNS[turn](thread=thread, goal_id=goal_id, by=request.user))


@_the_two
@require_POST
def milestone_mark(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    form = MilestoneForm(request.POST)
    if not form.is_valid():
        return _unread(request, thread_id, "milestone", _("Please choose a day."))
    return done(
        request,
        thread_id,
        lambda thread: milestones.mark(thread=thread, by=request.user, **form.cleaned_data),
        form="milestone",
    )


@_the_two
@require_POST
def milestone_back(request: AuthenticatedHttpRequest, thread_id: str, milestone_id: int) -> HttpResponseBase:
    return done(
        request,
        thread_id,
        lambda thread: milestones.take_back(thread=thread, milestone_id=milestone_id, by=request.user),
    )


@_the_two
@require_POST
def share(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    line, text = request.POST.get("line", ""), request.POST.get("text", "")

    def act(thread: Thread) -> None:
        if "take_back" in request.POST:
            shared.take_back(thread=thread, line=line, by=request.user)
        else:
            shared.change(thread=thread, line=line, text=text, by=request.user)

    return done(request, thread_id, act, form="share_new" if "new" in request.POST else "share")


@_the_two
@require_POST
def share_with_cover(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    shares = request.POST.get("shares") == "1"
    return done(
        request, thread_id, lambda thread: shared.share_with_cover(thread=thread, shares=shares, by=request.user)
    )


@_the_two
@require_POST
def appointment_propose(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    form = AppointmentForm(request.POST)
    if not form.is_valid():
        return _unread(request, thread_id, "appointment", _("Please choose a day and a time."))

    def act(thread: Thread) -> None:
        told = {name: form.cleaned_data[name] for name in ("minutes", "way", "instead_of")}
        appointments.propose(thread=thread, by=request.user, starts=form.starts, **told)

    return done(request, thread_id, act, form="appointment")


@_the_two
@require_POST
def appointment_turn(
    request: AuthenticatedHttpRequest, thread_id: str, appointment_id: str, turn: str
) -> HttpResponseBase:
    if turn not in _APPOINTMENT_TURNS:
        raise Refused("not_found")
    return done(
        request,
        thread_id,
        lambda thread: _APPOINTMENT_TURNS[turn](thread=thread, appointment_id=appointment_id, by=request.user),
    )


@_the_two
@require_safe
def appointment_file(request: AuthenticatedHttpRequest, thread_id: str, appointment_id: str) -> HttpResponseBase:
    """Of an agreed one, or of one that was called off, so that the calendar learns of it."""
    states = (Appointment.State.AGREED, Appointment.State.CANCELLED)
    appointment = found(request, thread_id).appointments.filter(pk=appointment_id, state__in=states).first()
    if appointment is None:
        raise Refused("not_found")
    answer = HttpResponse(calendar_file.calendar_of(appointment), content_type=calendar_file.TYPE)
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


@seen_by(Role.CLIENT)
@require_POST
def another(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    """The second of two presses."""
    thread = found_to_end(request, thread_id)
    try:
        ask_for_another(thread=thread, by=request.user)
    except Refused as refusal:
        if refusal.reason == "not_found":
            raise
        if not belongs(thread, request.user):  # pressed twice
            return redirect("mentoring:mine")
        return shown(request, thread, Failed("", refusal.text, {}), status=422)
    return redirect("mentoring:mine")


@seen_by(Role.MENTOR)
@require_POST
def step_back(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    """The second of two presses."""
    thread = found(request, thread_id)
    try:
        stepping_back.step_back(thread=thread, by=request.user)
    except Refused as refusal:
        if refusal.reason != "closed":  # pressed twice: the page says how it ended
            raise
    return redirect(room_of(thread))


def _unread(request: AuthenticatedHttpRequest, thread_id: str, form: str, text: str) -> HttpResponse:
    return shown(request, found(request, thread_id), Failed(form, text, request.POST.dict()), status=422)
