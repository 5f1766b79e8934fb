"""Telling a moderator from the room, and what moderators do to a room as those in it see it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser

WORDS = "You are all so very weak."


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Tell a moderator")


def in_room(windows: Windows, house: House, room: str, cookie: str, **window: object) -> Visitor:
    visitor = windows(cookie, **window)  # type: ignore[arg-type]
    visitor.enter(room)
    return visitor


def test_a_message_is_flagged_and_nobody_in_the_room_hears_of_it(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    writing, reading = (in_room(windows, house, room, each.cookie) for each in (author, reader))
    writing.say(WORDS)
    heard = len(writing.heard)
    reading.choose(WORDS, "Tell a moderator")
    page = reading.page
    expect(dialog(page)).to_contain_text(f"About a message of {author.pseudonym}")
    page.get_by_label("It is cruel").check()
    page.get_by_label("In your words").fill("This hurt me.")
    dialog(page).get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="A moderator will look")).to_be_visible()
    expect(page.get_by_text("Nobody in the room sees that you told us.").last).to_be_visible()
    page.get_by_role("button", name="Back to the room").click()
    assert house.office("cases")[-1]["room_id"] == room
    assert reading.message(WORDS).is_visible()  # flagged is not muted
    writing.say("And another one.")
    expect(reading.message("And another one.")).to_be_visible()
    assert not [frame for frame in writing.heard[heard:] if re.search("flag|moved", frame)]


def test_flagging_offers_to_mute_and_does_not_do_it_by_itself(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    house.office("post", cookie=author.cookie, room=room, body=WORDS)
    reading = in_room(windows, house, room, reader.cookie)
    reading.choose(WORDS, "Tell a moderator")
    reading.page.get_by_label("Something else").check()
    dialog(reading.page).get_by_role("button", name="Send").click()
    reading.page.locator("dialog[open]").get_by_role("button", name=f"Mute {author.pseudonym} for me").click()
    expect(reading.message(WORDS)).to_be_hidden()
    expect(reading.page.get_by_text(f"You will not see what {author.pseudonym} writes")).to_be_visible()


def test_a_member_is_flagged_from_the_list_of_members_by_keyboard(windows: Windows, house: House) -> None:
    room = house.room()
    other, reader = house.people(room, 2)
    reading = in_room(windows, house, room, reader.cookie)
    page = reading.page
    button = page.get_by_role("button", name=f"Tell a moderator: {other.pseudonym}")
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text(f"About {other.pseudonym}")
    page.keyboard.press("Space")  # the first reason
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Back to the room")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert house.office("cases")[-1]["severity"] == "crisis"


def test_the_focus_comes_back_to_the_member_although_somebody_came_meanwhile(windows: Windows, house: House) -> None:
    room = house.room()
    other, reader, late = house.people(room, 3)
    page = in_room(windows, house, room, reader.cookie).page
    button = page.get_by_role("button", name=f"Tell a moderator: {other.pseudonym}")
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text(f"About {other.pseudonym}")
    in_room(windows, house, room, late.cookie)
    expect(page.locator(".member--here", has_text=late.pseudonym)).to_be_attached()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_escape_closes_the_dialog_and_keeps_what_was_typed(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    house.office("post", cookie=author.cookie, room=room, body=WORDS)
    reading = in_room(windows, house, room, reader.cookie)
    page = reading.page
    reading.choose(WORDS, "Tell a moderator")
    page.get_by_label("In your words").fill("I was thinking about")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    assert f"/rooms/{room}/" in page.url
    reading.choose(WORDS, "Tell a moderator")
    expect(page.get_by_label("In your words")).to_have_value("I was thinking about")


def test_what_did_not_arrive_says_so_and_stays(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    house.office("post", cookie=author.cookie, room=room, body=WORDS)
    reading = in_room(windows, house, room, reader.cookie)
    page = reading.page
    for number in range(6):  # as many as a minute takes
        message = house.office("post", cookie=author.cookie, room=room, body=f"weak {number}")
        reading.choose(f"weak {number}", "Tell a moderator")
        page.get_by_label("Something else").check()
        dialog(page).get_by_role("button", name="Send").click()
        page.get_by_role("button", name="Back to the room").click()
        assert message
    reading.choose(WORDS, "Tell a moderator")
    page.get_by_label("Something else").check()
    page.get_by_label("In your words").fill("Still here.")
    dialog(page).get_by_role("button", name="Send").click()
    expect(dialog(page).get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("In your words")).to_have_value("Still here.")


def test_ones_own_message_offers_no_flag(windows: Windows, house: House) -> None:
    room = house.room()
    author = house.person(room)
    writing = in_room(windows, house, room, author.cookie)
    writing.say(WORDS)
    writing.ask_what_to_do(WORDS)
    expect(writing.menu.get_by_role("button", name="Tell a moderator")).to_be_hidden()
    expect(writing.page.locator("[data-part=members] [data-slot=flag]:visible")).to_have_count(0)


def test_without_javascript_the_same_is_a_page(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    house.office("post", cookie=author.cookie, room=room, body=WORDS)
    reading = windows(reader.cookie, script=False)
    reading.watch.expect("status of 422")
    reading.open(f"/rooms/{room}/")
    page = reading.page
    page.locator("[data-part=messages]").get_by_role("link", name="Tell a moderator").click()
    page.get_by_label("It is cruel").check()
    page.get_by_role("button", name="Tell a moderator").click()
    expect(page.get_by_role("heading", name="A moderator will look")).to_be_visible()
    page.get_by_role("button", name=f"Mute {author.pseudonym} for me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lantern group")
    expect(page.get_by_text(WORDS)).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_dialog_and_the_page_are_readable_and_fit(windows: Windows, house: House, width: int) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    message = house.office("post", cookie=author.cookie, room=room, body=WORDS)
    reading = in_room(windows, house, room, reader.cookie, width=width, height=844)
    reading.choose(WORDS, "Tell a moderator")
    expect(dialog(reading.page)).to_be_visible()
    check_readable(reading.page)
    check_fits(reading.page)
    check_targets(reading.page, 44, of=".flag .button, .flag__reason")
    reading.open(f"/rooms/{room}/flag/?message={message['id']}")
    check_readable(reading.page)
    check_fits(reading.page)


# --- what moderators do, seen from the room ------------------------------------------------------------------------------


def test_a_message_goes_and_comes_back_before_everybodys_eyes(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    message = house.office("post", cookie=author.cookie, room=room, body=WORDS)
    seen = [in_room(windows, house, room, each.cookie) for each in (author, reader)]
    house.office("steward", verb="redact", room=room, id=message["id"])
    for each in seen:
        expect(each.message("A moderator took this message out.")).to_be_visible()
        expect(each.message(WORDS)).to_have_count(0)
    house.office("steward", verb="restore", room=room, id=message["id"])
    for each in seen:
        expect(each.message(WORDS)).to_be_visible()


def test_a_blurred_message_folds_for_readers_and_stays_open_for_its_author(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    message = house.office("post", cookie=author.cookie, room=room, body=WORDS)
    writing, reading = (in_room(windows, house, room, each.cookie) for each in (author, reader))
    house.office("steward", verb="blur", room=room, id=message["id"])
    folded = reading.page.locator("[data-part=messages] > li", has_text="A moderator folded this.")
    expect(folded).to_be_visible()
    expect(folded.get_by_text(WORDS)).to_be_hidden()
    folded.get_by_text("Show it").click()
    expect(folded.get_by_text(WORDS)).to_be_visible()
    expect(writing.page.get_by_text(WORDS)).to_be_visible()
    house.office("steward", verb="unblur", room=room, id=message["id"])
    expect(reading.page.get_by_text("A moderator folded this.")).to_be_hidden()
    expect(reading.page.get_by_text(WORDS)).to_be_visible()


def test_finding_a_blurred_message_does_not_unfold_it(windows: Windows, house: House) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    message = house.office("post", cookie=author.cookie, room=room, body=WORDS)
    house.office("steward", verb="blur", room=room, id=message["id"])
    reading = in_room(windows, house, room, reader.cookie)
    reading.page.get_by_role("button", name="Search", exact=True).first.click()
    reading.page.get_by_label("Words to look for").fill("weak")
    reading.page.keyboard.press("Enter")
    found = reading.page.locator("[data-slot=results] li")
    expect(found).to_contain_text("A moderator folded this.")
    expect(found).not_to_contain_text(WORDS)


def test_the_rules_of_a_room_show_and_end_without_a_reload(windows: Windows, house: House) -> None:
    room = house.room()
    reading = in_room(windows, house, room, house.person(room).cookie)
    reading.write("I was about to say")
    rules = reading.page.locator("[data-part=rules]")
    expect(rules).to_be_hidden()
    house.office("steward", verb="slow", room=room, seconds=30, minutes=5)
    expect(rules).to_contain_text("One message every 30 seconds for now.")
    house.office("steward", verb="notice", room=room, text="We take it slowly tonight.", minutes=5)
    expect(rules).to_contain_text("From a moderator: We take it slowly tonight.")
    expect(reading.composer).to_be_enabled()
    house.office("steward", verb="lock", room=room, minutes=0.1)
    expect(rules).to_contain_text("A moderator has closed this room until")
    expect(rules.get_by_role("link", name="Somebody to talk to now")).to_be_visible()
    expect(reading.composer).to_be_disabled()
    expect(reading.composer).to_be_enabled()  # six seconds later, by itself
    expect(reading.composer).to_have_value("I was about to say")


def test_who_is_muted_sees_until_when_and_where_to_ask(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    muted, free = (in_room(windows, house, room, each.cookie) for each in (person, other))
    house.office("steward", verb="mute", member=person.member, minutes=30)
    expect(muted.page.locator("[data-part=rules]")).to_contain_text("You cannot write in this room until")
    expect(muted.composer).to_be_disabled()
    expect(free.composer).to_be_enabled()
    muted.page.get_by_role("link", name="Why, and what you can do").click()
    expect(muted.page.get_by_role("heading", level=1)).to_have_text("For you alone")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_room_with_all_its_rules_is_readable_and_leaves_the_field(windows: Windows, house: House, width: int) -> None:
    room = house.room()
    author, reader = house.people(room, 2)
    ids = [house.office("post", cookie=author.cookie, room=room, body=f"{WORDS} {n}")["id"] for n in range(2)]
    for verb, id in zip(("blur", "redact"), ids, strict=True):
        house.office("steward", verb=verb, room=room, id=id)
    house.office("steward", verb="slow", room=room, seconds=30, minutes=5)
    house.office("steward", verb="notice", room=room, text="We take it slowly tonight. " * 8, minutes=5)
    reading = in_room(windows, house, room, reader.cookie, width=width, height=844)
    check_readable(reading.page)
    check_fits(reading.page)
    expect(reading.composer).to_be_in_viewport()
