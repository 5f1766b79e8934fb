"""The end of a thread: closing it, the words that stay, and the coordinator's list of what runs and what ended."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import closing, thread_list
from mentoring.access import seen_by
from mentoring.refusals import Refused
from mentoring.thread_page import page_of
from mentoring.views.beside import belongs, found, found_to_end, room_of

_AREA = {"rows": 4, "dir": "auto"}


class WordsForm(forms.Form):
    """The mentor's, at the end. Both may stay empty."""

    farewell = forms.CharField(
        label=gettext_lazy("A goodbye"),
        help_text=gettext_lazy("A few warm words. They read it in the thread."),
        max_length=closing.LONGEST_FAREWELL,
        required=False,
        widget=forms.Textarea(_AREA),
    )
    summary = forms.CharField(
        label=gettext_lazy("A summary to keep"),
        help_text=gettext_lazy(
            "What you worked on, milestones, what helped. They can save it, and it stays with them. Leave names and contact details out."
        ),
        max_length=closing.LONGEST_SUMMARY,
        required=False,
        widget=forms.Textarea({**_AREA, "rows": 10}),
    )


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It goes into the record. The two of them do not read it."),
        max_length=closing.LONGEST_WHY,
        widget=forms.Textarea({"rows": 3}),
    )


@seen_by(Role.CLIENT, Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    """A client needs one press; a mentor may leave words."""
    is_clients = request.user.role == Role.CLIENT
    thread = found_to_end(request, thread_id) if is_clients and request.method == "POST" else found(request, thread_id)
    if is_clients and request.method != "POST":
        return redirect(room_of(thread))
    if thread.closed_at is not None:
        return redirect("mentoring:thread_summary", thread.pk)
    form = WordsForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(thread=thread, by=request.user, **form.cleaned_data)
            return redirect("mentoring:mine" if is_clients and not belongs(thread, request.user) else room_of(thread))
        except Refused as refusal:
            form.add_error(None, refusal.text)
    context = {"it": page_of(thread, request.user), "form": form, "closes": True}
    return render(request, "mentoring/threads/words.html", context, status=422 if form.errors else 200)


@seen_by(Role.CLIENT, Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    """The client reads, prints and saves it; the mentor writes it, or changes their words."""
    thread = found(request, thread_id)
    page = page_of(thread, request.user)
    if request.user.role == Role.CLIENT:
        if request.method == "POST" or not page.kept_until:
            raise Refused("not_found")
        return render(request, "mentoring/threads/summary.html", {"it": page})
    if not page.kept_until:
        raise Refused("not_found")
    form = WordsForm(_sent(request), initial={"farewell": page.farewell, "summary": page.summary})
    if request.method == "POST" and form.is_valid():
        try:
            closing.sum_up(thread=thread, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your words are kept."))
            return redirect("mentoring:home")
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(
        request, "mentoring/threads/words.html", {"it": page, "form": form}, status=422 if form.errors else 200
    )


@seen_by(Role.CLIENT)
@require_safe
def summary_file(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    """Plain text, for the client to keep where they want."""
    page = page_of(found(request, thread_id), request.user)
    if not page.kept_until or not (page.summary or page.farewell):
        raise Refused("not_found")
    answer = HttpResponse(
        render_to_string("mentoring/threads/summary.txt", {"it": page}), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="summary.txt"'
    return answer


@seen_by(Role.COORDINATOR)
@require_safe
def threads(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """Who is with whom, and what ended lately. Nothing of what is written."""
    return render(request, "mentoring/threads/list.html", {"list": thread_list.look(by=request.user)})


@seen_by(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: AuthenticatedHttpRequest, thread_id: str) -> HttpResponseBase:
    row = thread_list.look_at(thread_id=thread_id, by=request.user)
    form = WhyForm(_sent(request), initial={"why": _("The mentor is not there any more.") if row.is_left else ""})
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(thread=row.thread, by=request.user, why=form.cleaned_data["why"])
            messages.success(request, _("The thread is closed. Both have been told kindly."))
            return redirect("mentoring:threads")
        except Refused as refusal:
            form.add_error(None, refusal.text)
    return render(request, "mentoring/threads/end.html", {"row": row, "form": form}, status=422 if form.errors else 200)


def _sent(request: AuthenticatedHttpRequest) -> QueryDict | None:
    """None where nothing was sent. A form that is sent empty is sent all the same."""
    return request.POST if request.method == "POST" else None
