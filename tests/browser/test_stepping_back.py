"""A mentor knows the client outside of here, or cannot be covered for one of theirs, or is suspended: what everybody reads then."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Scheme, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])


def looks_well(*pages: Page) -> None:
    for page in pages:
        check_fits(page)
        check_readable(page)
        check_targets(page)


@LOOKS
def test_a_mentor_steps_back_and_the_client_reads_it_kindly_at_once(
    windows: Windows, house: House, width: int, scheme: Scheme
) -> None:
    client, mentor = house.thread()
    home = windows(client.cookie, width=width, scheme=scheme)
    home.enter(client.room)
    desk = windows(mentor.cookie, width=width, scheme=scheme)
    desk.enter(mentor.room)
    opener = desk.page.get_by_role("button", name="About", exact=True)
    if opener.is_visible():
        opener.click()
    desk.page.get_by_text("I know this person outside of here").click()
    looks_well(desk.page)
    desk.page.get_by_role("button", name="Yes, step back").click()
    expect(desk.page.get_by_text("You stepped back from this thread.")).to_be_visible()
    expect(home.page.get_by_text("Juniper cannot go on in this thread. This is not about you")).to_be_visible(
        timeout=15_000
    )
    expect(home.composer).to_be_disabled()
    looks_well(desk.page, home.page)
    home.open("/mentor/")
    expect(home.page.get_by_role("heading", name="You are in line for a mentor")).to_be_visible()
    looks_well(home.page)


def test_without_a_script_too(windows: Windows, house: House) -> None:
    client, mentor = house.thread()
    desk = windows(mentor.cookie, width=390, script=False)
    desk.open(f"/thread/{house.office('thread_of', room=mentor.room)}/")
    desk.page.get_by_text("I know this person outside of here").click()
    desk.page.get_by_role("button", name="Yes, step back").click()
    expect(desk.page.get_by_text("You stepped back from this thread.").first).to_be_visible()
    home = windows(client.cookie, width=390, script=False)
    home.open("/mentor/")
    expect(home.page.get_by_text("Your mentor could not go on.")).to_be_visible()


@LOOKS
def test_a_client_whom_the_cover_cannot_take_is_named_to_mentor_and_coordinator(
    windows: Windows, house: House, width: int, scheme: Scheme
) -> None:
    client, mentor = house.thread()
    also, wren = house.stranger(), house.stranger(role="mentor")
    house.office("pair", client=also, mentor=mentor.cookie, pseudonym="Brown Robin")
    house.office("certify", cookie=wren, called="Wren")
    house.office("go_away", mentor=mentor.cookie, cover=wren, within=2)
    house.office("keep_apart", client=client.cookie, mentor=wren)
    desk = windows(mentor.cookie, width=width, scheme=scheme)
    desk.open("/mentoring/respite/")
    desk.page.get_by_role("button", name="Begin now").click()
    expect(
        desk.page.get_by_text("It has begun. Wren is there for the clients now. 1 client has nobody yet.")
    ).to_be_visible()
    left = desk.page.locator(".notice", has_text="Nobody is there yet for:")
    expect(left.get_by_role("listitem")).to_have_text(["Gray Wren"])
    office = windows(house.stranger(role="coordinator"), width=width, scheme=scheme)
    office.open(f"/mentoring/load/{house.office('account_of', cookie=mentor.cookie)}/")
    expect(office.page.get_by_text("1 client has nobody meanwhile:")).to_be_visible()
    looks_well(desk.page, office.page)
    office.page.get_by_role("link", name="See who it is").click()
    alone = office.page.get_by_role("region", name="Clients with nobody while their mentor is away")
    theirs = alone.get_by_role("listitem").filter(has_text=house.office("name_of", cookie=client.cookie))
    expect(alone.get_by_text(house.office("name_of", cookie=also))).to_have_count(0)
    looks_well(office.page)
    theirs.get_by_role("link", name="Name who stands in").click()
    expect(office.page.get_by_role("heading", name="Who stands in")).to_be_visible()


@LOOKS
def test_the_pages_of_a_suspended_mentor_open_and_say_what_to_do(
    windows: Windows, house: House, width: int, scheme: Scheme
) -> None:
    _client, mentor = house.thread()
    name = house.office("name_of", cookie=mentor.cookie)
    number = house.office("account_of", cookie=mentor.cookie)
    house.office("suspend", cookie=mentor.cookie)
    office = windows(house.stranger(role="coordinator"), width=width, scheme=scheme)
    office.open("/mentoring/mentors/")
    office.page.get_by_role("region", name="Suspended").get_by_role("link", name=f"Open the file ({name})").click()
    notice = office.page.get_by_role("region", name=f"{name} is suspended, until somebody opens the account again.")
    expect(notice).to_be_visible()
    looks_well(office.page)
    office.open(f"/mentoring/load/{number}/")
    expect(notice).to_be_visible()
    looks_well(office.page)
    notice.get_by_role("link", name="See what to do for their clients").click()
    expect(office.page.get_by_role("region", name="Clients whose mentor is not there")).to_be_visible()
