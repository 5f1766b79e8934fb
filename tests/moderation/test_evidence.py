"""Evidence: the flagged message and two on either side as they stood, whatever becomes of them in the room."""

from accounts.models import Account
from moderation import evidence, intake
from moderation.models import Case
from rooms import posting, retention, steward
from rooms.access import Seat
from rooms.models import HeldMessage, Message
from tests.people import both_stores
from vault import keys

pytestmark = both_stores


def said(seat: Seat, *bodies: str) -> list[str]:
    return [posting.post(seat, body=body).id for body in bodies]


def flagged(by: Seat, message: str) -> Case:
    return intake.flag(by.account_id, room_id=by.room_id, message_id=message, category="harassment", words="").case


def shown(case: Case) -> list[tuple[str | None, bool, str]]:
    return [(each.body, each.is_flagged, each.state) for each in evidence.shown(case)]


def test_two_on_either_side_and_no_more(heron: Seat, river: Seat) -> None:
    ids = said(heron, *(f"message {number}" for number in range(9)))
    case = flagged(river, ids[4])
    assert [body for body, *_ in shown(case)] == [f"message {number}" for number in range(2, 7)]
    assert [is_flagged for _, is_flagged, _ in shown(case)] == [False, False, True, False, False]


def test_neither_redaction_nor_a_change_nor_the_end_of_a_month_takes_it_away(heron: Seat, river: Seat) -> None:
    first, second, third = said(heron, "before", "sharp words", "after")
    case = flagged(river, second)
    posting.edit(heron, id=first, body="something else")
    posting.redact(heron, id=second)
    steward.redact(heron.room_id, third)
    assert shown(case) == [("before", False, "posted"), ("sharp words", True, "redacted"), ("after", False, "removed")]
    epoch = Message.objects.get(pk=first).epoch
    Message.objects.all().delete()
    assert {state for *_, state in shown(case)} == {"purged"}
    assert retention.purge() == 0
    assert epoch


def test_a_destroyed_epoch_of_the_room_leaves_the_case_readable(
    heron: Seat, river: Seat, transactional_db: None
) -> None:
    (id,) = said(heron, "sharp words")
    case = flagged(river, id)
    epoch = Message.objects.get(pk=id).epoch
    keys.destroy(owner=f"room:{heron.room_id}", epoch=epoch, actor="test", why="the end of its term")
    assert [body for body, *_ in shown(case)] == ["sharp words"]
    keys.destroy(owner=case.owner, epoch="", actor="test", why="the end of the case's term")
    assert [body for body, *_ in shown(case)] == [None]


def test_a_flag_on_a_neighbour_marks_what_was_kept_already(heron: Seat, river: Seat, juniper: Seat) -> None:
    first, second = said(heron, "one", "two")
    case = flagged(river, first)
    flagged(juniper, second)
    assert [is_flagged for _, is_flagged, _ in shown(case)] == [True, True]
    assert case.evidence.count() == 2


def test_what_waits_is_evidence_without_neighbours(heron: Seat, river: Seat, a_client: Account) -> None:
    said(river, "calm words")
    posting.post(heron, body="I have the pills here and I am going to take them all tonight.")
    held = HeldMessage.objects.get()
    case = Case.objects.get()
    (each,) = evidence.shown(case)
    assert (each.message_id, each.is_held, each.seq, each.state) == (held.pk, True, None, "waiting")
    assert each.pseudonym == "Quiet Heron"
    steward.release(held.pk)
    assert evidence.shown(case)[0].state == "posted"


def test_nothing_of_it_is_open_in_the_store(heron: Seat, river: Seat) -> None:
    case = flagged(river, said(heron, "sharp words")[0])
    for row in case.evidence.all():
        assert b"sharp" not in bytes(row.content)
        assert b"Heron" not in bytes(row.content)
