"""Topics: a name travels, nothing else; whoever may not follow one is told no more than of one that does not exist."""

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts.models import Role
from rooms import topics
from rooms.models import Move
from rooms.refusals import Refused
from tests.people import both_stores


def follows(topic: str, role: str) -> bool:
    return topic == "queue" and role == Role.MODERATOR


def test_a_person_follows_their_own_topic_and_nobody_elses(settings: Settings) -> None:
    settings.TOPIC_FOLLOWED = "tests.rooms.test_topics.follows"
    assert topics.followed("mine", 7, Role.CLIENT) == "person:7"
    assert topics.followed("queue", 7, Role.MODERATOR) == "queue"
    for wire in ("queue", "person:8", "person", "nonsense"):
        with pytest.raises(Refused, match="not_found"):
            topics.followed(wire, 7, Role.CLIENT)


@both_stores
def test_a_move_stands_or_falls_with_its_transaction(django_capture_on_commit_callbacks: object) -> None:
    assert callable(django_capture_on_commit_callbacks)
    before = topics.newest()
    with django_capture_on_commit_callbacks(execute=True):
        topics.moved("queue")
        topics.moved("person:7")
    assert [topic for _, topic in topics.since(before)] == ["queue", "person:7"]
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        topics.moved("queue")
        transaction.set_rollback(True)
    assert Move.objects.filter(topic="queue").count() == 1
