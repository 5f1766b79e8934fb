"""Contact details and real names are held before the room reads them: explained, given back, sent again or dropped."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

NUMBER = "415 555 2671"


def test_a_phone_number_is_held_explained_and_given_back_to_edit(windows: Windows, house: House) -> None:
    room = house.room()
    writer, reader = house.people(room, 2)
    writing, reading = windows(writer.cookie), windows(reader.cookie)
    writing.enter(room)
    reading.enter(room)

    writing.say(f"Call me at {NUMBER} when it is bad.")
    held = writing.waiting("when it is bad")
    expect(held).to_contain_text("Not sent yet")
    expect(held).to_contain_text("To keep everybody safe it was not sent")
    expect(held.locator("mark")).to_have_text(NUMBER)

    held.get_by_role("button", name="Edit").click()
    expect(held).to_have_count(0)
    expect(writing.composer).to_have_value(f"Call me at {NUMBER} when it is bad.")
    expect(writing.composer).to_be_focused()
    writing.say("Write to me here when it is bad.")
    expect(reading.message("Write to me here when it is bad.")).to_be_visible()
    expect(writing.message("Write to me here when it is bad.")).to_have_count(1)

    assert not reading.has_heard("2671")
    assert [each["body"] for each in house.office("stored", room=room)] == ["Write to me here when it is bad."]


def test_a_held_message_that_is_discarded_is_gone(windows: Windows, house: House) -> None:
    room = house.room()
    writer, reader = house.people(room, 2)
    writing, reading = windows(writer.cookie), windows(reader.cookie)
    writing.enter(room)
    reading.enter(room)
    writing.say(f"My number is {NUMBER}")
    held = writing.waiting(NUMBER)
    held.get_by_role("button", name="Discard").click()
    expect(held).to_have_count(0)
    expect(writing.composer).to_be_empty()
    writing.say("Never mind.")
    expect(reading.message("Never mind.")).to_be_visible()
    assert not reading.has_heard("2671")


def test_a_held_answer_keeps_what_it_answers_and_its_warning(windows: Windows, house: House) -> None:
    room = house.room()
    writer, reader = house.people(room, 2)
    house.office("post", cookie=reader.cookie, room=room, body="How can I reach you?")
    writing = windows(writer.cookie)
    writing.enter(room)
    writing.choose("How can I reach you?", "Reply")
    writing.warn("numbers")
    writing.say(f"Under {NUMBER}")
    writing.waiting(NUMBER).get_by_role("button", name="Edit").click()
    expect(writing.warning).to_have_value("numbers")
    expect(writing.page.get_by_text(f"Reply to {reader.pseudonym}")).to_be_visible()
    writing.say("Only in this room")
    answer = writing.message("Only in this room")
    expect(answer).to_contain_text("How can I reach you?")
    expect(answer).to_contain_text("numbers")


def test_an_edit_with_a_phone_number_in_it_is_held_too(windows: Windows, house: House) -> None:
    room = house.room()
    writer, reader = house.people(room, 2)
    writing, reading = windows(writer.cookie), windows(reader.cookie)
    writing.enter(room)
    reading.enter(room)
    writing.say("Harmless at first")
    writing.choose("Harmless at first", "Edit")
    writing.write(f"Harmless no more: {NUMBER}")
    writing.page.get_by_role("button", name="Save").click()
    expect(writing.error).to_contain_text("it was not sent")
    expect(writing.error).to_contain_text(NUMBER)
    expect(writing.composer).to_have_value(f"Harmless no more: {NUMBER}")
    writing.page.keyboard.press("Escape")
    expect(writing.composer).to_be_empty()
    expect(writing.error).to_be_hidden()
    expect(reading.message("Harmless at first")).to_be_visible()
    assert not reading.has_heard("2671")


def test_the_real_name_of_a_member_is_held(windows: Windows, house: House) -> None:
    room = house.room()
    writer = house.person(room)
    named = house.office("make_person", email="rosalind@live.example", name="Rosalind Featherstone")
    house.member(room, named)
    visitor = windows(writer.cookie)
    visitor.enter(room)
    visitor.say("I think I know you, Rosalind Featherstone!")
    expect(visitor.waiting("I think I know you")).to_contain_text(
        "This looks like the real name of somebody in this room"
    )


def test_a_message_refused_for_haste_can_be_tried_again(windows: Windows, house: House) -> None:
    room = house.room(posts_a_minute=1)
    visitor = windows(house.person(room).cookie)
    visitor.enter(room)
    visitor.say("First")
    expect(visitor.message("First")).to_be_visible()
    visitor.say("Second")
    refused = visitor.waiting("Second")
    expect(refused).to_contain_text("Not sent")
    expect(refused.get_by_role("button", name="Try again")).to_be_disabled()
    refused.get_by_role("button", name="Edit").click()
    expect(visitor.composer).to_have_value("Second")
