"""The pages of people in a real Chromium: joining, passkeys, unlocking, and no complaint from the content policy."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.harness.server import Server, Stores

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "seven herons over a slow river"
EMAIL = "solveig@people.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def house(stores: Stores) -> Iterator[Server]:
    """A house in earnest: staff owe a second factor. Called localhost, because a passkey cannot belong to a number."""
    with Server(stores.embedded(PEERCHAT_STAFF_SECOND_FACTOR="1")) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    _give_authenticator(context)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert not [each for each in complaints if "404" not in each]
    context.close()


def _give_authenticator(context: BrowserContext) -> None:
    """A device that holds passkeys and sees its owner's finger whenever it asks."""

    def plug_in(page: Page) -> None:
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )

    context.on("page", plug_in)


def at(house: Server, path: str) -> str:
    return f"http://localhost:{house.port}{path}"


def join(page: Page, house: Server) -> None:
    """The first coordinator comes by the command line's link."""
    said = house.store.command("invite", EMAIL, "--name", "Solveig Lindqvist", "--site", at(house, ""))
    page.goto(said.split()[0])
    expect(page.get_by_role("heading", name="Welcome, Solveig Lindqvist")).to_be_visible()
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("Show the password").check()
    expect(page.get_by_label("Choose a password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Make my account").click()


def sign_out(page: Page, house: Server) -> None:
    page.goto(at(house, "/account/logout/"))
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_from_the_invitation_to_signing_in_with_a_passkey(page: Page, house: Server) -> None:
    join(page, house)
    expect(page.get_by_text("Your role needs a second lock.")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Where is it kept?").select_option(label="This computer")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(at(house, "/account/second-factor/passkeys/"))
    expect(page.get_by_role("heading", name="This computer")).to_be_visible()

    sign_out(page, house)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(at(house, "/"))
    page.goto(at(house, "/account/"))
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()

    sign_out(page, house)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(at(house, "/"))

    page.goto(at(house, "/account/sessions/"))
    expect(page.get_by_role("heading", name=re.compile("Chrome on Linux"))).to_be_visible()
