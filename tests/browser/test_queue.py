"""A moderator works the queue: live, by keyboard, with filters of their own, on a phone, without JavaScript."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.server import Stores
from tests.live.house import House, embedded

pytestmark = pytest.mark.browser

PRESSED = ".queue a, .queue button, .queue select, .queue summary, .queue input:not([type=hidden], [type=checkbox])"
Come = Callable[..., Visitor]


@pytest.fixture(scope="module")
def night(stores: Stores, elsewhere: str) -> Iterator[House]:
    """A house whose queue holds only what a test of this module puts there."""
    with embedded(stores, PEERCHAT_NEUTRAL_SITE=elsewhere) as house:
        yield house


@pytest.fixture
def windows_here(browser: Browser, night: House, elsewhere: str) -> Iterator[Windows]:
    windows = Windows(browser, night.server.url, (elsewhere,))
    yield windows
    windows.close()


@pytest.fixture
def room(night: House) -> str:
    night.office("empty_queue")
    return night.room("Lantern group")


@pytest.fixture
def moderator(night: House) -> str:
    return night.stranger(role="moderator")


@pytest.fixture
def come(windows_here: Windows, moderator: str) -> Come:
    """Somebody at the queue, live; the moderator of this test where nobody else is named."""

    def open_queue(path: str = "", cookie: str = "", **window: object) -> Visitor:
        visitor = windows_here(cookie or moderator, **window)  # type: ignore[arg-type]
        if window.get("script", True):
            with visitor.page.expect_websocket() as socket:
                visitor.open(f"/moderation/{path}")
            socket.value.wait_for_event("framereceived", lambda frame: '"follow"' in str(frame))
        else:
            visitor.open(f"/moderation/{path}")
        return visitor

    return open_queue


@pytest.fixture
def queue(night: House, room: str) -> Callable[..., str]:
    """Puts a case into the queue; its id."""

    def put(severity: str = "routine", minutes_left: float | None = None, **fields: object) -> str:
        case: str = night.office("queue_case", room=room, severity=severity, minutes_left=minutes_left, **fields)
        return case

    return put


def row(page: Page, case: str) -> Locator:
    return page.locator(f'[data-case="{case}"]')


def order(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-case]").evaluate_all("rows => rows.map((row) => row.dataset.case)")
    return found


def link(page: Page, case: str) -> Locator:
    return row(page, case).locator(".row__link")


def said(page: Page) -> Locator:
    return page.locator("[data-part=say]")


# --- keys --------------------------------------------------------------------------------------------------------


def test_keys_go_through_the_list_claim_and_open(come: Come, queue: Callable[..., str]) -> None:
    first, second, third = queue("crisis"), queue("urgent"), queue("routine")
    page = come().page
    page.keyboard.press("c")
    expect(said(page)).to_contain_text("Choose a case first")
    for key, case in (("j", first), ("j", second), ("j", third), ("j", third), ("k", second)):
        page.keyboard.press(key)
        expect(link(page, case)).to_be_focused()
        expect(page.locator("[data-selected]")).to_have_attribute("data-case", case)
    page.keyboard.press("c")
    expect(row(page, second)).to_contain_text("Yours until")
    expect(said(page)).to_contain_text("This case is yours now")
    expect(link(page, second)).to_be_focused()
    page.keyboard.press("c")
    expect(said(page)).to_contain_text("Yours until")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/moderation/cases/{second}/$"))


@pytest.mark.parametrize(("key", "form"), [("r", "resolve"), ("e", "hand_over")])
def test_a_key_opens_the_case_at_what_is_to_be_done(
    come: Come, queue: Callable[..., str], night: House, moderator: str, key: str, form: str
) -> None:
    night.office("claim", cookie=moderator, case=queue("urgent"))
    page = come("?state=mine").page
    page.keyboard.press("j")
    page.keyboard.press(key)
    expect(page.locator(f"[data-form={form}][open]")).to_be_visible()


def test_the_keys_are_explained_and_can_be_turned_off(come: Come, queue: Callable[..., str]) -> None:
    case = queue()
    page = come().page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-selected]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()  # Escape closed the dialog and left nothing else
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_label("Use these keys").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("[data-selected]")).to_have_count(0)
    page.reload()
    expect(row(page, case)).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-selected]")).to_have_count(0)


def test_a_letter_that_is_typed_is_no_key(come: Come, queue: Callable[..., str]) -> None:
    case = queue()
    page = come().page
    page.locator("summary", has_text="Narrow down").click()
    name = page.get_by_label("Keep this view under a name")
    name.press_sequentially("jockrce?")
    expect(name).to_have_value("jockrce?")
    expect(page.locator("[data-selected]")).to_have_count(0)
    expect(row(page, case)).to_have_attribute("data-state", "waiting")


# --- live --------------------------------------------------------------------------------------------------------


def test_a_new_crisis_comes_first_is_heard_and_told_and_moves_nobodys_focus(
    come: Come, queue: Callable[..., str]
) -> None:
    old, older = queue("routine", 200), queue("routine", 100)
    visitor = come()
    page = visitor.page
    page.evaluate("""() => {
        window.tones = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
        document.querySelector("[data-case]").isTheSame = true;
    }""")
    page.keyboard.press("j")
    expect(link(page, older)).to_be_focused()
    crisis = queue("crisis")
    expect(row(page, crisis)).to_be_visible()
    assert order(page) == [crisis, older, old]
    expect(page).to_have_title("(1) Peerchat")
    expect(page.locator("[data-part=announcer]")).to_have_text("1 new crisis case")
    expect(page.locator(".counts__one--crisis")).to_have_text("1 crisis")
    expect(link(page, older)).to_be_focused()
    assert row(page, older).evaluate("row => row.isTheSame") is True  # not drawn anew: nothing flickers
    page.wait_for_function("window.tones === 2")
    assert visitor.has_heard('"moved"')
    assert not visitor.has_heard(crisis)  # the socket says that something is new, never what

    page.get_by_role("button", name="Sound is on").click()
    expect(page.get_by_role("button", name="Sound is off")).to_be_visible()
    second = queue("crisis")
    expect(row(page, second)).to_be_visible()
    expect(page).to_have_title("(2) Peerchat")
    assert page.evaluate("window.tones") == 2
    page.reload()
    expect(page.get_by_role("button", name="Sound is off")).to_be_visible()


def test_a_crisis_is_told_of_behind_any_filter(come: Come, queue: Callable[..., str]) -> None:
    spam = queue("routine", category="spam")
    page = come("?category=spam").page
    expect(row(page, spam)).to_be_visible()
    queue("crisis", category="suicide")
    expect(page).to_have_title("(1) Peerchat")
    expect(page.locator("[data-part=announcer]")).to_have_text("1 new crisis case")
    assert order(page) == [spam]


def test_a_clock_goes_on_by_itself(come: Come, queue: Callable[..., str]) -> None:
    case = queue("crisis", 3 / 60)
    page = come().page
    expect(row(page, case).locator("time")).to_have_text(re.compile(r"^\d s left$"))
    expect(row(page, case).locator("time")).to_have_text(re.compile(r"^late by \d s$"))
    expect(row(page, case)).to_have_class(re.compile("row--late"))


def test_a_case_that_somebody_takes_shows_whose_it_is_and_cannot_be_claimed(
    come: Come, queue: Callable[..., str], night: House
) -> None:
    case = queue("urgent")
    page = come().page
    page.keyboard.press("j")
    other = night.stranger(role="moderator")
    night.office("claim", cookie=other, case=case)
    expect(row(page, case)).to_contain_text(re.compile(r"Given\d+ Family\d+ has this case"))
    expect(row(page, case).get_by_role("button", name="Claim")).to_be_disabled()
    page.keyboard.press("c")
    expect(said(page)).to_contain_text("has this case")


def test_who_clicks_a_moment_too_late_is_told_who_has_it(come: Come, queue: Callable[..., str], night: House) -> None:
    case = queue("urgent")
    visitor = come()
    page = visitor.page
    visitor.watch.expect("409")
    page.wait_for_load_state("networkidle")  # what it asked for when it came is there
    page.route("**/moderation/rows/**", lambda route: None)  # the news of the claim is still on its way
    night.office("claim", cookie=night.stranger(role="moderator"), case=case)
    row(page, case).get_by_role("button", name="Claim").click()
    expect(said(page)).to_contain_text(re.compile(r"Given\d+ Family\d+ has this case\."))
    page.unroute("**/moderation/rows/**")
    expect(row(page, case).get_by_role("button", name="Claim")).to_be_disabled()


def test_a_chosen_case_that_leaves_the_list_lets_go_of_the_keys(
    come: Come, queue: Callable[..., str], night: House
) -> None:
    first, second = queue("urgent", 5), queue("urgent", 50)
    page = come("?state=waiting").page
    page.keyboard.press("j")
    expect(link(page, first)).to_be_focused()
    night.office("claim", cookie=night.stranger(role="moderator"), case=first)
    expect(row(page, first)).to_have_count(0)
    expect(page.locator("#cases")).to_be_focused()
    page.keyboard.press("c")  # meant for the one that is gone: it must not fall on another
    expect(said(page)).to_contain_text("Choose a case first")
    expect(row(page, second)).to_have_attribute("data-state", "waiting")
    page.keyboard.press("j")
    expect(link(page, second)).to_be_focused()


def test_without_a_connection_the_page_says_that_the_list_may_be_old(
    windows_here: Windows, queue: Callable[..., str], moderator: str
) -> None:
    visitor = windows_here(moderator)
    page = visitor.page
    reachable = False

    def connect(route: WebSocketRoute) -> None:
        if reachable:
            route.connect_to_server()
        else:
            route.close(code=1011)

    page.route_web_socket("**/ws/", connect)
    visitor.open("/moderation/")
    line = page.locator("[data-part=connection]")
    expect(line).to_have_text("Reconnecting… the list may be old.")
    missed = queue("urgent")
    expect(row(page, missed)).to_have_count(0)
    reachable = True
    expect(row(page, missed)).to_be_visible(timeout=30_000)
    expect(line).to_be_empty()


# --- narrowing down, saving, going on -------------------------------------------------------------------------------


def test_a_filter_shows_only_its_cases_and_can_be_saved_used_and_forgotten(
    come: Come, queue: Callable[..., str]
) -> None:
    spam, harassment = queue("routine", category="spam"), queue("urgent", category="harassment")
    page = come().page
    assert order(page) == [harassment, spam]
    page.locator("summary", has_text="Narrow down").click()
    page.get_by_label("What it is about").select_option("Spam")
    page.get_by_role("button", name="Show these").click()
    expect(page).to_have_url(re.compile(r"/moderation/\?category=spam$"))
    assert order(page) == [spam]
    page.locator("summary", has_text="Narrow down 1").click()
    page.get_by_label("Keep this view under a name").fill("Nothing but spam")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_role("link", name="Nothing but spam")).to_have_attribute("aria-current", "true")

    page.get_by_role("link", name="Show everything").click()
    assert order(page) == [harassment, spam]
    page.get_by_role("link", name="Nothing but spam").click()
    expect(row(page, harassment)).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Waiting")).click()
    expect(page).to_have_url(re.compile(r"state=waiting&category=spam$"))
    page.get_by_role("button", name="Forget the view Nothing but spam").click()
    expect(page.get_by_role("link", name="Nothing but spam")).to_have_count(0)


def test_more_cases_come_into_the_same_list_and_stay_live(come: Come, queue: Callable[..., str]) -> None:
    cases = [queue("urgent", 100 + number) for number in range(60)]
    page = come().page
    expect(page.locator("[data-case]")).to_have_count(50)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("[data-case]")).to_have_count(60)
    expect(link(page, cases[50])).to_be_focused()
    crisis = queue("crisis")
    expect(row(page, crisis)).to_be_visible()
    expect(page.locator("[data-case]")).to_have_count(61)


def test_the_next_case_is_taken_with_one_press(come: Come, queue: Callable[..., str]) -> None:
    queue("routine")
    crisis = queue("crisis")
    page = come().page
    page.get_by_role("button", name="Take the next case").click()
    expect(page).to_have_url(re.compile(f"/moderation/cases/{crisis}/$"))


def test_without_javascript_the_queue_is_read_narrowed_down_and_worked(come: Come, queue: Callable[..., str]) -> None:
    spam, crisis = queue("routine", category="spam"), queue("crisis", -12)
    page = come(script=False).page
    expect(row(page, crisis)).to_contain_text("late by 12 min")
    page.locator("summary", has_text="Narrow down").click()
    page.get_by_label("Severity").select_option("Routine")
    page.get_by_role("button", name="Show these").click()
    assert order(page) == [spam]
    row(page, spam).get_by_role("button", name="Claim").click()
    expect(page).to_have_url(re.compile(f"/moderation/cases/{spam}/$"))


# --- seen by everybody -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_queue_is_readable_fits_and_is_pressed_with_a_thumb(
    come: Come, queue: Callable[..., str], night: House, moderator: str, width: int
) -> None:
    page = come(width=width, height=844, touch=width < 500).page
    expect(page.get_by_text("Nothing is waiting. Breathe.")).to_be_visible()
    check_readable(page)
    night.office("claim", cookie=moderator, case=queue("urgent", graphic=True))
    night.office("claim", cookie=night.stranger(role="moderator"), case=queue("crisis", category="suicide", level=3))
    for state in ("handed_over", "open", "reopened"):
        queue("crisis", -12, state=state)
    expect(page.locator("[data-case]")).to_have_count(5)
    page.locator("summary", has_text="Narrow down").click()
    page.get_by_label("Keep this view under a name").fill("A view with quite a long name of its own")
    page.get_by_role("button", name="Save this view").click()
    expect(page.locator("[data-view]")).to_be_visible()
    page.locator("summary", has_text="Narrow down").click()
    check_readable(page)
    check_fits(page)
    check_targets(page, 44, of=PRESSED)
    page.evaluate("document.querySelector('dialog').showModal()")
    check_readable(page)
