"""The end of a thread: kind, without a reason, read only, with words to keep; then nothing is left."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import Account, Role
from mentoring import another, closing, goals, milestones, retention, shared
from mentoring.models import Goal, Milestone, Request, Thread
from mentoring.refusals import Refused
from rooms import posting
from rooms import retention as rooms_retention
from rooms.models import Message, Room
from rooms.refusals import Refused as RoomRefused
from tests.mentoring.pairs import Pair, pair
from tests.people import both_stores, coordinator, make, moderator
from vault import keys
from vault.models import TrailEntry

__all__ = ["coordinator", "moderator"]
both = pytest.mark.django_db(databases=["default", "keys"], transaction=True)


def closed(two: Pair) -> Thread:
    return Thread.objects.select_related("room", "client", "mentor__account").get(pk=two.thread.pk)


def _refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.reason


@both_stores
@pytest.mark.parametrize("side", ["client", "mentor", "coordinator"])
def test_nobody_writes_in_a_closed_thread_and_both_read_on(side: str, coordinator: Account) -> None:
    two = pair()
    two.says(two.client, "Hello.")
    by = {"client": two.client, "mentor": two.mentor.account, "coordinator": coordinator}[side]
    closing.close(thread=two.thread, by=by, why="The program ended.")
    thread = closed(two)
    assert (thread.closed_by, thread.room.read_only) == (side, True)
    for browser in (two.clients, two.mentors):
        page = browser.get(f"/rooms/{thread.room_id}/")
        assert "Hello." in page.content.decode()
        assert "This thread is closed." in page.content.decode()
    with pytest.raises(RoomRefused) as caught:
        two.says(two.client, "One more word.")
    assert caught.value.reason == "read_only"
    assert _refused(lambda: closing.close(thread=thread, by=by, why="Again.")) == "closed"


@both_stores
def test_a_coordinator_names_a_reason_that_is_only_on_the_trail(coordinator: Account) -> None:
    two = pair()
    assert _refused(lambda: closing.close(thread=two.thread, by=coordinator, why=" ")) == "empty"
    closing.close(thread=two.thread, by=coordinator, why="Marmalade policy.")
    entry = TrailEntry.objects.filter(act="thread.close").get()
    assert entry.actor == f"account:{coordinator.pk}"
    for browser in (two.clients, two.mentors):
        for path in (f"/rooms/{two.thread.room_id}/", two.address()):
            assert "Marmalade" not in browser.get(path).content.decode()


@both_stores
def test_nobody_else_closes_a_thread(moderator: Account) -> None:
    two = pair()
    for stranger in (moderator, make(Role.CLIENT), make(Role.MENTOR), make(Role.CLINICIAN)):
        assert _refused(lambda by=stranger: closing.close(thread=two.thread, by=by, why="Because.")) == "not_found"


@both_stores
def test_the_summary_is_the_mentors_and_the_client_keeps_it() -> None:
    two = pair()
    milestones.mark(thread=two.thread, by=two.client, text="Thirty days", on=timezone.localdate())
    closing.close(
        thread=two.thread, by=two.mentor.account, farewell="It was good to know you.", summary="We worked on sleep."
    )
    thread = closed(two)
    assert (closing.farewell_of(thread), closing.summary_of(thread)) == (
        "It was good to know you.",
        "We worked on sleep.",
    )
    browser = two.clients
    page = browser.get(two.address("summary")).content.decode()
    saved = browser.get(f"{two.address('summary')}summary.txt")
    for words in ("We worked on sleep.", "Thirty days", "It was good to know you."):
        assert words in page
        assert words in saved.content.decode()
    assert saved["Content-Disposition"] == 'attachment; filename="summary.txt"'
    assert "no-store" in saved["Cache-Control"]
    home = browser.get("/mentor/").content.decode()
    assert "Past threads" in home
    assert two.address("summary") in home


@both_stores
def test_words_can_be_written_after_the_end_and_not_before() -> None:
    two = pair()
    words = {"farewell": "", "summary": "We worked on sleep."}
    assert _refused(lambda: closing.sum_up(thread=two.thread, by=two.mentor.account, **words)) == "not_found"
    closing.close(thread=two.thread, by=two.client)
    assert _refused(lambda: closing.sum_up(thread=two.thread, by=two.client, **words)) == "not_found"
    closing.sum_up(thread=two.thread, by=two.mentor.account, **words)
    assert closing.summary_of(closed(two)) == "We worked on sleep."
    bad = {**words, "summary": "Write to me at juniper@mail.example"}
    assert _refused(lambda: closing.sum_up(thread=two.thread, by=two.mentor.account, **bad)) == "contact"


@both_stores
def test_asking_for_another_mentor_asks_no_reason_and_the_mentor_never_learns_why(coordinator: Account) -> None:
    two = pair()
    page = two.clients.get(f"/rooms/{two.thread.room_id}/").content.decode()
    form = page.split(f'action="{two.address("another")}"')[1].split("</form>")[0]
    assert form.count("<button") == 1
    assert "textarea" not in form
    assert form.count("<input") == 1, "the token and nothing else"
    assert two.clients.post(two.address("another")).status_code == 302
    thread = closed(two)
    assert thread.closed_by == "client"
    request = Request.objects.get()
    assert (request.client_id, request.state, request.after_id) == (two.client.pk, "waiting", thread.pk)
    mentors = two.mentors.get(f"/rooms/{thread.room_id}/").content.decode()
    assert "this is not about you" in mentors
    assert "another mentor" not in mentors.split("thread-strip")[1].split("</section>")[0]


@both_stores
def test_closing_and_asking_for_another_look_the_same_to_the_mentor() -> None:
    pages = []
    for act in ("close", "another"):
        two = pair()
        two.clients.post(two.address(act))
        strip = two.mentors.get(two.address()).content.decode().split("thread-strip")[1].split("</section>")[0]
        pages.append(strip.replace(two.thread.pk, ""))
    assert pages[0] == pages[1]


@both_stores
def test_a_mentor_cannot_ask_for_another_nor_a_client_in_the_thread_of_a_cover() -> None:
    two = pair()
    assert _refused(lambda: another.ask_for_another(thread=two.thread, by=two.mentor.account)) == "not_found"
    cover = pair(client=two.client, covers=two.thread)
    assert _refused(lambda: another.ask_for_another(thread=cover.thread, by=two.client)) == "not_found"


@both
def test_who_was_left_and_the_coordinator_hear_that_something_is_new_and_nothing_else() -> None:
    boss = make(Role.COORDINATOR)
    two = pair()
    mail.outbox.clear()
    closing.close(thread=two.thread, by=two.mentor.account, farewell="Goodbye, brave one.")
    _wait_for_mail(2)
    assert {letter.to[0] for letter in mail.outbox} == {two.client.email, boss.email}
    for letter in mail.outbox:
        assert "brave" not in letter.body
        assert "Juniper" not in letter.body
        assert two.thread.pk not in letter.body


@both
def test_at_the_end_of_the_term_nothing_is_left_and_no_backup_opens() -> None:
    two = pair()
    two.says(two.client, "Marmalade thoughts.")
    goals.write(thread=two.thread, by=two.client, text="Marmalade goal")
    milestones.mark(thread=two.thread, by=two.client, text="Marmalade day", on=timezone.localdate())
    shared.change(thread=two.thread, line="note", text="Marmalade note", by=two.client)
    closing.close(thread=two.thread, by=two.mentor.account, farewell="Marmalade bye", summary="Marmalade summary")
    term = timedelta(days=settings.THREAD_DAYS)
    closed_at = closed(two).closed_at
    assert closed_at is not None
    assert retention.kept_until(closed(two)) == closed_at + term
    assert retention.purge(closed_at + term - timedelta(seconds=1)) == 0
    assert closing.summary_of(closed(two)) == "Marmalade summary"
    backup = closed(two)

    over = closed_at + term
    rooms_retention.purge(over)
    assert retention.purge(over) == 1
    assert retention.purge(over) == 0
    thread = closed(two)
    assert thread.purged_at
    assert (thread.shared, thread.farewell, thread.summary) == (None, None, None)
    assert not Goal.objects.exists()
    assert not Milestone.objects.exists()
    assert not Message.objects.exists()
    assert closing.summary_of(backup) == "", "the key is gone, and with it every copy"
    for owner in (f"thread:{thread.pk}", f"room:{thread.room_id}"):
        lines = list(keys.listing(owner=owner))
        assert lines
        assert all(line.destroyed_at for line in lines)
    for browser, home in ((two.clients, "/mentor/"), (two.mentors, "/mentoring/")):
        assert browser.get(f"/rooms/{thread.room_id}/").status_code == 404
        assert browser.get(two.address("summary")).status_code == 404
        assert "Past threads" not in browser.get(home).content.decode()


@both
def test_a_purge_that_broke_off_is_finished_the_next_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    two = pair()
    goals.write(thread=two.thread, by=two.client, text="Marmalade goal")
    closing.close(thread=two.thread, by=two.client)
    over = timezone.now() + timedelta(days=settings.THREAD_DAYS)

    def breaks(**_: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(keys, "destroy", breaks)
        with pytest.raises(ConnectionError):
            retention.purge(over)
    assert closed(two).purged_at is None
    assert retention.purge(over) == 1
    assert all(line.destroyed_at for line in keys.listing(owner=f"thread:{two.thread.pk}"))


@both_stores
def test_a_running_thread_is_never_erased() -> None:
    two = pair()
    assert retention.purge(timezone.now() + timedelta(days=10_000)) == 0
    assert Room.objects.get(pk=two.thread.room_id)
    posting.post(two.seat(two.client), body="Still here.")


def _wait_for_mail(count: int) -> None:
    for _ in range(50):
        if len(mail.outbox) >= count:
            return
        time.sleep(0.1)
