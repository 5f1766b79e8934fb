"""Goals and milestones: written by either, reached by the client, sealed under the thread's own key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from mentoring import closing, goals, milestones
from mentoring.models import Goal, Milestone
from mentoring.refusals import Refused
from moderation.models import Case
from rooms import joining, steward
from rooms.models import Membership, Message, Move
from rooms.reading import open_body
from rooms.refusals import Refused as RoomRefused
from tests.mentoring.pairs import pair
from tests.people import both_stores, make
from vault.models import TrailEntry

pytestmark = both_stores


def reason(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.reason


def test_either_writes_a_goal_and_both_read_it() -> None:
    two = pair()
    goals.write(thread=two.thread, by=two.client, text="  One walk a week ")
    goals.write(thread=two.thread, by=two.mentor.account, text="Sleep before midnight")
    assert [(each.text, each.by_client) for each in goals.goals_of(two.thread)] == [
        ("One walk a week", True),
        ("Sleep before midnight", False),
    ]


def test_the_client_says_that_it_is_reached_and_can_take_it_up_again() -> None:
    two = pair()
    goal = goals.write(thread=two.thread, by=two.mentor.account, text="One walk a week")
    goals.reach(thread=two.thread, goal_id=goal.pk, by=two.client)
    assert goals.goals_of(two.thread)[0].reached_at
    with pytest.raises(Refused) as caught:
        goals.let_go(thread=two.thread, goal_id=goal.pk, by=two.client)
    assert reason(caught) == "settled"
    goals.take_up(thread=two.thread, goal_id=goal.pk, by=two.client)
    goals.let_go(thread=two.thread, goal_id=goal.pk, by=two.client)
    assert not goals.goals_of(two.thread)[0].is_open


def test_a_mentor_does_not_say_that_a_goal_is_reached() -> None:
    two = pair()
    goal = goals.write(thread=two.thread, by=two.mentor.account, text="One walk a week")
    for door in (goals.reach, goals.let_go, goals.take_up):
        with pytest.raises(Refused) as caught:
            door(thread=two.thread, goal_id=goal.pk, by=two.mentor.account)
        assert reason(caught) == "clients_goal"


def test_a_goal_of_another_thread_is_not_found() -> None:
    two, others = pair(), pair()
    goal = goals.write(thread=others.thread, by=others.client, text="One walk a week")
    with pytest.raises(Refused) as caught:
        goals.reach(thread=two.thread, goal_id=goal.pk, by=two.client)
    assert reason(caught) == "not_found"


@pytest.mark.parametrize(
    ("text", "why"), [(" \n ", "empty"), ("a" * 301, "too_long"), ("Call me at 415 555 2671", "contact")]
)
def test_words_that_will_not_do_are_refused_and_leave_nothing(text: str, why: str) -> None:
    two = pair()
    with pytest.raises(Refused) as caught:
        goals.write(thread=two.thread, by=two.client, text=text)
    assert reason(caught) == why
    assert not Goal.objects.exists()


def test_words_that_show_a_crisis_go_into_the_talk_where_a_moderator_hears_of_them() -> None:
    two = pair()
    with pytest.raises(Refused) as caught:
        goals.write(thread=two.thread, by=two.client, text="I am going to kill myself tonight.")
    assert reason(caught) == "in_the_talk"
    assert not Goal.objects.exists()
    case = Case.objects.get()
    assert (case.room_id, case.account_id, case.severity) == (two.thread.room_id, two.client.pk, "crisis")


def test_twenty_goals_at_once_are_enough() -> None:
    two = pair()
    for number in range(goals.MOST):
        goals.write(thread=two.thread, by=two.client, text=f"Small step {number}")
    with pytest.raises(Refused) as caught:
        goals.write(thread=two.thread, by=two.client, text="One more")
    assert reason(caught) == "many_goals"


def test_who_may_not_write_in_the_talk_does_not_write_beside_it() -> None:
    two = pair()
    member = Membership.objects.get(room=two.thread.room_id, account=two.client)
    steward.mute(member, timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused) as caught:
        goals.write(thread=two.thread, by=two.client, text="One walk a week")
    assert reason(caught) == "muted"
    steward.unmute(member)
    joining.remove(two.client, two.thread.room, actor=make(Role.COORDINATOR))
    with pytest.raises(RoomRefused):
        goals.write(thread=two.thread, by=two.client, text="One walk a week")


def test_a_reached_goal_becomes_a_milestone_once() -> None:
    two = pair()
    goal = goals.write(thread=two.thread, by=two.client, text="One walk a week")
    with pytest.raises(Refused):
        milestones.mark_reached(thread=two.thread, goal_id=goal.pk, by=two.client)
    goals.reach(thread=two.thread, goal_id=goal.pk, by=two.client)
    milestones.mark_reached(thread=two.thread, goal_id=goal.pk, by=two.mentor.account)
    (found,) = milestones.milestones_of(two.thread)
    assert (found.text, found.on, found.by_client) == ("One walk a week", timezone.localdate(), False)
    with pytest.raises(Refused) as caught:
        milestones.mark_reached(thread=two.thread, goal_id=goal.pk, by=two.client)
    assert reason(caught) == "settled"
    assert goals.goals_of(two.thread)[0].is_celebrated


def test_a_milestone_is_said_in_the_talk_only_if_its_author_wants() -> None:
    two = pair()
    today = timezone.localdate()
    milestones.mark(thread=two.thread, by=two.client, text="Thirty days", on=today)
    assert not Message.objects.exists()
    milestones.mark(thread=two.thread, by=two.client, text="A hard phone call", on=today, say=True)
    message = Message.objects.get()
    assert message.author.account_id == two.client.pk
    assert "A hard phone call" in (open_body(message) or "")


def test_a_milestone_is_not_in_the_future() -> None:
    two = pair()
    with pytest.raises(Refused) as caught:
        milestones.mark(
            thread=two.thread, by=two.client, text="Thirty days", on=timezone.localdate() + timedelta(days=1)
        )
    assert reason(caught) == "day_to_come"


def test_only_who_marked_a_milestone_takes_it_back() -> None:
    two = pair()
    marked = milestones.mark(thread=two.thread, by=two.client, text="Thirty days", on=timezone.localdate())
    with pytest.raises(Refused) as caught:
        milestones.take_back(thread=two.thread, milestone_id=marked.pk, by=two.mentor.account)
    assert reason(caught) == "not_found"
    milestones.take_back(thread=two.thread, milestone_id=marked.pk, by=two.client)
    assert not Milestone.objects.exists()


def test_both_pages_hear_that_something_moved_and_the_trail_knows_no_words(
    django_capture_on_commit_callbacks: object,
) -> None:
    two = pair()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        goals.write(thread=two.thread, by=two.client, text="One walk a week")
    assert {f"person:{two.client.pk}", f"person:{two.mentor.pk}"} <= set(Move.objects.values_list("topic", flat=True))
    entry = TrailEntry.objects.order_by("-pk")[0]
    assert "walk" not in str(vars(entry))


def test_a_closed_thread_takes_no_goals() -> None:
    two = pair()
    closing.close(thread=two.thread, by=two.client)
    for act in (
        lambda: goals.write(thread=two.thread, by=two.client, text="One walk a week"),
        lambda: milestones.mark(thread=two.thread, by=two.client, text="Thirty days", on=timezone.localdate()),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert reason(caught) == "closed"
