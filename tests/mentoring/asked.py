"""Clients who wait and mentors who can take them: what tests of matching begin with."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Account, Role
from mentoring import offers, profile, requests
from mentoring.models import Mentor, Offer, Request
from tests.mentoring.cast import certified
from tests.people import make


def asking(
    client: Account | None = None, *, days: float = 0, words: dict[str, str] | None = None, **wishes: Any
) -> Request:
    """Somebody who asked so many days ago."""
    told = {**wishes, "words": words} if words else wishes
    request = requests.ask(client=client or make(Role.CLIENT), wishes=told)
    at = timezone.now() - timedelta(days=days)
    Request.objects.filter(pk=request.pk).update(asked_at=at, line_from=at)
    request.refresh_from_db()
    return request


def offering(
    account: Account | None = None, *, called: str = "", about: str = "", wanted: int | None = None, **offered: Any
) -> Mentor:
    """A mentor with all papers who says this about themselves."""
    mentor = certified(account, called=called)
    described(mentor, about=about, wanted=wanted, **offered)
    mentor.refresh_from_db()
    return mentor


def described(
    mentor: Mentor, *, about: str = "", wanted: int | None = None, is_taking: bool = True, **offered: Any
) -> None:
    from mentoring.mentors import called

    told = {**offered, "words": {"about": about} if about else {}}
    profile.describe(
        mentor=mentor, called=called(mentor), offers=told, wanted=wanted, is_taking=is_taking, by=mentor.account
    )


def offered(request: Request, mentor: Mentor, by: Account) -> Offer:
    return offers.confirm(request_id=request.pk, mentor_id=mentor.pk, by=by)
