"""Topics: what live pages follow besides rooms, such as the moderators' queue or one's own letters.

Only a topic's name travels, never what is new: the page asks for that through its own door. The pulse finds what the layer
between processes lost.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.ordering import keep_commits_in_order
from rooms import hub
from rooms.models import Move
from rooms.refusals import Refused

MINE = "mine"  # on the wire; each person's own topic
_KEPT = timedelta(days=1)
_ORDER_LOCK = 0x746F7069


def moved(topic: str) -> None:
    """Followers hear of it within a second of the commit. A transaction of its own, so that it waits for no other lock."""
    transaction.on_commit(lambda: _move(topic), robust=True)


def _move(topic: str) -> None:
    with transaction.atomic():
        keep_commits_in_order(_ORDER_LOCK)
        move = Move.objects.create(topic=topic)
        if move.pk % 100 == 0:
            Move.objects.filter(at__lt=timezone.now() - _KEPT).delete()
    hub.tell_move_from_thread(topic)


def since(id: int) -> list[tuple[int, str]]:
    """Every move after that one, oldest first: its id and topic."""
    return list(Move.objects.filter(pk__gt=id).order_by("pk").values_list("pk", "topic"))


def newest() -> int:
    return Move.objects.aggregate(newest=Max("pk"))["newest"] or 0


def person_topic(account_id: int) -> str:
    return f"person:{account_id}"


def followed(wire: str, account_id: int, role: str) -> str:
    """The topic behind a name of the wire. Raises Refused("not_found") for one that this person may not follow."""
    if wire == MINE:
        return person_topic(account_id)
    may_follow: Callable[[str, str], bool] = import_string(settings.TOPIC_FOLLOWED)
    if not may_follow(wire, role):
        raise Refused("not_found")
    return wire
