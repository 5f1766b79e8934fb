"""Cases as they come to be: somebody writes, somebody flags, a moderator claims."""

from accounts.models import Account
from moderation import cases, intake
from moderation.models import Case, Category
from rooms import posting
from rooms.access import Seat


def said(seat: Seat, body: str, *, warning: str = "") -> str:
    """The message's id, whether it is in the room or waits for a moderator."""
    return posting.post(seat, body=body, warning=warning).id


def flagged(
    flagger: Seat, message_id: str, *, category: Category = Category.HARASSMENT, words: str = "This hurt me."
) -> Case:
    flag = intake.flag(
        flagger.account_id, room_id=flagger.room_id, message_id=message_id, category=category, words=words
    )
    return flag.case


def claimed(case: Case, by: Account) -> Case:
    return cases.claim(case.pk, by)
