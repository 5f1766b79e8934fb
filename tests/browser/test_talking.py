"""Two people talk, live and under pseudonyms, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import expect

from rooms.demo_program import PASSWORD
from tests.browser.visitor import Visitor, Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

NAMES = re.compile(r"\bAda\b|\bBen\b|Demo-|demo\.example")


def sign_in(visitor: Visitor, email: str) -> None:
    visitor.open("/account/login/")
    visitor.page.get_by_label("E-mail").fill(email)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.page.get_by_role("heading", name=re.compile("Good to see you"))).to_be_visible()


def test_two_people_of_the_anxiety_group_talk_live_and_know_only_pseudonyms(windows: Windows, house: House) -> None:
    ada, ben = windows(), windows()
    for visitor, email in ((ada, "client.one@demo.example"), (ben, "client.two@demo.example")):
        sign_in(visitor, email)
        visitor.page.get_by_role("link", name="Anxiety group").click()
        expect(visitor.page.get_by_role("heading", name="Anxiety group")).to_be_visible()
    expect(ada.page.get_by_text("2 here now").first).to_be_visible()

    ada.write("I will try the bus tomorrow.")
    ada.composer.press("End")
    ada.composer.press_sequentially("!")
    expect(ben.page.get_by_text("Quiet Heron is writing…")).to_be_visible()
    ada.page.get_by_role("button", name="Send").click()
    expect(ben.message("I will try the bus tomorrow.!")).to_contain_text("Quiet Heron")
    expect(ben.page.get_by_text("Quiet Heron is writing…")).to_be_hidden()

    ben.choose("I will try the bus tomorrow.!", "Reply")
    ben.say("One stop is enough.")
    answer = ada.message("One stop is enough.")
    expect(answer).to_contain_text("Steady River")
    expect(answer.get_by_role("link", name="I will try the bus tomorrow.!")).to_be_visible()

    ada.choose("One stop is enough.", "Heart")
    expect(ben.message("One stop is enough.").get_by_role("button", name="Heart: 1 person")).to_be_visible()

    ada.choose("I will try the bus tomorrow.!", "Edit")
    ada.write("I will try the train tomorrow.")
    ada.page.get_by_role("button", name="Save").click()
    expect(ben.message("I will try the train tomorrow.")).to_contain_text("edited")
    expect(ben.message("One stop is enough.")).to_contain_text("I will try the train tomorrow.")

    ada.choose("I will try the train tomorrow.", "Take back")
    ada.page.get_by_role("button", name="Take it back").click()
    expect(ben.message("This message was taken back.").last).to_contain_text("Quiet Heron")
    expect(ben.page.get_by_text("I will try the train tomorrow.")).to_have_count(0)

    for visitor in (ada, ben):
        assert visitor.heard
        assert not [frame for frame in visitor.heard if NAMES.search(frame)]
        assert not NAMES.search(visitor.page.content())


def test_what_was_taken_back_is_in_nobodys_quotes(windows: Windows, house: House) -> None:
    room = house.room()
    ines, teodor = (windows(person.cookie) for person in house.people(room, 2))
    ines.enter(room)
    teodor.enter(room)
    ines.say("Words that I regret.")
    teodor.choose("Words that I regret.", "Reply")
    teodor.say("I heard you.")
    expect(ines.message("I heard you.")).to_contain_text("Words that I regret.")
    ines.choose("Words that I regret.", "Take back")
    ines.page.get_by_role("button", name="Take it back").click()
    for visitor in (ines, teodor):
        expect(visitor.message("I heard you.")).to_contain_text("a message that is folded or was taken back")
        expect(visitor.page.get_by_text("Words that I regret.")).to_have_count(0)


def test_a_message_can_be_edited_for_fifteen_minutes_and_taken_back_at_any_time(windows: Windows, house: House) -> None:
    room = house.room()
    author = house.person(room)
    house.office("post", cookie=author.cookie, room=room, body="Written long ago.", days_ago=0.011)
    visitor = windows(author.cookie)
    visitor.enter(room)
    visitor.ask_what_to_do("Written long ago.")
    expect(visitor.menu.get_by_role("button", name="Edit")).to_be_hidden()
    expect(visitor.menu.get_by_role("button", name="Take back")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    visitor.say("Written now.")
    visitor.ask_what_to_do("Written now.")
    expect(visitor.menu.get_by_role("button", name="Edit")).to_be_visible()


def test_a_muted_person_is_not_read_any_more_and_does_not_know(windows: Windows, house: House) -> None:
    room = house.room()
    reader, loud = house.people(room, 2)
    reading, talking = windows(reader.cookie), windows(loud.cookie)
    reading.enter(room)
    talking.enter(room)
    talking.say("Before the mute.")
    reading.choose("Before the mute.", f"Mute {loud.pseudonym} for me")
    expect(reading.message("Before the mute.")).to_be_hidden()
    talking.say("After the mute.")
    expect(talking.message("After the mute.")).to_be_visible()
    reading.say("Something of my own.")
    expect(talking.message("Something of my own.")).to_be_visible()
    expect(reading.message("After the mute.")).to_be_hidden()
    assert not talking.has_heard('mute"')
    reading.page.get_by_role("button", name=f"Show {loud.pseudonym} again").click()
    expect(reading.message("After the mute.")).to_be_visible()


def test_two_windows_of_one_person_show_the_same(windows: Windows, house: House) -> None:
    room = house.room()
    person = house.person(room)
    phone, desk = windows(person.cookie, width=390, touch=True), windows(person.cookie)
    phone.enter(room)
    desk.enter(room)
    phone.say("From the phone.")
    expect(desk.message("From the phone.")).to_contain_text("You")
    expect(phone.message("From the phone.")).to_have_count(1)
    expect(desk.page.get_by_text("1 here now").first).to_be_visible()
