"""Being told: the sound, this device in all its states, a try in earnest, and nothing left behind after signing out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness.browser import check_fits, check_readable, check_targets
from tests.harness.server import Stores
from tests.live.house import House, embedded
from tests.moderation.push_house import Browser, PushService, push_service

pytestmark = pytest.mark.browser

PASSWORD = "a lantern on the quiet water"
# The browser's own push service is out of reach of a test: its answer is the test's, all else is real.
SUBSCRIBES = """
(address) => {
  let made = null;
  const subscription = { endpoint: address.endpoint, options: {}, unsubscribe: async () => !(made = null),
    toJSON: () => ({ endpoint: address.endpoint, keys: { p256dh: address.p256dh, auth: address.auth } }) };
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("not as it is asked");
    sessionStorage.subscribed = "yes";
    return (made = subscription);
  };
  PushManager.prototype.getSubscription = async () => (sessionStorage.subscribed ? subscription : made);
}
"""


# Counts the tones that a page plays.
HEARD = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  document.documentElement.dataset.tones = window.tones += 1; // `expect` can wait for it
  return start.apply(this, at);
};
"""
CRISIS = """
from django.utils import timezone
from accounts.models import Account, Role
from moderation import live
from moderation.models import Case, Severity
about = Account.objects.create(email_index=b"about", role=Role.CLIENT)
Case.objects.create(account=about, category="suicide", severity=Severity.CRISIS, tier=0, due_at=timezone.now() + Severity.CRISIS.clock)
live.queue_moved()
"""


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture(scope="module")
def calling_house(stores: Stores, elsewhere: str, service: PushService) -> Iterator[House]:
    """A house that may call the test's push service."""
    with embedded(stores, PEERCHAT_NEUTRAL_SITE=elsewhere, PEERCHAT_PUSH_HOSTS=service.origin) as house:
        yield house


@pytest.fixture
def windows_here(windows_on: Callable[[House], Windows], calling_house: House) -> Windows:
    return windows_on(calling_house)


def at_alerts(windows: Windows, house: House, *, script: str = "", role: str = "moderator", **window: Any) -> Visitor:
    visitor = windows(house.stranger(role=role, password=PASSWORD), **window)
    visitor.page.context.grant_permissions(["notifications"])
    if script:
        visitor.page.context.add_init_script(script)
    visitor.open("/moderation/alerts/")
    return visitor


def test_a_browser_that_cannot_be_woken_says_so(windows_here: Windows, calling_house: House) -> None:
    page = at_alerts(windows_here, calling_house, script="delete window.PushManager;").page
    expect(page.get_by_text("Not possible here")).to_be_visible()
    expect(page.get_by_text("This browser cannot be woken.")).to_be_visible()
    expect(page.get_by_role("button", name="Wake this device")).to_be_hidden()


def test_a_browser_that_blocks_messages_says_how_to_allow_them(windows_here: Windows, calling_house: House) -> None:
    denied = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });"
    page = at_alerts(windows_here, calling_house, script=denied).page
    expect(page.get_by_text("Blocked", exact=True)).to_be_visible()
    expect(page.get_by_text("Allow notifications for this site")).to_be_visible()
    expect(page.get_by_role("button", name="Wake this device")).to_be_hidden()


def test_a_push_service_that_cannot_be_reached_is_said_and_may_be_tried_again(
    windows_here: Windows, calling_house: House
) -> None:
    fails = "PushManager.prototype.subscribe = async () => { throw new DOMException('no', 'AbortError'); };"
    page = at_alerts(windows_here, calling_house, script=fails).page
    page.get_by_role("button", name="Wake this device").click()
    expect(page.get_by_text("The browser could not be reached by its push service.")).to_be_visible()
    expect(page.get_by_role("button", name="Wake this device")).to_be_enabled()


def test_nothing_runs_in_the_background_before_somebody_turns_it_on(
    windows_here: Windows, calling_house: House
) -> None:
    page = at_alerts(windows_here, calling_house).page
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    assert registrations(page) == 0


def test_a_device_is_turned_on_woken_in_earnest_and_forgotten_at_sign_out(
    windows_here: Windows, calling_house: House, service: PushService
) -> None:
    browser = Browser()
    address = browser.address(f"{service.origin}/journey")
    about = f"{{endpoint: '{address.endpoint}', p256dh: '{address.p256dh}', auth: '{address.auth}'}}"
    visitor = at_alerts(windows_here, calling_house, script=f"({SUBSCRIBES})({about});")
    page = visitor.page
    page.get_by_role("button", name="Wake this device").click()
    expect(page.get_by_text("This device is woken from now on.")).to_be_visible()
    expect(page.get_by_text("On", exact=True)).to_be_visible()
    expect(page.get_by_text("This one")).to_be_visible()
    assert registrations(page) == 1

    page.get_by_role("button", name="Try it now").click()
    expect(page.get_by_text("Your devices were woken.")).to_be_visible()
    (message,) = service.to("/journey")
    assert browser.opened(message.body) == b"new"
    assert message.signed_by()

    assert shown_by_the_worker(page) == [("Something needs you", "Sign in to see it.")]

    page.get_by_label("Menu", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    if page.get_by_role("button", name="Sign out").is_visible():
        page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_function("async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
    cookies = {cookie.get("name") for cookie in page.context.cookies()}
    assert "peerchat_push" not in cookies


def test_turning_it_off_takes_the_worker_away(
    windows_here: Windows, calling_house: House, service: PushService
) -> None:
    address = Browser().address(f"{service.origin}/off")
    about = f"{{endpoint: '{address.endpoint}', p256dh: '{address.p256dh}', auth: '{address.auth}'}}"
    page = at_alerts(windows_here, calling_house, script=f"({SUBSCRIBES})({about});").page
    page.get_by_role("button", name="Wake this device").click()
    expect(page.get_by_role("button", name="Do not wake it any more")).to_be_visible()
    page.evaluate("sessionStorage.clear()")
    page.get_by_role("button", name="Do not wake it any more").click()
    expect(page.get_by_text("That device is not woken any more.")).to_be_visible()
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    assert registrations(page) == 0


def test_the_sound_can_be_heard_before_it_is_needed(windows_here: Windows, calling_house: House) -> None:
    page = at_alerts(windows_here, calling_house, script=HEARD).page
    page.get_by_role("button", name="Hear the sound").click()
    expect(page.get_by_text("This is how it sounds.")).to_be_visible()
    assert page.evaluate("window.tones") == 2


def test_a_crisis_sounds_in_an_open_queue_for_who_wants_to_hear_it(windows_here: Windows, calling_house: House) -> None:
    """One has touched the page, one has turned the sound off, one has not touched anything yet: no browser lets that page sound."""
    wants, quiet, untouched = (at_alerts(windows_here, calling_house, script=HEARD).page for _ in range(3))
    quiet.get_by_label("Play a sound").uncheck()
    quiet.get_by_role("button", name="Save").click()
    expect(quiet.get_by_text("Saved.")).to_be_visible()
    for page in (wants, quiet, untouched):
        page.goto(calling_house.server.url + "/moderation/")
        page.wait_for_function("document.querySelector('[data-part=connection]').textContent === ''")
    for page in (wants, quiet):
        page.locator("h1").click()
    calling_house.store.command("shell", "-c", CRISIS)
    for page in (wants, quiet, untouched):
        expect(page.locator(".counts__one--crisis")).to_be_visible()
    wants.wait_for_function("window.tones === 2")
    assert quiet.evaluate("window.tones") == untouched.evaluate("window.tones") == 0


def test_a_crisis_that_somebody_has_sounds_again_when_it_shows_again(
    windows_here: Windows, calling_house: House
) -> None:
    calling_house.office("empty_queue")
    room = calling_house.room("Lantern group")
    author, reader = calling_house.people(room, 2)
    page = at_alerts(windows_here, calling_house, script=HEARD).page
    page.goto(calling_house.server.url + "/moderation/")
    page.wait_for_function("document.querySelector('[data-part=connection]').textContent === ''")
    page.locator("h1").click()

    def flagged(body: str) -> str:
        message = calling_house.office("post", cookie=author.cookie, room=room, body=body)["id"]
        return str(calling_house.office("flag", cookie=reader.cookie, room=room, message=message, category="suicide"))

    case = flagged("I gave my things away.")
    expect(page.locator("html")).to_have_attribute("data-tones", "2")
    calling_house.office("claim", cookie=calling_house.stranger(role="moderator"), case=case)
    waiting = page.locator("[data-live=rows]")
    expect(waiting).to_have_attribute("data-crises", "")
    assert flagged("I wrote my letters today.") == case
    expect(waiting).to_have_attribute("data-crises", case)
    expect(page.locator("html")).to_have_attribute("data-tones", "4")


def test_the_choices_are_made_without_javascript(windows_here: Windows, calling_house: House) -> None:
    visitor = windows_here(calling_house.stranger(role="clinician"), script=False)
    visitor.open("/moderation/alerts/")
    page = visitor.page
    expect(page.get_by_text("This needs JavaScript, which is off in this browser.")).to_be_visible()
    page.get_by_label("Send me an e-mail").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Send me an e-mail")).not_to_be_checked()


def test_somebody_goes_on_call_and_off_by_keyboard_alone(windows_here: Windows, calling_house: House) -> None:
    visitor = windows_here(calling_house.stranger(role="moderator"))
    visitor.open("/moderation/rota/")
    page = visitor.page
    expect(page.get_by_text("You are not on call now.")).to_be_visible()
    page.get_by_role("button", name="I am on call now").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice--good", has_text="You are on call until")).to_be_visible()
    page.get_by_role("button", name="I am off call now").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are not on call any more.")).to_be_visible()


def test_a_coordinator_plans_a_night_and_sees_it_on_both_days(windows_here: Windows, calling_house: House) -> None:
    calling_house.stranger(role="clinician")
    visitor = windows_here(calling_house.stranger(role="coordinator"), width=390, height=844)
    visitor.watch.expect("status of 422")
    visitor.open("/moderation/rota/")
    page = visitor.page
    page.get_by_label("Who", exact=True).select_option(index=1)
    page.get_by_label("From").fill("2026-01-01T22:00")
    page.get_by_label("Until").fill("2026-01-02T06:00")
    page.get_by_role("button", name="Add the shift").click()
    expect(page.get_by_text("Please choose a time that is still to come.")).to_be_visible()
    expect(page.get_by_label("From")).to_have_value("2026-01-01T22:00")
    tomorrow = page.evaluate("new Date(Date.now() + 864e5).toISOString().slice(0, 10)")
    after = page.evaluate("new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10)")
    page.get_by_label("From").fill(f"{tomorrow}T22:00")
    page.get_by_label("Until").fill(f"{after}T06:00")
    page.get_by_role("button", name="Add the shift").click()
    expect(page.get_by_text("It is on the rota.")).to_be_visible()
    expect(page.locator(".turn", has_text="22:00")).not_to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (1440, 900)])
def test_both_pages_are_readable_and_large_enough_to_press(
    windows_here: Windows, calling_house: House, width: int, height: int
) -> None:
    coordinator = windows_here(calling_house.stranger(role="coordinator"), width=width, height=height)
    coordinator.open("/moderation/rota/")
    coordinator.page.get_by_label("Who", exact=True).select_option(index=1)
    coordinator.page.get_by_role("button", name="Add the shift").click()
    expect(coordinator.page.get_by_text("It is on the rota.")).to_be_visible()
    moderator = at_alerts(windows_here, calling_house, width=width, height=height)
    for page in (coordinator.page, moderator.page):
        check_readable(page)
        check_fits(page)
        check_targets(page)
        check_targets(page, 44, of=".button, .back-link, select, input[type='datetime-local']")


def registrations(page: Page) -> int:
    count: int = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length")
    return count


def shown_by_the_worker(page: Page) -> list[tuple[str, str]]:
    """What appears on the device when the browser hands the worker a push message."""
    found: list[dict[str, str]] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    registration = next(each for each in found if not each.get("isDeleted"))
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": page.evaluate("location.origin"), "registrationId": registration["registrationId"], "data": "new"},
    )
    read = """
    async () => {
      const [registration] = await navigator.serviceWorker.getRegistrations();
      return (await registration.getNotifications()).map(({ title, body }) => [title, body]);
    }
    """
    page.wait_for_function(f"async () => (await ({read})()).length > 0")
    shown: list[list[str]] = page.evaluate(read)
    return [(title, body) for title, body in shown]
