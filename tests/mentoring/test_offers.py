"""A mentor is offered: every rule is asked again under the lock, the client decides, and nobody loses the place in line."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.mail import post_office
from accounts.models import Account, Role
from mentoring import apart, offers, shared
from mentoring.models import Apart, Certification, Mentor, Offer, Request, Respite, Thread
from mentoring.refusals import Refused
from rooms.access import seat_of, standing
from rooms.posting import post as say
from tests.mentoring.asked import asking, described, offered, offering
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import a_client, another_client, both_stores, coordinator, make, mentor, open_room, seated
from vault.models import TrailEntry

__all__ = ["a_client", "another_client", "coordinator", "mentor"]
pytestmark = both_stores


def refused(request: Request, mentor: Mentor, by: Account) -> Refused:
    with pytest.raises(Refused) as caught:
        offered(request, mentor, by)
    request.refresh_from_db()
    assert request.state == Request.State.WAITING
    assert not Offer.objects.filter(state=Offer.State.OPEN, request=request).exists()
    return caught.value


def accepted(client: Account, offer: Offer, **about: object) -> Thread:
    told = {"pseudonym": "Gray Wren", "shared_lines": {}, "shares_with_cover": False, **about}
    return offers.accept(client=client, offer_id=offer.pk, **told)  # type: ignore[arg-type]


def test_both_hear_of_a_confirmed_offer_and_the_letter_says_nothing(
    a_client: Account, coordinator: Account, django_capture_on_commit_callbacks: object
) -> None:
    request, mentor = asking(a_client, lived=["grief"]), offering()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        offer = offered(request, mentor, coordinator)
    post_office.submit(lambda: None).result()
    assert {each.to[0] for each in mail.outbox} == {a_client.email, mentor.account.email}
    assert not [
        each for each in mail.outbox if "mentor" in f"{each.subject}{each.body}".lower().replace("/mentor/", "")
    ]
    request.refresh_from_db()
    assert request.state == Request.State.OFFERED
    assert timedelta(days=6) < offer.expires_at - timezone.now() <= timedelta(days=7)
    assert TrailEntry.objects.latest("pk").act == "offer.confirm"


def test_an_expired_certificate_blocks_with_a_sentence_that_says_why(coordinator: Account) -> None:
    mentor = offering()
    Certification.objects.filter(mentor=mentor).update(expires=timezone.localdate() - timedelta(days=1))
    refusal = refused(asking(), mentor, coordinator)
    assert refusal.reason == "rule"
    assert refusal.text.startswith("The certification expired on")


def test_each_rule_is_asked_again_when_it_is_confirmed(a_client: Account, coordinator: Account) -> None:
    request = asking(a_client, languages=["es"], gender="woman", gender_must=True)
    fine: Any = {"languages": ["es"], "gender": "woman"}
    assert "no language in common" in refused(request, offering(languages=["en"], gender="woman"), coordinator).text
    assert "another gender" in refused(request, offering(languages=["es"]), coordinator).text
    assert "name for clients" in refused(request, _nameless(), coordinator).text
    not_taking = offering(**fine)
    Mentor.objects.filter(pk=not_taking.pk).update(is_taking=False)
    assert "takes no new clients" in refused(request, not_taking, coordinator).text
    Mentor.objects.filter(pk=not_taking.pk).update(is_taking=True, taking_again=timezone.localdate() + timedelta(1))
    assert "takes no new clients" in refused(request, not_taking, coordinator).text
    away = offering(**fine)
    today = timezone.localdate()
    Respite.objects.create(
        mentor=away, cover=not_taking, starts=today, ends=today + timedelta(3), state=Respite.State.RUNNING
    )
    assert "is away" in refused(request, away, coordinator).text
    known = offering(**fine)
    apart.keep_apart(client=a_client, mentor=known, why=Apart.Why.CONFLICT, by=coordinator)
    assert "kept apart" in refused(request, known, coordinator).text
    assert offered(request, offering(**fine), coordinator)


def _nameless() -> Mentor:
    mentor = offering(languages=["es"], gender="woman")
    Mentor.objects.filter(pk=mentor.pk).update(called=None)
    return mentor


def test_running_threads_and_open_offers_fill_the_places(coordinator: Account) -> None:
    mentor = offering(wanted=2)
    thread_between(make(Role.CLIENT), mentor)
    offered(asking(), mentor, coordinator)
    assert "no free place" in refused(asking(), mentor, coordinator).text


def test_what_a_mentor_wants_goes_no_further_than_what_the_coordinator_allows() -> None:
    mentor = offering(wanted=5)
    Mentor.objects.filter(pk=mentor.pk).update(capacity=3)
    mentor.refresh_from_db()
    assert mentor.places == 3
    described(mentor, wanted=1)
    mentor.refresh_from_db()
    assert mentor.places == 1


def test_a_mentor_of_a_small_group_is_left_out_unless_the_client_does_not_mind(
    a_client: Account, another_client: Account, coordinator: Account
) -> None:
    room, mentor = open_room(), offering()
    seated(a_client, room, "Quiet Heron")
    seated(another_client, room, "Steady River")
    seated(mentor.account, room, "Juniper")
    assert "fewer than 8 clients" in refused(asking(a_client), mentor, coordinator).text
    assert offered(asking(another_client, small_group_ok=True), mentor, coordinator)
    other = make(Role.CLIENT)
    seated(other, room, "Red Fox")
    for number in range(5):
        seated(make(Role.CLIENT), room, f"Sparrow {number}")
    assert offered(asking(other), mentor, coordinator), "eight clients are a crowd"


def test_the_client_accepts_and_both_talk(a_client: Account, coordinator: Account) -> None:
    mentor = offering(called="Juniper")
    offer = offered(asking(a_client, days=3), mentor, coordinator)
    thread = accepted(a_client, offer, shared_lines={"goals": "Sleep again.", "note": ""}, shares_with_cover=True)
    offer.refresh_from_db()
    assert (offer.state, offer.request.state, thread.offer) == ("accepted", "matched", offer)
    assert [(line.code, line.text) for line in shared.lines_of(thread)] == [("goals", "Sleep again.")]
    assert Thread.objects.get().shares_with_cover
    for account in (a_client, mentor.account):
        say(seat_of(standing(account.pk, thread.room_id)), body="Hello.")
    with pytest.raises(Refused):
        accepted(a_client, offer)


def test_nothing_of_the_request_reaches_the_mentor_by_itself(a_client: Account, coordinator: Account) -> None:
    request = asking(a_client, lived=["grief"], words={"note": "About my brother."})
    thread = accepted(a_client, offered(request, offering(), coordinator))
    assert shared.lines_of(thread) == []


def test_a_telephone_number_is_not_passed_on_and_the_offer_stays(a_client: Account, coordinator: Account) -> None:
    offer = offered(asking(a_client), offering(), coordinator)
    with pytest.raises(Refused) as caught:
        accepted(a_client, offer, shared_lines={"note": "Call me at 415 555 2671."})
    assert caught.value.reason == "contact"
    assert not Thread.objects.exists()
    assert offers.offer_for(a_client, offer.pk) == offer


def test_a_name_that_will_not_do_leaves_the_offer_as_it_was(a_client: Account, coordinator: Account) -> None:
    offer = offered(asking(a_client), offering(called="Juniper"), coordinator)
    with pytest.raises(ValidationError):
        accepted(a_client, offer, pseudonym="Jun1per")
    assert offers.offer_for(a_client, offer.pk).state == Offer.State.OPEN


def test_not_this_one_keeps_the_place_and_that_mentor_is_not_proposed_again_for_this_request(
    a_client: Account, coordinator: Account
) -> None:
    request, mentor = asking(a_client, days=30), offering()
    line_from = request.line_from
    offers.decline(client=a_client, offer_id=offered(request, mentor, coordinator).pk)
    request.refresh_from_db()
    assert (request.state, request.line_from) == (Request.State.WAITING, line_from)
    assert not Apart.objects.exists()
    assert "somebody else" in refused(request, mentor, coordinator).text


def test_never_again_is_kept_for_later_requests(a_client: Account, coordinator: Account) -> None:
    mentor = offering()
    offers.decline(client=a_client, offer_id=offered(asking(a_client), mentor, coordinator).pk, never=True)
    line = Apart.objects.get()
    assert (line.client, line.mentor, line.why) == (a_client, mentor, Apart.Why.BLOCKED)
    with pytest.raises(Refused):  # it is the client's own wish
        apart.lift(apart_id=line.pk, client=a_client, by=coordinator)


def test_another_clients_offer_is_not_there(a_client: Account, another_client: Account, coordinator: Account) -> None:
    offer = offered(asking(a_client), offering(), coordinator)
    for act in (
        lambda: offers.offer_for(another_client, offer.pk),
        lambda: accepted(another_client, offer),
        lambda: offers.decline(client=another_client, offer_id=offer.pk),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reason == "not_found"
    assert offers.offer_for(a_client, offer.pk) == offer


def test_who_is_no_coordinator_confirms_nothing(a_client: Account, mentor: Account) -> None:
    request, file = asking(a_client), certified(mentor)
    for role in (Role.CLIENT, Role.MENTOR, Role.MODERATOR, Role.CLINICIAN):
        with pytest.raises(Refused):
            offered(request, file, make(role))
    with pytest.raises(Refused):
        offered(request, file, mentor)


def test_an_offer_that_nobody_answers_lapses_and_the_client_waits_on_in_the_old_place(
    a_client: Account, coordinator: Account
) -> None:
    request, mentor = asking(a_client, days=12), offering()
    line_from = request.line_from
    offer = offered(request, mentor, coordinator)
    assert offers.lapse() == 0
    Offer.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused):
        accepted(a_client, offer)
    assert offers.lapse() == 1
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (offer.state, request.state, request.line_from) == ("lapsed", "waiting", line_from)
    assert TrailEntry.objects.latest("pk").actor == "clock"
    assert offered(request, mentor, coordinator), "the same mentor may be offered once more"


def test_a_certificate_that_ends_before_the_answer_gives_the_client_the_place_back(
    a_client: Account, coordinator: Account
) -> None:
    request, mentor = asking(a_client), offering()
    offer = offered(request, mentor, coordinator)
    Certification.objects.filter(mentor=mentor).update(expires=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused) as caught:
        accepted(a_client, offer)
    assert caught.value.reason == "offer_gone"
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.state, offer.state) == ("waiting", "withdrawn")
    assert not Thread.objects.exists()


def test_a_mentor_who_takes_nobody_new_still_has_the_place_that_was_offered(
    a_client: Account, coordinator: Account
) -> None:
    mentor = offering(wanted=1)
    offer = offered(asking(a_client), mentor, coordinator)
    Mentor.objects.filter(pk=mentor.pk).update(is_taking=False)
    assert accepted(a_client, offer)


def test_a_coordinator_takes_an_offer_back(a_client: Account, coordinator: Account) -> None:
    request = asking(a_client)
    offer = offered(request, offering(), coordinator)
    with pytest.raises(Refused):
        offers.withdraw(offer_id=offer.pk, by=a_client)
    offers.withdraw(offer_id=offer.pk, by=coordinator)
    request.refresh_from_db()
    assert request.state == Request.State.WAITING


def test_keeping_two_apart_takes_their_offer_back(a_client: Account, coordinator: Account) -> None:
    request, mentor = asking(a_client), offering()
    offer = offered(request, mentor, coordinator)
    line = apart.keep_apart(client=a_client, mentor=mentor, why=Apart.Why.CONFLICT, by=coordinator)
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.state, offer.state) == ("waiting", "withdrawn")
    with pytest.raises(Refused):
        apart.keep_apart(client=a_client, mentor=mentor, why=Apart.Why.CONFLICT, by=make(Role.MENTOR))
    apart.lift(apart_id=line.pk, client=a_client, by=coordinator)
    assert offered(request, mentor, coordinator)


@pytest.mark.parametrize("why", Apart.Why.values)
def test_what_a_coordinator_wrote_can_be_lifted_and_what_one_of_the_two_wished_cannot(
    why: str, a_client: Account, coordinator: Account
) -> None:
    mentor = offering()

    def keep(by: Account) -> Apart:
        return apart.keep_apart(client=a_client, mentor=mentor, why=Apart.Why(why), by=by)

    apart.lift(apart_id=keep(coordinator).pk, client=a_client, by=coordinator)
    assert not Apart.objects.exists()
    keep(coordinator)
    for one in (a_client, mentor.account):
        line = keep(one)
        keep(coordinator)
        with pytest.raises(Refused, match="not_found"):
            apart.lift(apart_id=line.pk, client=a_client, by=coordinator)


def test_the_trail_comes_last_where_two_are_kept_apart(a_client: Account, coordinator: Account) -> None:
    mentor = offering()
    offered(asking(a_client), mentor, coordinator)
    with CaptureQueriesContext(connection) as asked:
        apart.keep_apart(client=a_client, mentor=mentor, why=Apart.Why.CONFLICT, by=coordinator)
    said = [each["sql"] for each in asked]
    first = next(at for at, each in enumerate(said) if "vault_trail" in each)
    assert any('UPDATE "mentoring_offer"' in each for each in said[:first])
    assert not [each for each in said[first:] if '"mentoring_' in each]


def test_a_mentor_without_a_file_of_papers_is_no_match(coordinator: Account) -> None:
    assert "no certification" in refused(asking(), new_mentor(), coordinator).text
