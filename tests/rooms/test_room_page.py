"""The room, read and written without JavaScript."""

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from rooms import joining, posting
from rooms.access import Seat
from rooms.changes import Post
from rooms.commit import write
from rooms.models import Membership, Message, Room
from tests.people import both_stores, open_room, seated, signed_in

pytestmark = both_stores

KEY = "key-00000001"


@pytest.fixture
def visitor(a_client: Account, heron: Seat) -> Client:
    return signed_in(a_client)


@pytest.fixture
def address(room: Room) -> str:
    return f"/rooms/{room.pk}/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def data_of(response: Any) -> dict[str, Any]:
    """What the scripts find in the page."""
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', text_of(response), re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def send(visitor: Client, address: str, body: str, **fields: str) -> HttpResponse:
    return visitor.post(address, {"body": body, "key": KEY, **fields})  # type: ignore[return-value]


# --- reading --------------------------------------------------------------------------------------------------------


def test_a_member_reads_what_was_said_and_who_is_there(
    visitor: Client, address: str, river: Seat, juniper: Seat
) -> None:
    first = posting.post(river, body="How was the night?")
    posting.post(juniper, body="Short.", warning="sleep", reply_to=first.id)
    page = text_of(visitor.get(address))
    for words in ("How was the night?", "Short.", "sleep", "Steady River", "Juniper", "Peer mentor", "Quiet Heron"):
        assert words in page


def test_what_the_scripts_find_is_the_wire_of_the_contract(
    visitor: Client, address: str, heron: Seat, river: Seat
) -> None:
    posted = posting.post(river, body="hello")
    data = data_of(visitor.get(address))
    assert (data["room"], data["seq"], data["more"]) == (heron.room_id, 1, False)
    assert data["you"]["id"] == heron.face.id
    assert {member["id"] for member in data["members"]} == {heron.face.id, river.face.id}
    assert [(message["id"], message["body"]) for message in data["messages"]] == [(posted.id, "hello")]


def test_no_page_of_a_room_holds_a_real_name_but_ones_own_account(
    visitor: Client, address: str, river: Seat, another_client: Account
) -> None:
    posting.post(river, body="hello")
    page = text_of(visitor.get(address))
    for word in ("Brandt", "Teodor", another_client.email, "Valdovinos"):
        assert word not in page


def test_what_somebody_wrote_is_never_markup(visitor: Client, address: str, river: Seat) -> None:
    bad = "<script>alert(1)</script></script><!-- \u2028 &amp; </textarea>"
    posting.post(river, body=bad, warning="<b>bold</b>")
    response = visitor.get(address)
    page = text_of(response)
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert data_of(response)["messages"][0]["warning"] == "<b>bold</b>"


def test_a_redacted_message_keeps_its_place_without_words(visitor: Client, address: str, heron: Seat) -> None:
    mine = posting.post(heron, body="I regret this")
    posting.redact(heron, id=mine.id)
    page = text_of(visitor.get(address))
    assert "I regret this" not in page
    assert f"m-{mine.id}" in page


def test_older_pages_are_reached_by_links(visitor: Client, address: str, heron: Seat) -> None:
    write([Post(heron, f"fill-{number:06}", f"number {number:03}.") for number in range(1, 121)])
    seen: list[str] = []
    link = address
    while link:
        page = text_of(visitor.get(link))
        seen = sorted(set(re.findall(r"number \d{3}\.", page))) + seen
        older = re.search(r'href="(\?before=\d+)"(?! hidden)', page)
        link = address + older[1] if older else ""
    assert seen == [f"number {number:03}." for number in range(1, 121)]


@pytest.mark.parametrize("before", ["0", "-1", "abc", "9" * 30, "", "1e3", "²"])
def test_a_strange_page_number_shows_the_newest_page(visitor: Client, address: str, heron: Seat, before: str) -> None:
    posting.post(heron, body="the newest")
    response = visitor.get(address, {"before": before})
    assert response.status_code == 200
    assert "the newest" in text_of(response)


def test_a_substance_use_room_says_how_it_is_protected(visitor: Client, address: str, room: Room) -> None:
    assert "42 CFR" not in text_of(visitor.get(address))
    Room.objects.filter(pk=room.pk).update(part2=True)
    assert "42 CFR Part 2" in text_of(visitor.get(address))


def test_a_closed_room_says_so_and_takes_nothing(visitor: Client, address: str, room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(read_only=True)
    page = text_of(visitor.get(address))
    assert "takes no messages" in page
    assert "disabled" in page
    assert send(visitor, address, "hello").status_code == 422


def test_a_new_agreement_leads_to_the_page_that_asks(
    visitor: Client, address: str, room: Room, coordinator: Account
) -> None:
    joining.publish_agreement(room, "Something new.", actor=coordinator)
    for response in (visitor.get(address), send(visitor, address, "hello")):
        assert (response.status_code, response.headers["Location"]) == (302, f"{address}join/")
    assert not Message.objects.exists()


@pytest.mark.parametrize("count", [5, 500])
def test_the_page_costs_the_same_however_long_the_history(
    visitor: Client,
    address: str,
    heron: Seat,
    river: Seat,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    write([Post(river, f"fill-{number:06}", f"number {number}") for number in range(count)])
    visitor.get(address)
    with django_assert_num_queries(
        11
    ):  # session, account; seat, mutes, messages, faces, reactions, held; rooms, agreement, cards
        visitor.get(address)


def test_the_page_costs_the_same_however_many_rooms_one_has(
    visitor: Client, address: str, a_client: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        seated(a_client, open_room(f"Room {number}"), "Slow Meadow")
    visitor.get(address)
    with django_assert_num_queries(9):  # as above, with nobody to read a face or a reaction of
        visitor.get(address)


# --- writing --------------------------------------------------------------------------------------------------------


def test_posting_without_javascript_stores_and_shows_anew(visitor: Client, address: str, room: Room) -> None:
    fresh = re.search(r'name="key" value="([\w-]{8,64})"', text_of(visitor.get(address)))
    assert fresh
    response = send(visitor, address, "I slept four hours.", warning="sleep", key=fresh[1])
    assert (response.status_code, response.headers["Location"]) == (302, address)
    page = text_of(visitor.get(address))
    assert "I slept four hours." in page
    assert f'value="{fresh[1]}"' not in page


def test_a_second_press_of_the_button_is_harmless(visitor: Client, address: str) -> None:
    assert [send(visitor, address, "once").status_code for _ in range(3)] == [302, 302, 302]
    assert Message.objects.count() == 1


def test_what_is_held_comes_back_with_its_reason_and_nothing_is_lost(visitor: Client, address: str) -> None:
    response = send(visitor, address, "call 212-555-0142 & see", warning="sleep")
    page = text_of(response)
    assert response.status_code == 422
    assert "reached outside this room" in page
    assert "call 212-555-0142 &amp; see</textarea>" in page
    assert 'value="sleep"' in page
    assert not Message.objects.exists()
    assert send(visitor, address, "see you", key="key-00000002").status_code == 302


@pytest.mark.parametrize(("body", "says"), [("", "nothing to send"), ("a" * 4001, "too long")])
def test_what_is_refused_says_why_and_keeps_the_words(visitor: Client, address: str, body: str, says: str) -> None:
    response = send(visitor, address, body)
    assert response.status_code == 422
    assert says in text_of(response)
    assert f"{body}</textarea>" in text_of(response)


@pytest.mark.parametrize(
    "fields",
    [
        {"key": ""},
        {"key": "short"},
        {"key": "x" * 65},
        {"reply_to": "../../x"},
        {"body": "a" * 16_001},
        {"body": "a\x00b"},
    ],
)
def test_what_no_page_of_ours_sends_is_answered_kindly(visitor: Client, address: str, fields: dict[str, str]) -> None:
    response = visitor.post(address, {"body": "my words", "key": KEY, **fields})
    assert response.status_code == 400
    assert not Message.objects.exists()


def test_an_answer_to_a_message_of_another_room_is_refused(visitor: Client, address: str, a_client: Account) -> None:
    elsewhere = posting.post(seated(a_client, open_room("Another"), "Slow Meadow"), body="said in another room")
    response = send(visitor, address, "an answer", reply_to=elsewhere.id)
    assert response.status_code == 422
    assert "said in another room" not in text_of(response)


def test_over_the_limit_the_words_come_back(visitor: Client, address: str, room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(posts_a_minute=1)
    joining.rules_changed(room)
    send(visitor, address, "one")
    response = send(visitor, address, "two", key="key-00000002")
    assert response.status_code == 422
    assert "two</textarea>" in text_of(response)


def test_a_form_from_elsewhere_is_refused(a_client: Account, heron: Seat, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(a_client).cookies
    assert send(strict, address, "hello").status_code == 403
    assert not Message.objects.exists()


def test_who_was_removed_meanwhile_posts_nothing(visitor: Client, address: str, heron: Seat) -> None:
    Membership.objects.filter(pk=heron.member_id).update(removed_at=timezone.now())
    assert send(visitor, address, "late").status_code == 404
    assert not Message.objects.exists()


def test_no_words_stand_in_an_address_or_a_log(visitor: Client, address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["pigeons judged me", "call 212-555-0142", "about pigeons"]
    answers = [
        send(visitor, address, secrets[0], warning=secrets[2]),
        send(visitor, address, secrets[1], key="key-00000002"),
        visitor.post(address, {"body": secrets[0], "key": "bad"}),
        visitor.get(address),
    ]
    assert not any(secret in response.headers.get("Location", "") for response in answers for secret in secrets)
    logged = [record for record in caplog.records if record.name != "django.db.backends"]
    said = " ".join(f"{record.getMessage()} {record.exc_text or ''}" for record in logged)
    for secret in [*secrets, "Quiet Heron", "Valdovinos"]:
        assert secret not in said


def test_leaving_a_room_is_for_good_and_keeps_what_was_written(
    visitor: Client, address: str, heron: Seat, river: Seat, another_client: Account
) -> None:
    posting.post(heron, body="what I wrote")
    response = visitor.post(f"{address}leave/")
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert visitor.get(address).status_code == 404
    assert "what I wrote" in text_of(signed_in(another_client).get(address))


def test_a_day_separator_stands_before_the_first_message_of_each_day(
    visitor: Client, address: str, heron: Seat
) -> None:
    now = timezone.now().replace(hour=12)
    for days in (2, 2, 0):
        posting.post(heron, body=f"{days} days ago", at=now - timedelta(days=days))
    page = text_of(visitor.get(address))
    shown = re.findall(r'data-slot="day"( hidden)?>', page.split("<template")[0])
    assert shown == ["", " hidden", ""]


def test_the_page_speaks_the_persons_language(visitor: Client, address: str, heron: Seat) -> None:
    visitor.cookies["peerchat_language"] = "es"
    response = send(visitor, address, "llámame al 212-555-0142")
    assert '<html lang="es"' in text_of(response)
    assert "reached outside" not in text_of(response)
