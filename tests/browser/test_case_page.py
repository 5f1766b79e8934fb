"""A moderator works on a case: live, by keyboard, on a phone, without JavaScript."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.live.house import House

pytestmark = pytest.mark.browser

WORDS = "You are all so very weak."
PRIMARY = ".button, .case-act > summary, .case-fold > summary, textarea, select, .case__back"


@dataclass
class Matter:
    """A flagged message, in a room where both its author and who flagged it are."""

    room: str
    case: str
    author: str
    reader: str

    @property
    def path(self) -> str:
        return f"/moderation/cases/{self.case}/"


@pytest.fixture
def matter(house: House) -> Matter:
    return open_matter(house)


def open_matter(house: House, **flag: str) -> Matter:
    room = house.room("Lantern group")
    author, reader = house.people(room, 2)
    house.office("post", cookie=reader.cookie, room=room, body="Good evening everybody.")
    message = house.office("post", cookie=author.cookie, room=room, body=WORDS)
    house.office("post", cookie=reader.cookie, room=room, body="That is not a kind thing to say.")
    case = house.office("flag", cookie=reader.cookie, room=room, message=message["id"], words="It hurt.", **flag)
    return Matter(room, case, author.cookie, reader.cookie)


@pytest.fixture
def moderator(house: House) -> str:
    return house.stranger(role="moderator")


@pytest.fixture
def on_case(windows: Windows, matter: Matter, moderator: str) -> Callable[..., Visitor]:
    """Somebody on the case's page; the moderator of this test where nobody else is named."""

    def come(cookie: str = "", **window: object) -> Visitor:
        visitor = windows(cookie or moderator, **window)  # type: ignore[arg-type]
        visitor.open(matter.path)
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        return visitor

    return come


def flagged(page: Page) -> Locator:
    return page.locator(".piece--flagged")


def claim(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Claim").click()
    expect(visitor.page.get_by_text("You have this case (until")).to_be_visible()


def test_a_moderator_claims_reads_and_takes_a_message_out_and_both_clients_see_it_go(
    windows: Windows, matter: Matter, on_case: Callable[..., Visitor]
) -> None:
    author, reader = windows(matter.author), windows(matter.reader)
    author.enter(matter.room)
    reader.enter(matter.room)
    expect(reader.message(WORDS)).to_be_visible()
    hollis = on_case()
    page = hollis.page
    expect(page.get_by_text("It hurt.")).to_be_visible()
    assert WORDS not in page.content()
    claim(hollis)
    page.get_by_role("button", name="Show the messages").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("Good evening everybody.")).to_be_visible()
    flagged(page).get_by_role("button", name="Take it out of the room").click()
    for visitor in (author, reader):
        expect(visitor.page.get_by_text(WORDS)).to_have_count(0, timeout=2000)
    expect(page.get_by_text("Message taken out of the room.")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()  # the moderator still reads what they decide on
    page.get_by_role("button", name="Undo").click()
    expect(reader.message(WORDS)).to_be_visible()
    expect(flagged(page).get_by_text("In the room")).to_be_visible()
    expect(page.get_by_text("taken back", exact=True)).to_be_visible()


def test_a_second_moderator_is_told_at_once_who_has_the_case(house: House, on_case: Callable[..., Visitor]) -> None:
    hollis, bertrand = on_case(), on_case(house.stranger(role="moderator"))
    claim(hollis)
    expect(bertrand.page.locator(".case__standing")).to_contain_text("has this case.")
    expect(bertrand.page.locator("[data-part=announce]")).to_contain_text("has this case.")
    expect(bertrand.page.get_by_role("button", name="Claim")).to_have_count(0)


def test_who_is_a_moment_too_late_reads_who_was_faster(
    house: House, matter: Matter, on_case: Callable[..., Visitor]
) -> None:
    hollis = on_case()
    hollis.watch.expect("status of 422")
    page = hollis.page
    page.evaluate("document.querySelector('form[data-act=claim]').addEventListener('submit', (e) => {}, {once: true})")
    page.context.set_offline(True)  # the news of the other claim does not get here
    house.office("claim", cookie=house.stranger(role="moderator"), case=matter.case)
    hollis.watch.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(False)
    page.evaluate("document.querySelector('form[data-act=claim]')?.requestSubmit()")
    expect(page.get_by_text("has this case.").first).to_be_visible()


def test_a_whole_case_by_keyboard(on_case: Callable[..., Visitor]) -> None:
    page = on_case().page
    page.keyboard.press("c")
    expect(page.get_by_text("You have this case (until")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("Because of course, it must be resolved.")  # none of these letters is a command
    expect(page.get_by_label("Note", exact=True)).to_have_value("Because of course, it must be resolved.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    page.keyboard.press("e")
    expect(page.get_by_label("To whom").first).to_be_focused()
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_label("Nothing was wrong")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Resolve the case").press("Enter")
    expect(page.get_by_text("Talked with the person", exact=False).first).to_be_visible()
    expect(page.get_by_text("Resolved by")).to_be_visible()


def test_undo_by_key_and_its_seconds_run_out(on_case: Callable[..., Visitor]) -> None:
    visitor = on_case()
    page = visitor.page
    claim(visitor)
    flagged(page).get_by_role("button", name="Blur it").click()
    expect(page.get_by_text("Message blurred.")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(flagged(page).get_by_text("In the room", exact=True)).to_be_visible()
    flagged(page).get_by_role("button", name="Take it out of the room").click()
    expect(page.locator(".undo")).to_be_visible()
    expect(page.locator(".undo")).to_have_count(0, timeout=12_000)
    expect(flagged(page).get_by_text("Taken out of the room")).to_be_visible()


def test_the_keys_can_be_turned_off(on_case: Callable[..., Visitor]) -> None:
    page = on_case().page
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("c")
    page.reload()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Claim")).to_be_visible()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("c")
    expect(page.get_by_text("You have this case (until")).to_be_visible()


def test_what_is_being_typed_stays_while_the_page_renews_itself(
    house: House, matter: Matter, on_case: Callable[..., Visitor]
) -> None:
    visitor = on_case()
    page = visitor.page
    claim(visitor)
    page.get_by_text("Warn privately").click()
    warning = page.locator("#warn textarea")
    warning.fill("Please be gentle")
    message = house.office("post", cookie=matter.author, room=matter.room, body="And another thing.")
    reader = matter.reader
    house.office("flag", cookie=reader, room=matter.room, message=message["id"], words="It goes on.")
    expect(page.get_by_text("It goes on.")).to_be_visible()
    expect(warning).to_have_value("Please be gentle")
    expect(warning).to_be_visible()


def test_ready_words_are_picked_and_changed(on_case: Callable[..., Visitor], windows: Windows, matter: Matter) -> None:
    visitor = on_case()
    page = visitor.page
    claim(visitor)
    page.get_by_text("Ask how they are").click()
    form = page.locator("#check_in")
    form.get_by_label("Are you safe at the moment?").check()
    expect(form.locator("textarea")).to_have_value("That sounds very hard. Are you safe at the moment?")
    form.get_by_label("How are you right now?").check()
    expect(form.locator("textarea")).to_have_value("I read what you wrote and thought of you. How are you right now?")
    form.locator("textarea").fill("My own words.")
    form.get_by_label("Are you safe at the moment?").check()
    expect(form.locator("textarea")).to_have_value("My own words.")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your words were sent.")).to_be_visible()
    expect(page.locator(".letter", has_text="My own words.")).to_be_visible()


def test_what_is_wrong_with_a_form_is_said_at_the_field_and_its_text_stays(on_case: Callable[..., Visitor]) -> None:
    visitor = on_case()
    visitor.watch.expect("status of 422")
    page = visitor.page
    claim(visitor)
    page.get_by_text("Keep them from writing, or out").click()
    form = page.locator("#sanction")
    form.get_by_label("Cannot write for a time").check()
    expect(form.get_by_label("Until", exact=False).last).to_be_hidden()
    form.get_by_label("Until a time of your own").check()
    form.locator("textarea").fill("Please rest a while.")
    form.get_by_role("button", name="Do it").click()
    expect(form.get_by_text("Please choose a time.")).to_be_visible()
    expect(form.locator("textarea")).to_have_value("Please rest a while.")
    form.get_by_label("1 hour").check()
    form.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("The person cannot write for a time.")).to_be_visible()
    expect(page.locator(".flag__words", has_text="Please rest a while.")).to_be_visible()
    expect(form.locator("textarea")).to_have_value("")


def test_what_did_not_reach_the_server_is_said_and_kept(on_case: Callable[..., Visitor]) -> None:
    visitor = on_case()
    visitor.watch.expect("ERR_INTERNET_DISCONNECTED")
    page = visitor.page
    page.get_by_label("Note", exact=True).fill("Do not lose this.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("This did not reach the server.")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Do not lose this.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".letter", has_text="Do not lose this.")).to_be_visible()


def test_the_words_can_be_hidden_again(on_case: Callable[..., Visitor]) -> None:
    visitor = on_case()
    page = visitor.page
    claim(visitor)
    page.get_by_role("button", name="Show the messages").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Hide them again").click()
    expect(page.get_by_text(WORDS)).to_have_count(0)


def test_everything_works_without_javascript(on_case: Callable[..., Visitor]) -> None:
    visitor = on_case(script=False)
    page = visitor.page
    claim(visitor)
    page.get_by_role("button", name="Show the messages").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    flagged(page).get_by_role("button", name="Take it out of the room").click()
    expect(page.get_by_text("Message taken out of the room.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.get_by_text("Ask how they are").click()
    page.locator("#check_in").get_by_label("How are you right now?").check()
    page.locator("#check_in").get_by_role("button", name="Send").click()
    expect(page.locator(".letter", has_text="How are you right now?")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_case_page_is_readable_in_every_state(width: int, windows: Windows, house: House, moderator: str) -> None:
    matter = open_matter(house, category="suicide")
    visitor = windows(moderator, width=width, height=844)
    visitor.open(matter.path)
    page = visitor.page
    check(page)
    claim(visitor)
    page.get_by_role("button", name="Show the messages").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = !fold.closest('.menu'); })")
    check(page)
    flagged(page).get_by_role("button", name="Take it out of the room").click()
    expect(page.locator(".undo")).to_be_visible()
    check(page)
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    check(page)


def check(page: Page) -> None:
    check_readable(page)
    check_fits(page)
    check_targets(page)
    check_targets(page, 44, of=PRIMARY)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_case_that_becomes_a_crisis_says_so_at_once_to_who_has_it_and_to_who_may_take_it(
    windows: Windows, house: House, matter: Matter, moderator: str, width: int, scheme: str
) -> None:
    house.office("claim", cookie=moderator, case=matter.case)
    mine, others = (
        windows(cookie, width=width, scheme=scheme)  # type: ignore[arg-type]
        for cookie in (moderator, house.stranger(role="moderator"))
    )
    for each in (mine, others):
        each.open(matter.path)
    expect(others.page.get_by_role("button", name="Claim")).to_have_count(0)
    said = house.office("post", cookie=matter.author, room=matter.room, body="I gave my things away.")
    house.office("flag", cookie=matter.reader, room=matter.room, message=said["id"], category="suicide")
    standing = "[data-slot=standing]"
    expect(mine.page.locator(standing)).to_contain_text("There is a new sign of crisis here")
    expect(mine.page.locator("[data-part=announce]")).to_contain_text("There is a new sign of crisis here")
    expect(others.page.locator(standing)).to_contain_text("Whoever claims it first has it.")
    expect(others.page.locator("form[data-act=claim] button")).to_be_visible()
    for each in (mine, others):
        check_readable(each.page)
        check_fits(each.page)
        check_targets(each.page, 44, of=PRIMARY)
    mine.page.get_by_role("button", name="It is with me").click()
    expect(mine.page.locator(standing)).to_contain_text("You have this case (until")
    expect(others.page.locator("form[data-act=claim]")).to_have_count(0)
