"""The journeys of issue "keep rooms safe", each from its first word to its end, through the pages that people see and no other door."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor, Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

HARSH = "You are all so very weak."
PLAN = "I have the pills here and I am going to take them all tonight."


def in_room(windows: Windows, room: str, cookie: str) -> Visitor:
    visitor = windows(cookie)
    visitor.enter(room)
    return visitor


def at_queue(windows: Windows, cookie: str) -> Visitor:
    visitor = windows(cookie)
    with visitor.page.expect_websocket() as socket:
        visitor.open("/moderation/")
    socket.value.wait_for_event("framereceived", lambda frame: '"follow"' in str(frame))
    return visitor


def newest(visitor: Visitor, room: str) -> Locator:
    return visitor.page.locator("[data-case]", has_text=room)


def open_case(visitor: Visitor, room: str) -> None:
    newest(visitor, room).get_by_role("link").first.click()
    expect(visitor.page.get_by_text("What you can do", exact=True)).to_be_visible()


def form(visitor: Visitor, title: str) -> Locator:
    """What opens the form of one act."""
    return visitor.page.locator("summary", has_text=title)


def test_from_a_flag_to_both_clients_seeing_the_message_go(windows: Windows, house: House) -> None:
    room = house.room("Walnut group")
    author, reader = house.people(room, 2)
    hollis, bertrand = (at_queue(windows, house.stranger(role="moderator")) for _ in range(2))
    writing, reading = (in_room(windows, room, each.cookie) for each in (author, reader))
    reading.say("Good evening everybody.")
    writing.say(HARSH)

    reading.choose(HARSH, "Tell a moderator")
    reading.page.get_by_label("It is cruel").check()
    reading.page.get_by_label("In your words").fill("This hurt me.")
    reading.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(reading.page.get_by_role("heading", name="A moderator will look")).to_be_visible()
    reading.page.get_by_role("button", name="Back to the room").click()

    for each in (hollis, bertrand):
        expect(newest(each, "Walnut group")).to_contain_text("Harassment")
        assert HARSH not in each.page.content()
    open_case(hollis, "Walnut group")
    open_case(bertrand, "Walnut group")
    hollis.page.get_by_role("button", name="Claim").click()
    expect(hollis.page.get_by_text("You have this case (until")).to_be_visible()
    expect(bertrand.page.locator(".case__standing")).to_contain_text("has this case.")
    expect(bertrand.page.get_by_role("button", name="Claim")).to_have_count(0)

    page = hollis.page
    expect(page.get_by_text("This hurt me.")).to_be_visible()
    page.get_by_role("button", name="Show the messages").click()
    expect(page.get_by_text("Good evening everybody.")).to_be_visible()
    page.locator(".piece--flagged").get_by_role("button", name="Take it out of the room").click()
    for each in (writing, reading):
        expect(each.message("A moderator took this message out.")).to_be_visible(timeout=2000)
        expect(each.message(HARSH)).to_have_count(0)

    form(hollis, "Resolve").click()
    page.get_by_label("Message taken out or changed").check()
    page.get_by_role("button", name="Resolve the case").click()
    expect(page.get_by_text("Resolved by")).to_be_visible()
    expect(reading.page.locator("[data-part=cards]")).to_contain_text("Somebody looked at what you flagged")
    expect(writing.page.locator("[data-part=cards]")).to_be_hidden()


def test_from_crisis_words_to_a_hand_over_acknowledged_by_name(windows: Windows, house: House) -> None:
    room = house.room("Juniper group")
    person, other = house.people(room, 2)
    hollis = at_queue(windows, house.stranger(role="moderator"))
    kay = windows(house.stranger(role="clinician"))
    kay.open("/moderation/handovers/")
    writing, reading = (in_room(windows, room, each.cookie) for each in (person, other))

    writing.say(PLAN)
    card = writing.page.locator("[data-part=cards]")
    expect(card.get_by_role("heading", name="You are not alone with this.")).to_be_visible(timeout=2000)
    expect(card.get_by_role("link", name="Call 988")).to_be_visible()
    expect(writing.waiting(PLAN)).to_contain_text("This waits for a moderator.")
    assert not reading.has_heard("pills")

    crisis = newest(hollis, "Juniper group")
    expect(crisis).to_contain_text("Crisis")
    expect(crisis).to_contain_text("4 min left")
    assert hollis.page.locator("[data-case]").first.get_attribute("data-severity") == "crisis"
    open_case(hollis, "Juniper group")
    page = hollis.page
    page.get_by_role("button", name="Claim").click()
    expect(card).to_contain_text("A moderator has seen this and is looking after it.")
    page.get_by_role("button", name="Show the messages").click()
    expect(page.get_by_text(PLAN)).to_be_visible()
    form(hollis, "Hand over to a clinician").click()
    page.get_by_label("What they should know").fill("Please call. They are at home.")
    page.get_by_role("button", name="Hand over", exact=True).click()

    waiting = kay.page.locator("[data-handover]", has_text="Juniper group")
    expect(waiting).to_contain_text("Suicide or self-harm")
    waiting.get_by_role("button", name="I take this").click()
    expect(kay.page.get_by_text(PLAN)).to_be_visible()
    expect(kay.page.get_by_text("Please call. They are at home.")).to_be_visible()
    expect(card).to_contain_text("A clinician")
    expect(page.locator("[data-slot=standing]")).to_contain_text("took this hand-over")
    assert not reading.has_heard("pills")


def test_from_a_mute_to_an_appeal_that_a_second_moderator_answers(windows: Windows, house: House) -> None:
    room = house.room("Rowan group")
    author, reader = house.people(room, 2)
    hollis, bertrand = (at_queue(windows, house.stranger(role="moderator")) for _ in range(2))
    writing, reading = (in_room(windows, room, each.cookie) for each in (author, reader))
    writing.say(HARSH)
    reading.choose(HARSH, "Tell a moderator")
    reading.page.get_by_label("It is cruel").check()
    reading.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(reading.page.get_by_role("heading", name="A moderator will look")).to_be_visible()

    open_case(hollis, "Rowan group")
    page = hollis.page
    page.get_by_role("button", name="Claim").click()
    form(hollis, "Keep them from writing, or out").click()
    page.get_by_label("Cannot write for a time").check()
    page.get_by_label("The reason that the person reads").fill("You called others weak. Please rest for a while.")
    page.get_by_role("button", name="Do it").click()
    card = writing.page.locator("[data-part=cards]")
    expect(card).to_contain_text("You called others weak. Please rest for a while.")
    expect(writing.composer).to_be_disabled()

    card.get_by_text("Do you see it differently?").click()
    card.get_by_role("textbox").fill("I was quoting a song.")
    card.get_by_role("button", name="Ask for another look").click()
    appeal = bertrand.page.locator("[data-case]", has_text="Appeal").filter(has_text="Rowan group")
    expect(appeal).to_have_count(1)
    hollis.open("/moderation/")
    expect(hollis.page.locator("[data-case]", has_text="Appeal").filter(has_text="Rowan group")).to_have_count(0)

    appeal.get_by_role("link").first.click()
    second = bertrand.page
    second.get_by_role("button", name="Claim").click()
    expect(second.get_by_text("I was quoting a song.")).to_be_visible()
    form(bertrand, "Answer the appeal").click()
    second.get_by_label("The sanction was lifted").check()
    second.get_by_role("textbox").filter(visible=True).first.fill("You are right. Welcome back.")
    second.get_by_role("button", name="Send and resolve").click()
    expect(card).to_contain_text("You are right. Welcome back.")
    expect(writing.composer).to_be_enabled()
    writing.say("Thank you.")
    expect(reading.message("Thank you.")).to_be_attached()
