"""A page works for reading and writing where no script runs."""

import re

import pytest
from playwright.sync_api import expect

from rooms.demo_program import PASSWORD
from tests.browser.visitor import Windows
from tests.live.house import House

pytestmark = pytest.mark.browser


def test_a_person_reads_writes_gets_help_and_leaves_without_javascript(
    windows: Windows, house: House, elsewhere: str
) -> None:
    visitor = windows(script=False)
    page = visitor.page
    visitor.watch.expect("status of 422")
    visitor.open("/account/login/")
    page.get_by_label("E-mail").fill("client.two@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Anxiety group").click()
    expect(visitor.message("Doing the supermarket at six today.")).to_be_visible()
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_hidden()

    visitor.write("Posted by a plain form.")
    page.get_by_role("button", name="Send").click()
    expect(visitor.message("Posted by a plain form.")).to_be_visible()
    expect(visitor.message("Posted by a plain form.")).to_be_in_viewport()
    expect(visitor.composer).to_be_empty()

    visitor.write("Call me at 415 555 2671")
    page.get_by_role("button", name="Send").click()
    expect(visitor.error).to_contain_text("it was not sent")
    expect(visitor.composer).to_have_value("Call me at 415 555 2671")
    expect(visitor.message("415 555 2671")).to_have_count(0)

    visitor.warn("Buses")
    visitor.write("The bus again.")
    page.get_by_role("button", name="Send").click()
    words = visitor.message("The bus again.").get_by_text("The bus again.")
    expect(words).to_be_visible()  # one's own is open
    visitor.message("The bus again.").locator("summary").click()
    expect(words).to_be_hidden()

    page.get_by_role("link", name="Help now").click()
    expect(page.get_by_role("link", name="Call 988").first).to_have_attribute("href", "tel:988")
    page.get_by_role("button", name="Leave quickly").click()
    expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
    assert page.url == elsewhere
    visitor.open("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_older_pages_are_there_without_javascript(windows: Windows, house: House) -> None:
    room = house.room()
    person, other = house.people(room, 2)
    house.office("post_many", cookie=other.cookie, room=room, count=120, length=20)
    visitor = windows(person.cookie, script=False)
    visitor.open(f"/rooms/{room}/")
    expect(visitor.message("119 mmm")).to_be_in_viewport()
    for first in ("20 mmm", "0 mmm"):
        visitor.page.get_by_role("link", name="Older messages").click()
        expect(visitor.message(first).first).to_be_attached()
    expect(visitor.page.get_by_role("link", name="Older messages")).to_be_hidden()
    expect(visitor.page.get_by_text("This is where the conversation begins.")).to_be_visible()


def test_the_side_panels_of_a_phone_open_without_javascript(windows: Windows, house: House) -> None:
    visitor = windows(house.office("sign_in", email="client.one@demo.example"), width=390, height=844, script=False)
    visitor.open(f"/rooms/{house.office('room_named', name='Anxiety group')}/")
    page = visitor.page
    page.get_by_role("button", name=re.compile("About")).click()
    expect(page.get_by_role("heading", name="About this room")).to_be_visible()
    page.locator("#about-panel").get_by_role("link", name="Close").click()
    expect(page.get_by_role("heading", name="About this room")).to_be_hidden()
    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("link", name="Ayuda ahora")).to_be_visible()
