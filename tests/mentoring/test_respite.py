"""Time away: who may stand in, what it does to threads when it begins and when it ends, and all that can go wrong between."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import people
from accounts.models import Account, Role
from mentoring import appointments, board, covering, pool, post, respite, shared
from mentoring.cover import able_ones, candidates
from mentoring.models import Apart, Appointment, Mentor, Respite, Thread
from mentoring.refusals import Refused
from mentoring.thread_page import page_of
from mentoring.threads import open_thread
from rooms import posting
from rooms.access import seat_of, standing
from rooms.faces import pseudonym_of
from rooms.models import Agreement, Membership, Move
from rooms.refusals import Refused as RoomRefused
from tests.mentoring.cast import certified, new_mentor, thread_between
from tests.people import a_client, another_client, both_stores, coordinator, make, mentor, open_room, seated, signed_in
from vault.models import TrailEntry

__all__ = ["a_client", "another_client", "coordinator", "mentor"]
pytestmark = both_stores


@pytest.fixture
def juniper(mentor: Account) -> Mentor:
    return certified(mentor, called="Juniper")


@pytest.fixture
def wren() -> Mentor:
    return certified(called="Wren")


@pytest.fixture
def thread(a_client: Account, juniper: Mentor) -> Thread:
    return thread_between(a_client, juniper, pseudonym="Gray Heron")


def day(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def away(mentor: Mentor, cover: Mentor, *, starts: int = 0, ends: int = 7, by: Account | None = None) -> Respite:
    return respite.plan(
        mentor=mentor, cover_id=cover.pk, starts=day(starts), ends=day(ends), by=by or mentor.account, knowingly=True
    )


def cover_of(thread: Thread) -> Thread:
    return thread.cover_threads.running().get()


def say(account: Account, room_id: str) -> None:
    posting.post(seat_of(standing(account.pk, room_id)), body="Hello.")


def names_in(thread: Thread) -> set[str]:
    return {pseudonym_of(each) for each in Membership.objects.filter(room=thread.room_id)}


class TestPlanning:
    def test_days_in_the_wrong_order_in_the_past_or_for_too_long_are_refused(
        self, juniper: Mentor, wren: Mentor
    ) -> None:
        for starts, ends, reason in ((3, 3, "away_order"), (-1, 3, "past"), (1, 200, "away_long"), (400, 405, "past")):
            with pytest.raises(Refused) as refusal:
                away(juniper, wren, starts=starts, ends=ends)
            assert refusal.value.reason == reason
        assert not Respite.objects.exists()
        away(juniper, wren, starts=1, ends=181)

    def test_two_times_away_do_not_overlap_and_may_follow_each_other(self, juniper: Mentor, wren: Mentor) -> None:
        away(juniper, wren, starts=3, ends=6)
        with pytest.raises(Refused, match="away_overlaps"):
            away(juniper, wren, starts=5, ends=9)
        away(juniper, wren, starts=6, ends=9)

    def test_somebody_who_stands_in_on_these_days_cannot_go_away_themselves(
        self, juniper: Mentor, wren: Mentor
    ) -> None:
        away(juniper, wren, starts=3, ends=6)
        with pytest.raises(Refused, match="stands_in"):
            away(wren, certified(), starts=5, ends=9)

    def test_only_mentors_with_papers_and_a_name_who_are_there_are_offered(self, juniper: Mentor, wren: Mentor) -> None:
        new_mentor(called="Without Papers")
        nameless = certified()
        Mentor.objects.filter(pk=nameless.pk).update(called=None)
        expired = certified(until=day(2), called="Expires First")
        gone = certified(called="Suspended")
        people.suspend(gone.account, by=make(Role.COORDINATOR), why="a test")
        elsewhere = certified(called="On Holiday")
        away(elsewhere, wren, starts=20, ends=30)
        offered = {each.called for each in candidates(juniper, day(4), day(22))}
        assert offered == {"Wren"}
        assert expired.pk in {each.mentor.pk for each in candidates(juniper, day(1), day(2))}
        for cover in (expired, gone, elsewhere, nameless, juniper):
            with pytest.raises(Refused, match="cover_cannot"):
                away(juniper, cover, starts=4, ends=22)

    def test_somebody_kept_apart_from_one_of_the_clients_is_not_offered(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        Apart.objects.create(client=thread.client, mentor=wren, why="conflict")
        assert candidates(juniper, day(1), day(3)) == []
        with pytest.raises(Refused, match="cover_cannot"):
            away(juniper, wren)

    def test_somebody_who_meets_a_client_in_a_small_group_is_asked_last(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        linnet = certified(called="Linnet", capacity=2)
        assert [each.called for each in candidates(juniper, day(1), day(3))] == ["Wren", "Linnet"]
        group = open_room()
        seated(thread.client, group, "Steady River")
        seated(wren.account, group, "Wren")
        assert [each.mentor for each in candidates(juniper, day(1), day(3))] == [linnet, wren]

    def test_more_than_the_cap_only_knowingly(self, thread: Thread, juniper: Mentor, wren: Mentor) -> None:
        Mentor.objects.filter(pk=wren.pk).update(capacity=0)
        offered = candidates(juniper, day(1), day(3))[0]
        assert (offered.carries, offered.would_carry, offered.is_over) == (0, 1, True)
        about = {"mentor": juniper, "cover_id": wren.pk, "starts": day(0), "ends": day(3), "by": juniper.account}
        with pytest.raises(Refused) as refusal:
            respite.plan(**about)
        assert "Wren would then be there for 1 clients, and their cap is 0." in refusal.value.text
        respite.plan(**about, knowingly=True)
        assert cover_of(thread).mentor == wren

    def test_clients_of_another_time_away_that_is_planned_count_for_the_cap(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        linnet = certified(called="Linnet")
        for number in range(2):
            thread_between(make(Role.CLIENT), linnet, pseudonym=f"Robin {number}")
        planned = away(linnet, wren, starts=3, ends=6)

        def would(starts: int, ends: int) -> int:
            found = {each.mentor: each.would_carry for each in candidates(juniper, day(starts), day(ends))}
            return found[wren]

        assert (would(1, 3), would(1, 4), would(6, 9)) == (1, 3, 1)
        about = {each.mentor: each.would_carry for each in candidates(linnet, day(3), day(6), beside=planned)}
        assert about[wren] == 2
        respite.begin(respite=planned, by=linnet.account)
        assert would(3, 4) == 3

    def test_whoever_stands_in_has_fewer_places_to_give(
        self, thread: Thread, juniper: Mentor, wren: Mentor, a_client: Account
    ) -> None:
        free = pool.candidate(wren).free
        running = away(juniper, wren)
        assert pool.candidate(wren).free == free - 1
        respite.call_off(respite=running, by=juniper.account)
        assert pool.candidate(wren).free == free

    def test_without_anybody_it_is_planned_all_the_same_and_somebody_is_named_later(
        self,
        thread: Thread,
        juniper: Mentor,
        coordinator: Account,
        django_capture_on_commit_callbacks: object,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            planned = respite.plan(mentor=juniper, cover_id=None, starts=day(1), ends=day(4), by=juniper.account)
        assert (planned.cover, planned.lack) == (None, Respite.Lack.NOBODY)
        assert Move.objects.filter(topic=f"person:{coordinator.pk}").exists()
        assert board.line_of(coordinator, juniper).act == board.Act.COVER
        Respite.objects.update(starts=day(0))
        assert respite.turn() == 1
        assert respite.turn() == 0
        assert respite.away_of(thread) == respite.Away(day(4), "Juniper", is_alone=True)
        respite.move_end(respite=planned, ends=day(5), by=juniper.account)
        respite.name_cover(respite=planned, cover_id=certified(called="Linnet").pk, by=coordinator)
        assert names_in(cover_of(thread)) == {"Gray Heron", "Linnet"}
        respite.call_off(respite=planned, by=juniper.account)
        again = respite.plan(mentor=juniper, cover_id=None, starts=day(1), ends=day(4), by=coordinator)
        respite.call_off(respite=again, by=coordinator)
        again.refresh_from_db()
        assert (again.state, again.cover) == (Respite.State.CALLED_OFF, None)

    def test_candidates_cost_the_same_for_two_and_for_twelve(
        self, juniper: Mentor, wren: Mentor, django_assert_num_queries: object
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for _ in range(2):
            candidates(juniper, day(1), day(3))
            with CaptureQueriesContext(connection) as asked:
                candidates(juniper, day(1), day(3))
            counts.append(len(asked))
            for _ in range(10):
                certified()
        assert counts[0] == counts[1]

    def test_the_cover_mentor_may_decline_before_it_starts_and_the_coordinator_names_another(
        self, thread: Thread, juniper: Mentor, wren: Mentor, coordinator: Account
    ) -> None:
        planned = away(juniper, wren, starts=2)
        with pytest.raises(Refused, match="settled"):
            respite.decline(respite=planned, by=juniper.account)
        respite.decline(respite=planned, by=wren.account)
        planned.refresh_from_db()
        assert planned.lack == Respite.Lack.DECLINED
        assert not respite.asked_to_cover(wren.account).exists()
        respite.name_cover(respite=planned, cover_id=certified(called="Linnet").pk, by=coordinator)
        planned.refresh_from_db()
        assert planned.lack == ""
        assert list(TrailEntry.objects.filter(act__startswith="respite.").values_list("act", flat=True)) == [
            "respite.plan",
            "respite.declined",
            "respite.cover",
        ]

    def test_who_is_told(
        self,
        juniper: Mentor,
        wren: Mentor,
        coordinator: Account,
        mailoutbox: list[object],
        django_capture_on_commit_callbacks: object,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            planned = away(juniper, wren, starts=2)
        assert set(Move.objects.values_list("topic", flat=True)) == {f"person:{wren.pk}"}
        Move.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            respite.decline(respite=planned, by=wren.account)
        told = set(Move.objects.values_list("topic", flat=True))
        assert {f"person:{juniper.pk}", f"person:{coordinator.pk}"} <= told


class TestBeginning:
    def test_the_client_has_a_room_with_the_cover_mentor_under_the_same_name(
        self, thread: Thread, juniper: Mentor, wren: Mentor, a_client: Account
    ) -> None:
        away(juniper, wren)
        cover = cover_of(thread)
        assert names_in(cover) == {"Gray Heron", "Wren"}
        say(a_client, cover.room_id)
        say(wren.account, cover.room_id)
        thread.room.refresh_from_db()
        assert thread.room.read_only
        with pytest.raises(RoomRefused, match="read_only"):
            say(a_client, thread.room_id)
        found = respite.away_of(thread)
        assert found == respite.Away(day(7), "Juniper", "Wren", cover.room_id)
        back = respite.stands_in_of(cover)
        assert back == respite.Away(day(7), "Juniper", "Wren", thread.room_id)

    def test_the_cover_mentor_never_stands_in_the_first_room(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        away(juniper, wren)
        assert not Membership.objects.filter(room=thread.room_id, account=wren.account).exists()
        with pytest.raises(RoomRefused, match="not_found"):
            standing(wren.pk, thread.room_id)

    def test_what_the_client_shares_is_read_by_the_cover_only_for_as_long_as_they_want_it(
        self, a_client: Account, juniper: Mentor, wren: Mentor
    ) -> None:
        thread = open_thread(
            client=a_client, mentor=juniper, pseudonym="Gray Heron", shared={"goals": "Sleep"}, by=a_client
        )
        away(juniper, wren)
        cover = cover_of(thread)

        def read() -> list[str]:
            earlier = page_of(Thread.objects.get(pk=cover.pk), wren.account).earlier
            return [each.text for each in earlier.shared] if earlier else []

        assert read() == []
        shared.share_with_cover(thread=thread, shares=True, by=a_client)
        assert read() == ["Sleep"]
        shared.change(thread=thread, line="note", text="I like rain.", by=a_client)
        shared.take_back(thread=thread, line="goals", by=a_client)
        assert read() == ["I like rain."]
        shared.share_with_cover(thread=thread, shares=False, by=a_client)
        assert read() == []
        assert shared.lines_of(cover) == []  # no copy

    def test_the_agreement_of_the_cover_is_the_one_that_the_client_said_yes_to_whatever_language_the_clock_speaks(
        self, a_client: Account, juniper: Mentor, wren: Mentor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("mentoring.threads.agreement_text", lambda: "Este es un lugar privado.")
            thread = thread_between(a_client, juniper, pseudonym="Gray Heron")
        planned = away(juniper, wren, starts=1)
        Respite.objects.filter(pk=planned.pk).update(starts=day(0))
        respite.turn()
        texts = [Agreement.objects.get(room=each.room_id).text for each in (thread, cover_of(thread))]
        assert texts == ["Este es un lugar privado.", "Este es un lugar privado."]

    @pytest.mark.parametrize("who", ["mentor", "coordinator", "clock"])
    def test_the_trail_names_who_did_it(
        self, thread: Thread, juniper: Mentor, wren: Mentor, coordinator: Account, who: str
    ) -> None:
        planned = away(juniper, wren, starts=1)
        last = TrailEntry.objects.latest("position").position
        if who == "clock":
            Respite.objects.update(starts=day(0))
            respite.turn()
        else:
            respite.begin(respite=planned, by=juniper.account if who == "mentor" else coordinator)
        actor = {"mentor": f"account:{juniper.pk}", "coordinator": f"account:{coordinator.pk}", "clock": "clock"}[who]
        entries = TrailEntry.objects.filter(position__gt=last)
        assert set(entries.values_list("actor", flat=True)) == {actor}
        assert set(entries.values_list("act", flat=True)) == {
            "respite.begin",
            "room.agreement",
            "room.admit",
            "thread.open",
        }

    def test_begun_now_into_another_time_away_is_refused(self, juniper: Mentor, wren: Mentor) -> None:
        away(juniper, wren, starts=2, ends=4)
        later = away(juniper, wren, starts=6, ends=9)
        with pytest.raises(Refused, match="away_overlaps"):
            respite.begin(respite=later, by=juniper.account)
        later.refresh_from_db()
        assert later.state == Respite.State.PLANNED

    @pytest.mark.parametrize("why", ["papers", "away"])
    def test_begun_now_it_is_asked_whether_the_cover_is_there_now(
        self, thread: Thread, juniper: Mentor, wren: Mentor, coordinator: Account, why: str
    ) -> None:
        planned = away(juniper, wren, starts=4, ends=7)
        if why == "papers":
            wren.certifications.update(expires=day(-1))
        else:
            away(wren, certified(), starts=1, ends=3)
        begun = respite.begin(respite=planned, by=juniper.account)
        assert (begun.state, begun.lack) == (Respite.State.RUNNING, Respite.Lack.UNABLE)
        assert not thread.cover_threads.exists()
        found = respite.away_of(thread)
        assert found is not None
        assert found.is_alone

    def test_what_fails_for_one_stops_nobody_else(
        self,
        thread: Thread,
        another_client: Account,
        juniper: Mentor,
        wren: Mentor,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        first, second = certified(called="Linnet"), certified(called="Sorrel")
        theirs = [
            thread_between(make(Role.CLIENT), each, pseudonym=f"Robin {number}")
            for number, each in enumerate((first, second))
        ]
        also = thread_between(another_client, juniper, pseudonym="Brown Robin")
        for each in (first, juniper, second):
            away(each, wren, starts=1)
        Respite.objects.update(starts=day(0))
        opened, begun = open_thread, respite.begin

        def fails_for_one_thread(**about: object) -> Thread:
            if about["covers"] == thread:
                raise RuntimeError("a secret of Gray Heron")
            return opened(**about)  # type: ignore[arg-type]

        def fails_for_one_mentor(*, respite: Respite, by: Account | None) -> Respite:
            if respite.mentor == first:
                raise Refused("away_overlaps")
            return begun(respite=respite, by=by)

        with monkeypatch.context() as patch:
            patch.setattr(covering, "open_thread", fails_for_one_thread)
            patch.setattr(respite, "begin", fails_for_one_mentor)
            respite.turn()
        assert not theirs[0].cover_threads.exists()
        assert cover_of(theirs[1])
        assert cover_of(also)
        assert not thread.cover_threads.exists()
        assert "RuntimeError" in caplog.text
        assert "secret" not in caplog.text
        respite.turn()
        assert cover_of(thread)
        assert cover_of(theirs[0])

    def test_appointments_on_these_days_are_called_off_and_both_are_told(
        self, thread: Thread, juniper: Mentor, wren: Mentor, a_client: Account
    ) -> None:
        def at(days: int) -> Appointment:
            made = appointments.propose(
                thread=thread,
                by=a_client,
                starts=timezone.now() + timedelta(days=days),
                minutes=30,
                way=Appointment.Way.TEXT,
            )
            return appointments.agree(thread=thread, appointment_id=made.pk, by=juniper.account)

        def states() -> list[str]:
            return [Appointment.objects.get(pk=each.pk).state for each in (within, later, beyond)]

        within, later, beyond = at(2), at(8), at(30)
        running = away(juniper, wren)
        assert states() == ["cancelled", "agreed", "agreed"]
        assert TrailEntry.objects.filter(act="thread.appointments_off").count() == 1
        respite.move_end(respite=running, ends=day(10), by=juniper.account)
        assert states() == ["cancelled", "cancelled", "agreed"]

    def test_no_letter_reaches_who_is_away_but_of_a_crisis_and_what_was_kept_comes_when_they_are_back(
        self, juniper: Mentor, wren: Mentor, mailoutbox: list[object], django_capture_on_commit_callbacks: object
    ) -> None:
        from accounts.mail import post_office

        def letters() -> int:
            post_office.submit(lambda: None).result()
            return sum(each.to == [juniper.account.email] for each in mailoutbox)  # type: ignore[attr-defined]

        running = away(juniper, wren)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            post.tell(juniper.account)
        assert post.send_kept() == 0
        assert letters() == 0
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            post.tell(juniper.account, at_once=True)
        assert letters() == 1
        respite.call_off(respite=running, by=juniper.account)
        assert post.send_kept() == 1
        assert letters() == 2

    def test_the_client_is_told_once(
        self,
        thread: Thread,
        juniper: Mentor,
        wren: Mentor,
        a_client: Account,
        mailoutbox: list[object],
        django_capture_on_commit_callbacks: object,
    ) -> None:
        from accounts.mail import post_office

        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            away(juniper, wren)
        post_office.submit(lambda: None).result()
        assert Move.objects.filter(topic=f"person:{a_client.pk}").count() == 1
        letters = [each for each in mailoutbox if each.to == [a_client.email]]  # type: ignore[attr-defined]
        assert len(letters) == 1
        assert "Juniper" not in letters[0].body + letters[0].subject  # type: ignore[attr-defined]
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            respite.turn()
        assert Move.objects.filter(topic=f"person:{a_client.pk}").count() == 1

    def test_the_clock_begins_and_ends_it_and_does_nothing_twice(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        planned = away(juniper, wren, starts=1, ends=2)
        assert respite.turn() == 0
        assert not thread.cover_threads.exists()
        Respite.objects.update(starts=day(0))
        assert respite.turn() == 1
        assert respite.turn() == 0
        assert thread.cover_threads.count() == 1
        Respite.objects.update(starts=day(-1), ends=day(0))
        assert respite.turn() == 1
        assert respite.turn() == 0
        planned.refresh_from_db()
        assert planned.state == Respite.State.OVER

    def test_what_was_interrupted_is_done_by_the_next_turn_of_the_clock(
        self, thread: Thread, juniper: Mentor, wren: Mentor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(covering, "settle", lambda mentor, *, by: None)
            away(juniper, wren)
        assert not thread.cover_threads.exists()
        respite.turn()
        assert cover_of(thread).mentor == wren

    def test_a_client_who_talks_with_the_cover_mentor_already_gets_no_second_room(
        self, thread: Thread, juniper: Mentor, wren: Mentor, a_client: Account
    ) -> None:
        known = thread_between(a_client, wren, pseudonym="Another Name")
        away(juniper, wren)
        assert not thread.cover_threads.exists()
        found = respite.away_of(thread)
        assert found is not None
        assert found.room_id == known.room_id
        Respite.objects.update(ends=day(0), starts=day(-2))
        respite.turn()
        known.refresh_from_db()
        assert known.closed_at is None

    def test_a_client_kept_apart_since_it_was_planned_is_told_that_nobody_stands_in(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        also = thread_between(make(Role.CLIENT), juniper, pseudonym="Brown Robin")
        planned = away(juniper, wren, starts=1)
        Apart.objects.create(client=thread.client, mentor=wren, why="blocked")
        begun = respite.begin(respite=planned, by=juniper.account)
        assert not begun.lack
        assert cover_of(also)
        assert not thread.cover_threads.exists()
        assert respite.away_of(thread) == respite.Away(day(7), "Juniper", is_alone=True)

    def test_who_has_nobody_meanwhile_is_on_the_board_and_coordinators_are_told(
        self,
        thread: Thread,
        another_client: Account,
        juniper: Mentor,
        wren: Mentor,
        coordinator: Account,
        django_capture_on_commit_callbacks: object,
    ) -> None:
        also = thread_between(another_client, juniper, pseudonym="Brown Robin")
        planned = away(juniper, wren, starts=1)
        Apart.objects.create(client=thread.client, mentor=wren, why="blocked")
        Move.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            respite.begin(respite=planned, by=juniper.account)
        assert cover_of(also)  # whoever is kept apart takes nobody else's cover away
        assert Move.objects.filter(topic=f"person:{coordinator.pk}").exists()
        line = board.line_of(coordinator, juniper)
        assert (line.act, line.uncovered) == (board.Act.COVER, planned)
        assert "1 client has nobody meanwhile" in line.reasons
        Move.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            respite.turn()
        assert not Move.objects.filter(topic=f"person:{coordinator.pk}").exists()
        respite.name_cover(respite=planned, cover_id=certified(called="Linnet").pk, by=coordinator)
        assert cover_of(thread)
        assert board.line_of(coordinator, juniper).uncovered is None

    @pytest.mark.parametrize("by_hand", [True, False])
    def test_a_cover_kept_apart_from_every_client_stands_in_for_nobody_and_another_must_be_named(
        self, thread: Thread, juniper: Mentor, wren: Mentor, by_hand: bool
    ) -> None:
        planned = away(juniper, wren, starts=1)
        Apart.objects.create(client=thread.client, mentor=wren, why="conflict")
        if by_hand:
            respite.begin(respite=planned, by=juniper.account)
        else:
            Respite.objects.update(starts=day(0))
            respite.turn()
        planned.refresh_from_db()
        assert (planned.state, planned.lack) == (Respite.State.RUNNING, Respite.Lack.UNABLE)
        assert not Thread.objects.filter(covers=thread).exists()

    def test_planning_and_beginning_ask_the_same_of_a_cover_mentor(
        self, thread: Thread, another_client: Account, juniper: Mentor, wren: Mentor
    ) -> None:
        thread_between(another_client, juniper, pseudonym="Brown Robin")
        planned = away(juniper, wren, starts=1)
        [able] = [each for each in able_ones(juniper, day(0), day(7), beside=planned) if each.mentor == wren]
        assert (able.apart, able.is_for_somebody) == (frozenset(), True)
        Apart.objects.create(client=thread.client, mentor=wren, why="conflict")
        [able] = [each for each in able_ones(juniper, day(0), day(7), beside=planned) if each.mentor == wren]
        assert (able.apart, able.is_for_somebody) == (frozenset([thread.client_id]), True)
        assert candidates(juniper, day(0), day(7), beside=planned) == []
        wren.certifications.update(expires=day(-1))
        assert wren not in {each.mentor for each in able_ones(juniper, day(0), day(7), beside=planned)}

    def test_mentor_and_coordinator_read_who_has_nobody(
        self, thread: Thread, another_client: Account, juniper: Mentor, wren: Mentor, coordinator: Account
    ) -> None:
        thread_between(another_client, juniper, pseudonym="Brown Robin")
        planned = away(juniper, wren, starts=1)
        Apart.objects.create(client=thread.client, mentor=wren, why="conflict")
        own, office = signed_in(juniper.account), signed_in(coordinator)
        said = own.post(f"/mentoring/respite/{planned.pk}/begin/", follow=True).content.decode()
        assert "It has begun. Wren is there for the clients now. 1 client has nobody yet. Below you read who." in said
        left = said.split("Nobody is there yet for:")[1].split("</ul>")[0]
        assert "Gray Heron" in left
        assert "Brown Robin" not in said
        assert "Nobody is there yet for 1 of your clients." in own.get("/mentoring/").content.decode()

        page = office.get(f"/mentoring/load/{juniper.pk}/").content.decode()
        assert "1 client has nobody meanwhile" in page
        assert thread.client.name not in page
        for path in (f"/mentoring/load/{juniper.pk}/", f"/mentoring/load/{juniper.pk}/respite/"):
            assert 'href="/mentoring/threads/">See who it is' in office.get(path).content.decode()
            assert "Gray Heron" not in office.get(path).content.decode(), "what a client is called there is theirs"
        threads = office.get("/mentoring/threads/").content.decode()
        alone = threads.split('id="alone-title"')[1].split("</section>")[0]
        assert thread.client.name in alone
        assert another_client.name not in alone
        assert f'href="/mentoring/respite/{planned.pk}/cover/"' in alone
        assert threads.count(">nobody stands in<") == 1

    def test_begun_today_as_it_is_planned_it_says_who_has_nobody_too(
        self, thread: Thread, juniper: Mentor, wren: Mentor, coordinator: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(**about: object) -> Thread:
            raise RuntimeError("a test")

        monkeypatch.setattr(covering, "open_thread", fails)
        office = signed_in(coordinator)
        form = {"starts": day(0).isoformat(), "ends": day(3).isoformat(), "cover": wren.pk}
        said = office.post(f"/mentoring/load/{juniper.pk}/respite/", form, follow=True).content.decode()
        assert "It has begun. Wren is there for the clients now. 1 client has nobody yet. Among the threads" in said

    def test_a_name_like_the_cover_mentors_is_told_apart(
        self, a_client: Account, juniper: Mentor, wren: Mentor
    ) -> None:
        thread = thread_between(a_client, juniper, pseudonym="Wren")
        away(juniper, wren)
        assert names_in(cover_of(thread)) == {"Wren", "Wren 2"}

    def test_a_client_who_comes_while_it_runs_is_covered_by_the_next_turn(
        self, thread: Thread, another_client: Account, juniper: Mentor, wren: Mentor
    ) -> None:
        away(juniper, wren)
        late = thread_between(another_client, juniper, pseudonym="Late Robin")
        respite.turn()
        assert cover_of(late).client == another_client


class TestEnding:
    def test_the_first_room_opens_again_and_the_covers_closes_and_stays_to_read(
        self, thread: Thread, juniper: Mentor, wren: Mentor, a_client: Account
    ) -> None:
        running = away(juniper, wren)
        cover = cover_of(thread)
        say(wren.account, cover.room_id)
        respite.call_off(respite=running, by=juniper.account)
        say(a_client, thread.room_id)
        say(juniper.account, thread.room_id)
        cover.refresh_from_db()
        assert cover.closed_by == Thread.Closed.COVER_OVER
        assert standing(a_client.pk, cover.room_id)
        with pytest.raises(RoomRefused, match="read_only"):
            say(wren.account, cover.room_id)
        assert respite.away_of(thread) is None
        assert respite.stands_in_of(cover) is None
        running.refresh_from_db()
        assert running.state == Respite.State.OVER

    def test_called_off_before_it_starts_nothing_happened(self, thread: Thread, juniper: Mentor, wren: Mentor) -> None:
        planned = away(juniper, wren, starts=2)
        respite.call_off(respite=planned, by=juniper.account)
        planned.refresh_from_db()
        assert planned.state == Respite.State.CALLED_OFF
        assert not thread.cover_threads.exists()
        with pytest.raises(Refused, match="settled"):
            respite.begin(respite=planned, by=juniper.account)

    def test_prolonged_it_ends_later(self, thread: Thread, juniper: Mentor, wren: Mentor) -> None:
        running = away(juniper, wren, ends=1)
        respite.move_end(respite=running, ends=day(5), by=juniper.account)
        found = respite.away_of(thread)
        assert found is not None
        assert found.until == day(5)

    def test_it_cannot_be_prolonged_into_the_time_away_of_the_cover_mentor(
        self, juniper: Mentor, wren: Mentor, thread: Thread
    ) -> None:
        running = away(juniper, wren, ends=3)
        away(wren, certified(), starts=4, ends=9)
        with pytest.raises(Refused, match="cover_away"):
            respite.move_end(respite=running, ends=day(6), by=juniper.account)
        respite.move_end(respite=running, ends=day(4), by=juniper.account)

    def test_a_thread_that_closed_meanwhile_stays_closed_and_its_cover_goes_too(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        running = away(juniper, wren)
        cover = cover_of(thread)
        Thread.objects.filter(pk=thread.pk).update(closed_at=timezone.now(), closed_by="client")
        respite.turn()
        cover.refresh_from_db()
        assert cover.closed_at is not None
        respite.call_off(respite=running, by=juniper.account)
        thread.room.refresh_from_db()
        assert thread.room.read_only

    def test_a_cover_that_the_client_closed_is_not_opened_again(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        away(juniper, wren)
        Thread.objects.filter(covers=thread).update(closed_at=timezone.now(), closed_by="client")
        respite.turn()
        assert not thread.cover_threads.running().exists()
        assert respite.away_of(thread) == respite.Away(day(7), "Juniper")


class TestTheCoverGoes:
    def test_papers_that_expire_while_it_runs_change_nothing(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        away(juniper, wren)
        wren.certifications.update(expires=day(-1))
        respite.turn()
        assert cover_of(thread).mentor == wren

    def test_papers_that_expire_before_it_starts_ask_for_another(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        planned = away(juniper, wren, starts=2)
        wren.certifications.update(expires=day(-1))
        respite.turn()
        planned.refresh_from_db()
        assert planned.lack == Respite.Lack.UNABLE

    def test_one_who_is_gone_leaves_the_client_with_an_honest_word_until_another_is_named(
        self, thread: Thread, juniper: Mentor, wren: Mentor, coordinator: Account
    ) -> None:
        running = away(juniper, wren)
        first = cover_of(thread)
        people.suspend(wren.account, by=coordinator, why="a test")
        respite.turn()
        first.refresh_from_db()
        assert first.closed_at is not None
        assert respite.away_of(thread) == respite.Away(day(7), "Juniper", is_alone=True)
        respite.name_cover(respite=running, cover_id=certified(called="Linnet").pk, by=coordinator)
        assert names_in(cover_of(thread)) == {"Gray Heron", "Linnet"}
        respite.turn()
        assert thread.cover_threads.running().count() == 1

    def test_it_begins_without_anybody_too_for_the_mentor_is_away_all_the_same(
        self, thread: Thread, juniper: Mentor, wren: Mentor
    ) -> None:
        planned = away(juniper, wren, starts=1)
        respite.decline(respite=planned, by=wren.account)
        Respite.objects.update(starts=day(0))
        respite.turn()
        assert respite.away_of(thread) == respite.Away(day(7), "Juniper", is_alone=True)
        thread.room.refresh_from_db()
        assert thread.room.read_only

    def test_who_is_away_themselves_is_found_with_one_look_for_all(
        self, thread: Thread, juniper: Mentor, wren: Mentor, another_client: Account
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        second = thread_between(another_client, juniper, pseudonym="Brown Robin")
        away(juniper, wren)
        respite.aways_of([thread, second])
        with CaptureQueriesContext(connection) as asked:
            assert set(respite.aways_of([thread, second])) == {thread.pk, second.pk}
        assert len(asked) <= 5
