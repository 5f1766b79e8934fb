"""The demonstration shows what mentoring is, and nobody is written to because of it."""

from io import StringIO

from django.core import mail
from django.core.management import call_command

from accounts.models import Account
from mentoring.models import Mentor, Offer, Request, Thread
from mentoring.standing import standings_of
from mentoring.supervision import needing
from tests.people import both_stores

pytestmark = both_stores


def test_it_has_threads_that_run_somebody_who_waits_an_offer_and_papers_that_ended() -> None:
    call_command("demo", stdout=StringIO())
    mentors = list(Mentor.objects.select_related("account"))
    standings = standings_of(mentors)
    assert Thread.objects.running().count() == 4
    assert Request.objects.filter(state=Request.State.WAITING).count() == 1
    assert Offer.objects.filter(state=Offer.State.OPEN).count() == 1
    assert sorted(standing.is_valid for standing in standings.values()) == [False, False, True, True, True]
    assert len(needing(mentors, standings)) == 1
    assert not mail.outbox
    assert Account.objects.by_email("mentor@demo.example") is not None
