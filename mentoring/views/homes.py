"""Where each role begins: a client's page about their mentor, a mentor's page about their work.

Each part of a page is made by the area that it is about; here they only stand in their order.
"""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import Role
from mentoring import credentials, profile, requests, thread_cards, wellbeing
from mentoring.access import mentor_of, seen_by


@seen_by(Role.CLIENT)
@require_safe
def client(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return render(
        request,
        "mentoring/client_home.html",
        {"threads": thread_cards.home_of(request.user), "asking": requests.home_of(request.user)},
    )


@seen_by(Role.MENTOR)
@require_safe
def mentor(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    mentor = mentor_of(request.user)
    return render(
        request,
        "mentoring/mentor_home.html",
        {
            "mentor": mentor,
            "profile": profile.home_of(mentor),
            "credentials": credentials.home_of(mentor),
            "threads": thread_cards.home_of(request.user),
            "wellbeing": wellbeing.home_of(mentor),
        },
    )
