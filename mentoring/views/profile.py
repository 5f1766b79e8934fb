"""A mentor's own profile. The rules are in `profile`."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import mentors, profile
from mentoring.access import mentor_of, seen_by
from mentoring.pool import offers_stored_in
from mentoring.profile_forms import ProfileForm
from mentoring.refusals import Refused
from rooms.hours_said import hours_said


@seen_by(Role.MENTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    initial = ProfileForm.initial_of(mentor, mentors.called(mentor), offers_stored_in(mentor))
    form = ProfileForm(request.POST or None, mentor=mentor, initial=initial)
    if form.is_valid():
        told = form.cleaned_data
        try:
            profile.describe(
                mentor=mentor,
                called=told["called"],
                offers=form.offers(),
                wanted=told["wanted"],
                is_taking=told["is_taking"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error("called", error)
        except Refused as refusal:
            form.add_error("about_words", refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("mentoring:profile")
    about = {"form": form, "mentor": mentor, "hours": hours_said(mentor.hours)}
    return render(request, "mentoring/matching/profile.html", about, status=422 if form.is_bound else 200)
