"""Telling a moderator without JavaScript: the form, the same door behind it, and that nobody in the room learns of it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from moderation import intake, sealed
from moderation.models import Case, Category, Flag
from rooms import joining, steward
from rooms.access import Seat
from rooms.models import Membership, Mute, Room
from tests.moderation.matters import said
from tests.people import both_stores, open_room, seated, signed_in

pytestmark = both_stores


@pytest.fixture
def message(heron: Seat) -> str:
    return said(heron, "You are all so very weak.")


@pytest.fixture
def flagger(another_client: Account, river: Seat) -> Client:
    return signed_in(another_client)


def path(seat: Seat, **about: str) -> str:
    return f"/rooms/{seat.room_id}/flag/?" + "&".join(f"{name}={value}" for name, value in about.items())


def test_a_message_is_flagged_with_a_reason_and_a_few_words(flagger: Client, heron: Seat, message: str) -> None:
    page = flagger.get(path(heron, message=message)).content.decode()
    assert "About a message of Quiet Heron" in page
    assert "You are all so very weak." in page
    response = flagger.post(path(heron, message=message), {"category": "harassment", "words": "This hurt me."})
    assert response.status_code == 200
    assert "A moderator will look" in response.content.decode()
    [flag] = Flag.objects.all()
    assert (flag.message_id, flag.category, flag.case.account_id) == (message, Category.HARASSMENT, heron.account_id)
    words = sealed.open_text(flag.words, case_id=flag.case_id, purpose="flag.words", place=flag.pk)
    assert words == "This hurt me."


def test_a_member_is_flagged_as_such(flagger: Client, heron: Seat) -> None:
    assert "About Quiet Heron." in flagger.get(path(heron, member=heron.face.id)).content.decode()
    flagger.post(path(heron, member=heron.face.id), {"category": "other"})
    [flag] = Flag.objects.all()
    assert (flag.message_id, flag.words, flag.case.account_id) == ("", None, heron.account_id)


def test_a_mentor_is_flagged_for_how_they_behave(flagger: Client, juniper: Seat) -> None:
    flagger.post(path(juniper, member=juniper.face.id), {"category": "other"})
    assert Flag.objects.get().category == Category.CONDUCT


def test_a_reason_is_needed_and_what_was_typed_stays(flagger: Client, heron: Seat, message: str) -> None:
    response = flagger.post(path(heron, message=message), {"words": "It is about <me>."})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Please choose what it is about." in page
    assert "It is about &lt;me&gt;.</textarea>" in page
    assert not Flag.objects.exists()


@pytest.mark.parametrize("category", ["appeal", "after_hours", "nonsense", "suicide; drop"])
def test_only_the_reasons_that_are_offered_are_taken(flagger: Client, heron: Seat, message: str, category: str) -> None:
    assert flagger.post(path(heron, message=message), {"category": category}).status_code == 422
    assert not Flag.objects.exists()


def test_every_reason_of_the_door_is_offered_in_plain_words(flagger: Client, heron: Seat, message: str) -> None:
    page = flagger.get(path(heron, message=message)).content.decode()
    offered = re.findall(r'name="category" value="(\w+)"', page)
    assert sorted(offered) == sorted(category for category, _ in intake.BY_PERSON)


def test_too_many_flags_in_a_minute_are_told_to_wait_with_what_was_typed(flagger: Client, heron: Seat) -> None:
    for number in range(intake.FLAGS_A_MINUTE):
        flagger.post(path(heron, message=said(heron, f"weak {number}")), {"category": "harassment"})
    last = flagger.post(path(heron, message=said(heron, "weak again")), {"category": "harassment", "words": "Again."})
    assert last.status_code == 422
    assert "Again.</textarea>" in last.content.decode()


def test_flagging_and_muting_are_two_things(flagger: Client, heron: Seat, river: Seat, message: str) -> None:
    done = flagger.post(path(heron, message=message), {"category": "harassment"}).content.decode()
    assert "Mute Quiet Heron for me" in done
    assert not Mute.objects.exists()
    flagger.post(path(heron, message=message), {"act": "mute"})
    assert Mute.objects.get().muted_id == heron.member_id
    again = flagger.post(path(heron, message=message), {"category": "harassment"}).content.decode()
    assert "Mute Quiet Heron for me" not in again


def test_muting_alone_flags_nothing(flagger: Client, heron: Seat, message: str) -> None:
    flagger.post(path(heron, message=message), {"act": "mute"})
    assert not Case.objects.exists()


def test_ones_own_message_cannot_be_flagged_and_shows_no_link(
    a_client: Account, heron: Seat, river: Seat, message: str
) -> None:
    own = signed_in(a_client)
    assert own.get(path(heron, message=message)).status_code == 404
    assert own.post(path(heron, member=heron.face.id), {"category": "other"}).status_code == 404
    theirs = said(river, "I am not.")
    page = own.get(f"/rooms/{heron.room_id}/").content.decode()
    assert f"flag/?message={theirs}" in page
    assert f"flag/?message={message}" not in page
    assert f"flag/?member={heron.face.id}" not in page


def test_the_flagged_person_and_the_room_see_nothing_of_it(
    flagger: Client, a_client: Account, mentor: Account, heron: Seat, juniper: Seat, message: str
) -> None:
    room = f"/rooms/{heron.room_id}/"
    before = [_without_tokens(signed_in(who).get(room).content.decode()) for who in (a_client, mentor)]
    flagger.post(path(heron, message=message), {"category": "harassment", "words": "This hurt me."})
    after = [_without_tokens(signed_in(who).get(room).content.decode()) for who in (a_client, mentor)]
    assert after == before


def _without_tokens(page: str) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|key)" value=")[^"]+', r"\1", page)


class TestWhoMayNot:
    def test_an_outsider_finds_nothing(self, outsider: Account, heron: Seat, message: str) -> None:
        stranger = signed_in(outsider)
        for about in ({"message": message}, {"member": heron.face.id}):
            assert stranger.get(path(heron, **about)).status_code == 404
            assert stranger.post(path(heron, **about), {"category": "other"}).status_code == 404
        assert not Flag.objects.exists()

    def test_who_is_signed_out_signs_in_first(self, client: Client, heron: Seat, message: str) -> None:
        assert client.get(path(heron, message=message)).headers["Location"].startswith("/account/login/")

    def test_a_message_of_another_room_is_not_found_here(self, flagger: Client, heron: Seat, a_client: Account) -> None:
        elsewhere = seated(a_client, open_room("Depression group"), "Slow Meadow")
        assert flagger.get(path(heron, message=said(elsewhere, "Weak."))).status_code == 404
        assert flagger.get(path(heron, member=elsewhere.face.id)).status_code == 404

    @pytest.mark.parametrize("about", [{}, {"message": "x"}, {"member": "m_x"}, {"message": "0" * 32}])
    def test_nothing_is_flagged_that_is_not_there(self, flagger: Client, heron: Seat, about: dict[str, str]) -> None:
        assert flagger.get(path(heron, **about)).status_code == 404

    def test_a_new_agreement_is_read_first(
        self, flagger: Client, heron: Seat, message: str, room: Room, coordinator: Account
    ) -> None:
        joining.publish_agreement(room, "Kinder still.", actor=coordinator)
        assert flagger.get(path(heron, message=message)).headers["Location"] == f"/rooms/{room.pk}/join/"


class TestTheRoomsPageWithoutJavascript:
    def test_a_removed_message_says_who_took_it_out(self, flagger: Client, heron: Seat, message: str) -> None:
        steward.redact(heron.room_id, message)
        page = flagger.get(f"/rooms/{heron.room_id}/").content.decode()
        assert "A moderator took this message out." in page
        assert "so very weak" not in page

    def test_a_blurred_message_is_folded_until_it_is_asked_for(
        self, flagger: Client, heron: Seat, message: str
    ) -> None:
        steward.blur(heron.room_id, message)
        page = flagger.get(f"/rooms/{heron.room_id}/").content.decode()
        fold = re.search(r'<details class="message__fold" data-slot="fold"([^>]*)>(.*?)</details>', page, re.DOTALL)
        assert fold
        assert "hidden" not in fold[1]
        assert "open" not in fold[1]
        assert "A moderator folded this." in fold[2]
        assert "You are all so very weak." in fold[2]

    @pytest.mark.parametrize(
        ("change", "words", "is_shut"),
        [
            ({"slow_seconds": 30, "slow_until": "later"}, "One message every 30 seconds for now.", False),
            ({"locked_until": "later"}, "A moderator has closed this room until", True),
            ({"read_only": True}, "takes no messages at the moment", True),
            ({"opening": "attended", "outside": "read_only"}, "It opens when somebody of the team is there", True),
            ({"opening": "attended", "outside": "held"}, "You can write; a moderator looks at it first.", False),
        ],
    )
    def test_the_banner_says_what_the_room_allows(
        self, flagger: Client, heron: Seat, room: Room, change: dict[str, object], words: str, is_shut: bool
    ) -> None:
        later = timezone.now() + timedelta(hours=1)
        fields = {name: later if value == "later" else value for name, value in change.items()}
        Room.objects.filter(pk=room.pk).update(roster=room.roster + 10, **fields)
        page = flagger.get(f"/rooms/{heron.room_id}/").content.decode()
        assert words in page
        assert ('<fieldset class="composer__fields" disabled>' in page) == is_shut
        if is_shut:
            assert "Somebody to talk to now" in page

    def test_a_notice_stands_on_top(self, flagger: Client, heron: Seat, room: Room) -> None:
        steward.notice(room.pk, "Please <breathe> with me.", timezone.now() + timedelta(hours=1))
        page = flagger.get(f"/rooms/{heron.room_id}/").content.decode()
        assert "Please &lt;breathe&gt; with me." in page

    def test_who_is_muted_reads_until_when_and_where_to_ask(self, flagger: Client, heron: Seat, river: Seat) -> None:
        steward.mute(Membership.objects.get(pk=river.member_id), timezone.now() + timedelta(hours=1))
        page = flagger.get(f"/rooms/{heron.room_id}/").content.decode()
        assert "You cannot write in this room until" in page
        assert 'href="/cards/all/"' in page


def test_the_dialog_of_the_room_offers_what_the_page_offers(flagger: Client, heron: Seat) -> None:
    page = flagger.get(f"/rooms/{heron.room_id}/").content.decode()
    dialog = page[page.index('<dialog class="dialog flag"') :]
    offered = re.findall(r'name="category" value="(\w+)"', dialog)
    assert sorted(offered) == sorted(category for category, _ in intake.BY_PERSON)
    assert site.FLAG_RAISED == "moderation.intake.flag"
