"""The cards of one person: at once in a crisis, live as the matter goes on, without taking the focus or the field to write in."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House, Person

pytestmark = pytest.mark.browser

CRISIS = "I cannot go on. I am going to kill myself tonight."
HARSH = "You are all so very weak."


def cards(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-part=cards]")


def in_room(windows: Windows, room: str, cookie: str, **window: object) -> Visitor:
    visitor = windows(cookie, **window)  # type: ignore[arg-type]
    visitor.enter(room)
    return visitor


def matter(house: House, author: Person, flagger: Person) -> tuple[str, str]:
    """A case about the author, and the moderator who has claimed it."""
    message = house.office("post", cookie=author.cookie, room=author.room, body=HARSH)
    case = house.office("flag", cookie=flagger.cookie, room=author.room, message=message["id"])
    moderator = house.stranger(role="moderator")
    house.office("claim", cookie=moderator, case=case)
    return case, moderator


def case_about(house: House, room: str) -> str:
    """Opened right after the message that it is about was stored."""
    return eventually(lambda: next((str(each["id"]) for each in house.office("cases") if each["room_id"] == room), ""))


def eventually(found: Callable[[], str]) -> str:
    for _ in range(100):
        if it := found():
            return it
        time.sleep(0.1)
    raise TimeoutError


def test_crisis_words_bring_the_card_at_once_and_it_says_when_somebody_is_there(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    writing, reading = in_room(windows, room, person.cookie), in_room(windows, room, other.cookie)
    reading.say("Good evening.")
    expect(writing.message("Good evening.")).to_be_visible()
    writing.say(CRISIS)
    card = cards(writing)
    expect(card.get_by_role("heading", name="You are not alone with this.")).to_be_visible(timeout=2_000)
    expect(card).to_contain_text("A person is being told.")
    expect(card.get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")
    expect(writing.composer).to_be_focused()  # nobody's hands are taken off the keys
    expect(writing.page.locator("[data-part=cards-said]")).to_contain_text("You are not alone with this.")
    case = case_about(house, room)
    house.office("claim", cookie=house.stranger(role="moderator"), case=case)
    expect(card).to_contain_text("A moderator has seen this and is looking after it.")
    expect(card.get_by_role("heading")).to_have_count(2)  # the region's and one card's
    expect(cards(reading)).to_be_hidden()
    assert not reading.has_heard("card")


def test_the_card_needs_no_server_once_the_answer_is_there(windows: Windows, house: House) -> None:
    room = house.room()
    writing = in_room(windows, room, house.person(room).cookie)
    writing.watch.expect("net::ERR_FAILED")
    writing.page.route("**/cards/**", lambda route: route.abort())
    writing.say(CRISIS)
    card = cards(writing)
    expect(card.get_by_role("link", name="Call 988")).to_be_visible()
    card.get_by_role("button", name="Put away").click()
    expect(card).to_be_hidden()


def test_a_crisis_card_is_still_there_after_a_reload_and_on_other_pages_until_it_is_put_away(
    windows: Windows, house: House
) -> None:
    room = house.room()
    writing = in_room(windows, room, house.person(room).cookie)
    writing.say(CRISIS)
    expect(cards(writing).get_by_role("heading", name="You are not alone")).to_be_visible()
    case_about(house, room)  # the page's own card is there before the one that is stored
    writing.enter(room)
    expect(cards(writing).get_by_role("heading", name="You are not alone")).to_be_visible()
    for path in ("/account/", "/"):
        writing.open(path)
        expect(writing.page.get_by_role("heading", name="You are not alone")).to_be_visible()
    cards(writing).get_by_role("button", name="Put away").click()
    expect(cards(writing)).to_be_hidden()
    writing.enter(room)
    expect(cards(writing)).to_be_hidden()


def test_a_check_in_comes_live_is_answered_and_the_answer_reaches_the_case(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    writing = in_room(windows, room, person.cookie)
    writing.write("half a sentence")
    house.office("write_letter", cookie=moderator, case=case, kind="check_in", text="How are you tonight?")
    card = cards(writing)
    expect(card).to_contain_text("How are you tonight?")
    expect(writing.composer).to_be_focused()
    expect(writing.composer).to_have_value("half a sentence")
    card.get_by_label("Only the moderators read this").fill("Not so good.")
    card.get_by_role("button", name="Send the answer").click()
    expect(card).to_contain_text("You answered:")
    expect(card).to_contain_text("Not so good.")
    assert house.office("answers", case=case) == ["Not so good."]
    assert person.pseudonym not in str(writing.page.url)


def test_what_is_typed_into_a_card_stays_when_another_one_comes(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    writing = in_room(windows, room, person.cookie)
    house.office("write_letter", cookie=moderator, case=case, kind="check_in", text="How are you tonight?")
    field = cards(writing).get_by_label("Only the moderators read this")
    field.fill("I wanted to say")
    house.office("write_letter", cookie=moderator, case=case, kind="warning", text="Please be kind.")
    expect(cards(writing)).to_contain_text("Please be kind.")
    expect(field.first).to_have_value("I wanted to say")
    expect(field.first).to_be_focused()


def test_an_answer_that_did_not_arrive_says_so_and_stays(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    house.office("write_letter", cookie=moderator, case=case, kind="check_in", text="How are you tonight?")
    writing = in_room(windows, room, person.cookie)
    writing.watch.expect("net::ERR_FAILED")
    writing.page.route("**/cards/**", lambda route: route.abort())
    field = cards(writing).get_by_label("Only the moderators read this")
    field.fill("Not so good.")
    cards(writing).get_by_role("button", name="Send the answer").click()
    expect(writing.page.locator("[data-part=cards-said]")).to_contain_text("did not reach the server")
    expect(field).to_have_value("Not so good.")


def test_a_mute_is_told_appealed_and_lifted_by_somebody_else_all_on_one_page(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    writing = in_room(windows, room, person.cookie)
    sanction = house.office(
        "sanction", cookie=moderator, case=case, kind="mute", reason="You told others to give up.", minutes=90
    )
    card = cards(writing)
    expect(card).to_contain_text("You cannot write in Lantern group for now")
    expect(card).to_contain_text("You told others to give up.")
    expect(writing.composer).to_be_disabled()
    card.get_by_text("Do you see it differently?").click()
    card.get_by_role("textbox").fill("I was quoting a song.")
    card.get_by_role("button", name="Ask for another look").click()
    expect(card).to_contain_text("You asked for another look.")
    second = house.stranger(role="moderator")
    house.office("decide", cookie=second, sanction=sanction, decision="lifted", answer="You are right, and welcome.")
    expect(card).to_contain_text("Somebody else looked at it, and lifted it")
    expect(card).to_contain_text("You are right, and welcome.")
    expect(writing.composer).to_be_enabled()
    writing.say("Thank you.")
    expect(writing.message("Thank you.")).to_be_visible()


def test_a_message_that_waits_is_seen_by_its_author_alone_and_settles_into_its_place(
    windows: Windows, house: House
) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    writing, reading = in_room(windows, room, person.cookie), in_room(windows, room, other.cookie)
    writing.say(SALE)
    waiting = writing.waiting(SALE)
    expect(waiting).to_contain_text("This waits for a moderator. Nobody else sees it yet.")
    writing.enter(room)
    expect(writing.waiting(SALE)).to_have_count(1)
    assert not reading.has_heard("oxy")
    case = case_about(house, room)
    moderator = house.stranger(role="moderator")
    house.office("claim", cookie=moderator, case=case)
    house.office("settle_held", cookie=moderator, case=case, held=held_in(house, case))
    expect(reading.message(SALE)).to_be_visible()
    expect(writing.message(SALE)).to_have_count(1)
    expect(writing.waiting(SALE)).to_have_count(0)
    expect(cards(writing)).to_contain_text("Your message is in Lantern group now")


def test_a_message_that_is_refused_gives_its_words_back_to_change(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    writing, reading = in_room(windows, room, person.cookie), in_room(windows, room, other.cookie)
    writing.say(SALE)
    expect(writing.waiting(SALE)).to_contain_text("This waits for a moderator.")
    case = case_about(house, room)
    moderator = house.stranger(role="moderator")
    house.office("claim", cookie=moderator, case=case)
    why = "We do not sell here. Tell us how you are instead?"
    house.office("settle_held", cookie=moderator, case=case, held=held_in(house, case), why=why)
    card = cards(writing)
    expect(card).to_contain_text(why)
    expect(writing.waiting(SALE)).to_have_count(0)
    card.get_by_text("What you wrote").click()
    card.get_by_role("button", name="Change it and send it again").click()
    expect(writing.composer).to_have_value(SALE)
    expect(card).to_be_hidden()
    writing.say("I am short of money and scared.")
    expect(reading.message("I am short of money and scared.")).to_be_visible()
    assert not reading.has_heard("oxy")


SALE = "I sell oxy, 20 pills, dm me for the price"


def held_in(house: House, case: str) -> str:
    found: str = house.office("held_of", case=case)
    return found


def test_without_javascript_cards_are_read_answered_and_put_away(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    house.office("write_letter", cookie=moderator, case=case, kind="check_in", text="How are you tonight?")
    reading = windows(person.cookie, script=False)
    reading.open(f"/rooms/{room}/")
    page = reading.page
    page.get_by_label("Only the moderators read this").fill("Not so good.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lantern group")
    expect(page.get_by_text("You answered:")).to_be_visible()
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("How are you tonight?")).to_be_hidden()
    reading.open("/cards/all/")
    page.locator("summary", has_text="Put away").click()
    expect(page.get_by_text("How are you tonight?")).to_be_visible()


def test_the_list_of_rooms_hears_of_a_new_card_too(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    reading = windows(person.cookie)
    reading.open("/")
    expect(cards(reading)).to_be_hidden()
    reading.page.wait_for_timeout(1000)  # until its socket follows
    house.office("write_letter", cookie=moderator, case=case, kind="warning", text="Please be kind.")
    expect(cards(reading)).to_contain_text("Please be kind.")


@pytest.mark.parametrize("place", ["the room", "the list of rooms"])
def test_a_card_that_is_stored_between_the_page_and_its_socket_is_asked_for(
    windows: Windows, house: House, place: str
) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    reading = windows(person.cookie)

    def stored_first(socket: WebSocketRoute) -> None:
        house.office("write_letter", cookie=moderator, case=case, kind="warning", text="Please be kind.")
        time.sleep(1.5)  # until every process has told those who followed by then
        socket.connect_to_server()

    reading.page.route_web_socket("**/ws/**", stored_first)
    reading.open(f"/rooms/{room}/" if place == "the room" else "/")
    expect(cards(reading)).to_contain_text("Please be kind.")
    assert not reading.has_heard('"topic":"mine"')


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 420), (390, 844), (1440, 900)])
def test_many_cards_never_hide_the_field_to_write_in(windows: Windows, house: House, width: int, height: int) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    house.office("post", cookie=person.cookie, room=room, body=CRISIS)
    for kind in ("check_in", "warning", "care", "released", "handled"):
        house.office("write_letter", cookie=moderator, case=case, kind=kind, text="A few words. " * 20)
    visitor = in_room(windows, room, person.cookie, width=width, height=height)
    expect(cards(visitor).get_by_role("heading", name="You are not alone")).to_be_in_viewport()
    box, inner = visitor.composer.bounding_box(), visitor.page.viewport_size
    assert box is not None
    assert inner is not None
    assert box["y"] + box["height"] <= inner["height"]
    check_fits(visitor.page)
    visitor.page.locator(".room-cards summary").first.click()
    expect(cards(visitor).get_by_role("heading", name="You are not alone")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1440])
def test_every_card_is_readable_and_can_be_pressed(windows: Windows, house: House, width: int) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    house.office("post", cookie=person.cookie, room=room, body=CRISIS)
    for kind in ("check_in", "warning", "care", "refused", "released", "handled"):
        house.office("write_letter", cookie=moderator, case=case, kind=kind, text="A few words.")
    house.office("sanction", cookie=moderator, case=case, kind="mute", reason="For now.", minutes=90)
    visitor = in_room(windows, room, person.cookie, width=width, height=844)
    for path in ("", "/", "/cards/all/"):
        if path:
            visitor.open(path)
        check_readable(visitor.page)
        check_fits(visitor.page)
        check_targets(visitor.page, 44, of=".own-card .button, .own-card summary, .room-cards summary")


def test_the_page_of_who_cannot_sign_in_is_readable_and_takes_the_appeal(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    case, moderator = matter(house, person, other)
    sanction = house.office(
        "sanction", cookie=moderator, case=case, kind="suspend", reason="You threatened somebody.", minutes=600
    )
    link = house.office("access_link", sanction=sanction)
    for width in (320, 1440):
        visitor = windows(width=width, height=844)
        visitor.open(link)
        check_readable(visitor.page)
        check_fits(visitor.page)
    page = visitor.page
    expect(page.get_by_text("You threatened somebody.")).to_be_visible()
    expect(page.get_by_role("link", name="Call 988")).to_be_visible()
    page.get_by_text("Do you see it differently?").click()
    page.get_by_role("textbox").fill("It was not me who began.")
    page.get_by_role("button", name="Ask for another look").click()
    expect(page.get_by_text("You asked for another look.")).to_be_visible()
