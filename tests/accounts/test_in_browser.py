"""The pages of people in a real Chromium: joining, passkeys, unlocking, and no complaint from the content policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.harness.browser import another_site, check_fits, check_readable
from tests.harness.server import Server, Store, Stores

pytestmark = pytest.mark.browser

PASSWORD = "seven herons over a slow river"
EMAIL = "solveig@people.example"


@pytest.fixture
def house(stores: Stores) -> Iterator[Server]:
    """A house in earnest: staff owe a second factor. Called localhost, because a passkey cannot belong to a number."""
    with Server(stores.embedded(PEERCHAT_STAFF_SECOND_FACTOR="1")) as running:
        yield running


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another site, to leave for."""
    with another_site() as address:
        yield address


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


def prove_it_is_you(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


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


def test_a_locked_screen_gives_the_page_back_for_the_password(page: Page, stores: Stores) -> None:
    with Server(stores.embedded()) as house:
        join(page, house)
        page.goto(at(house, "/account/sessions/"))
        page.get_by_label("Menu").click()
        page.get_by_role("button", name="Lock the screen").click()
        expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Unlock").click()
        expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def test_everything_but_passkeys_works_without_javascript(browser: Browser, stores: Stores, elsewhere: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with Server(stores.embedded(PEERCHAT_NEUTRAL_SITE=elsewhere)) as house:
        said = house.store.command("invite", EMAIL, "--name", "Solveig", "--site", at(house, ""))
        page.goto(said.split()[0])
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        page.goto(at(house, "/people/invite/"))
        page.get_by_label("Name", exact=True).fill("Wilhelmina")
        page.get_by_label("E-mail").fill("wilhelmina@people.example")
        page.get_by_role("button", name="Invite").click()
        expect(page.get_by_label("The link, to hand over yourself")).to_have_value(re.compile("/join/"))
        page.get_by_role("button", name="Leave quickly").click()
        expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
        page.goto(at(house, "/people/"))
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_fit_and_are_readable_for_everybody(browser: Browser, store: Store, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    with Server(store) as house:
        page.goto(at(house, "/account/login/"))
        check(page)
        join(page, house)
        page.goto(at(house, "/people/invite/"))
        check(page)
        page.get_by_label("Name", exact=True).fill("Wilhelmina Prescott-Oyelaran")
        page.get_by_label("E-mail").fill("wilhelmina.prescott.oyelaran@people.example")
        page.get_by_role("button", name="Invite").click()
        expect(page.get_by_label("The link, to hand over yourself")).to_be_visible()
        check(page)
        for path in ("/people/", "/people/?q=zzz", "/people/1/", "/account/", "/account/sessions/", "/join/nothing/"):
            page.goto(at(house, path))
            check(page)
        page.goto(at(house, "/account/second-factor/app/activate/"))
        check(page)
        if page.get_by_role("button", name="Continue").count():
            prove_it_is_you(page)
        expect(page.get_by_role("img", name="A picture with the secret")).to_be_visible()
        check(page)
    context.close()


def check(page: Page) -> None:
    check_readable(page)
    check_fits(page)
