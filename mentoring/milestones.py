"""Milestones of a thread: something to be proud of, marked by either of the two, celebrated quietly."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import Account
from mentoring import goals, writing
from mentoring.models import Milestone, Thread
from mentoring.refusals import Refused
from mentoring.sealed import open_text, owner_of_thread
from rooms import access, posting
from rooms.refusals import Held
from rooms.refusals import Refused as RoomRefused


@dataclass(frozen=True, slots=True)
class OpenMilestone:
    """A milestone, unsealed."""

    id: int
    text: str
    on: date
    by_client: bool


def mark(*, thread: Thread, by: Account, text: str, on: date, say: bool = False) -> Milestone:
    """`say`: a message in the talk tells of it. Raises Refused as `writing.checked` does, and `day_to_come`."""
    text = writing.checked(thread, by, text)
    if on > timezone.localdate():
        raise Refused("day_to_come")
    milestone = _marked(thread, by, text, on, None)
    if say:
        _say(thread, by, text, on)
    return milestone


def mark_reached(*, thread: Thread, goal_id: int, by: Account, say: bool = False) -> Milestone:
    """A goal that was reached becomes a milestone, on the day it was. Raises Refused: `not_found`, `settled`."""
    goal = thread.goals.filter(pk=goal_id).select_related("milestone").first()
    if goal is None or goal.reached_at is None:
        raise Refused("not_found")
    text, on = goals.text_of(goal), timezone.localdate(goal.reached_at)
    milestone = _marked(thread, by, text, on, goal_id)
    if say:
        _say(thread, by, text, on)
    return milestone


def take_back(*, thread: Thread, milestone_id: int, by: Account) -> None:
    """By whoever marked it. Raises Refused("not_found") for another's."""
    with writing.turn(thread, by, "thread.milestone_back") as thread:
        theirs = thread.milestones.filter(pk=milestone_id, by_client=by.pk == thread.client_id)
        if not theirs.delete()[0]:
            raise Refused("not_found")


def milestones_of(thread: Thread) -> list[OpenMilestone]:
    """The newest first. One query."""
    found = thread.milestones.order_by("-on", "-pk")
    return [OpenMilestone(each.pk, text_of(each), each.on, each.by_client) for each in found]


def text_of(milestone: Milestone) -> str:
    return open_text(
        milestone.text,
        owner=owner_of_thread(milestone.thread_id),
        purpose="milestone.text",
        place=f"milestone:{milestone.pk}",
    )


def _marked(thread: Thread, by: Account, text: str, on: date, goal_id: int | None) -> Milestone:
    with writing.turn(thread, by, "thread.milestone") as thread:
        if goal_id and thread.milestones.filter(goal=goal_id).exists():
            raise Refused("settled")
        milestone = Milestone.objects.create(thread=thread, on=on, by_client=by.pk == thread.client_id, goal_id=goal_id)
        milestone.text = writing.sealed_line(
            text, thread=thread, purpose="milestone.text", place=f"milestone:{milestone.pk}"
        )
        milestone.save(update_fields=["text"])
    return milestone


def _say(thread: Thread, by: Account, text: str, on: date) -> None:
    """The milestone stands, whatever the talk says to the message: it may be shut just now."""
    about = {"text": text, "day": date_format(on, "DATE_FORMAT")}
    body = gettext("A milestone, %(day)s: %(text)s") % about
    try:
        posting.post(access.seat_of(access.standing(by.pk, thread.room_id)), body=body)
    except (Held, RoomRefused):
        return
