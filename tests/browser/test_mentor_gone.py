"""A mentor is suspended, loses the role, or the client is removed from the talk: nobody is left without a word, or without a way on."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Scheme, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_a_coordinator_sees_who_has_nobody_and_sets_them_free(
    windows: Windows, house: House, width: int, scheme: Scheme
) -> None:
    client, mentor = house.thread()
    name = house.office("name_of", cookie=client.cookie)
    house.office("suspend", cookie=mentor.cookie)
    home = windows(client.cookie, width=width, scheme=scheme)
    home.open("/mentor/")
    expect(home.page.get_by_text("Juniper cannot be in this thread at the moment.")).to_be_visible()
    desk = windows(house.stranger(role="coordinator"), width=width, scheme=scheme)
    desk.open("/mentoring/mentors/")
    check_fits(desk.page)
    desk.page.get_by_role("link", name="See what to do").click()
    for page in (desk.page, home.page):
        check_fits(page)
        check_readable(page)
        check_targets(page)
    left = desk.page.get_by_role("region", name="Clients whose mentor is not there")
    left.get_by_role("listitem").filter(has_text=name).get_by_role("link").click()
    desk.page.get_by_role("button", name="Close the thread").click()
    expect(desk.page.get_by_text("The thread is closed. Both have been told kindly.")).to_be_visible()
    home.open("/mentor/")
    expect(home.page.get_by_role("link", name="Ask for a mentor")).to_be_visible()


def test_a_client_removed_from_the_talk_asks_for_another_mentor(windows: Windows, house: House) -> None:
    client, _mentor = house.thread()
    house.office("remove", cookie=client.cookie, room=client.room)
    home = windows(client.cookie, width=390)
    home.open("/mentor/")
    home.page.get_by_text("Ask for another mentor").first.click()
    check_fits(home.page)
    check_targets(home.page)
    home.page.get_by_role("button", name="Ask for another mentor").click()
    expect(home.page.get_by_role("heading", name="You are in line for a mentor")).to_be_visible()


def test_who_is_no_mentor_any_more_is_out_of_the_talk_at_once(windows: Windows, house: House) -> None:
    client, mentor = house.thread()
    home = windows(client.cookie)
    home.enter(client.room)
    home.say("Are you there?")
    house.office("change_role", cookie=mentor.cookie, role="client")
    expect(home.page.get_by_text("Juniper is not a mentor any more, so this thread is closed.")).to_be_visible(
        timeout=15_000
    )
    expect(home.composer).to_be_disabled()
