"""Goals of a thread: either writes one; that it is reached, or let go, is the client's to say."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Account
from mentoring import writing
from mentoring.models import Goal, Thread
from mentoring.refusals import Refused
from mentoring.sealed import open_text, owner_of_thread

MOST = 20  # open at once: more help nobody


@dataclass(frozen=True, slots=True)
class OpenGoal:
    """A goal, unsealed. `is_celebrated`: there is a milestone of it."""

    id: int
    text: str
    by_client: bool
    at: datetime
    reached_at: datetime | None
    let_go_at: datetime | None
    is_celebrated: bool

    @property
    def is_open(self) -> bool:
        return self.reached_at is None and self.let_go_at is None


def write(*, thread: Thread, by: Account, text: str) -> Goal:
    """Raises Refused as `writing.checked` and `writing.turn` do, and `many_goals`."""
    text = writing.checked(thread, by, text)
    with writing.turn(thread, by, "thread.goal") as thread:
        if Goal.objects.filter(thread=thread, reached_at=None, let_go_at=None).count() >= MOST:
            raise Refused("many_goals")
        goal = Goal.objects.create(thread=thread, by_client=by.pk == thread.client_id)
        goal.text = writing.sealed_line(text, thread=thread, purpose="goal.text", place=f"goal:{goal.pk}")
        goal.save(update_fields=["text"])
    return goal


def reach(*, thread: Thread, goal_id: int, by: Account) -> Goal:
    """The client has got there. Raises Refused: `clients_goal`, `settled`, `not_found`."""
    return _turned(thread, goal_id, by, "thread.goal_reached", reached_at=timezone.now())


def let_go(*, thread: Thread, goal_id: int, by: Account) -> Goal:
    """It is no goal any more, and that is all right. Raises Refused as `reach` does."""
    return _turned(thread, goal_id, by, "thread.goal_let_go", let_go_at=timezone.now())


def take_up(*, thread: Thread, goal_id: int, by: Account) -> Goal:
    """A goal again: after a slip of the finger, or a change of mind."""
    return _turned(thread, goal_id, by, "thread.goal_again", reached_at=None, let_go_at=None)


def goals_of(thread: Thread) -> list[OpenGoal]:
    """In the order they were written. One query."""
    found = Goal.objects.filter(thread=thread).select_related("milestone")
    return [
        OpenGoal(
            id=goal.pk,
            text=text_of(goal),
            by_client=goal.by_client,
            at=goal.at,
            reached_at=goal.reached_at,
            let_go_at=goal.let_go_at,
            is_celebrated=hasattr(goal, "milestone"),
        )
        for goal in found
    ]


def text_of(goal: Goal) -> str:
    return open_text(goal.text, owner=owner_of_thread(goal.thread_id), purpose="goal.text", place=f"goal:{goal.pk}")


def _turned(thread: Thread, goal_id: int, by: Account, act: str, **fields: datetime | None) -> Goal:
    if by.pk != thread.client_id:
        raise Refused("clients_goal")
    with writing.turn(thread, by, act) as thread:
        goal = thread.goals.filter(pk=goal_id).first()
        if goal is None:
            raise Refused("not_found")
        was_open = goal.reached_at is None and goal.let_go_at is None
        if was_open == (None in fields.values()):
            raise Refused("settled")
        for name, at in fields.items():
            setattr(goal, name, at)
        goal.save(update_fields=list(fields))
    return goal
