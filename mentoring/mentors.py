"""A mentor's file: how clients know them. Written by the mentor, read by whoever may see the name."""

from mentoring.models import Mentor
from mentoring.sealed import open_text, owner_of_person
from rooms import pseudonyms
from vault.sealing import seal


def called(mentor: Mentor) -> str:
    """How clients know this mentor; empty where they have not chosen a name yet."""
    return open_text(
        mentor.called, owner=owner_of_person(mentor.pk), purpose="mentor.called", place=f"mentor:{mentor.pk}"
    )


def call(mentor: Mentor, name: str) -> None:
    """Chooses the name. Threads that run keep the one they know. Raises ValidationError with a sentence where it will not do."""
    chosen = pseudonyms.check(name, real_name=mentor.account.name)
    mentor.called = seal(chosen, owner=owner_of_person(mentor.pk), purpose="mentor.called", place=f"mentor:{mentor.pk}")
    mentor.save(update_fields=["called"])
