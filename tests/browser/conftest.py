"""One house for all journeys: the demo's people, its anxiety group, and rooms that a test opens for itself."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.calling import FLAGS
from tests.browser.visitor import Windows
from tests.harness.browser import CHROMIUM, another_site, chromiums
from tests.harness.server import Stores
from tests.live.house import House, embedded


@pytest.fixture(scope="package")
def elsewhere() -> Iterator[str]:
    """The neutral site that Leave quickly goes to."""
    with another_site() as address:
        yield address


@pytest.fixture(scope="package")
def house(stores: Stores, elsewhere: str) -> Iterator[House]:
    """A server with the demo's people. A test that stops the server or changes its settings opens a house of its own."""
    with embedded(stores, PEERCHAT_NEUTRAL_SITE=elsewhere) as house:
        house.store.command("demo")
        yield house


@pytest.fixture(scope="module")
def browsers() -> Iterator[list[Browser]]:
    """Two that share nothing, each with a made-up camera and microphone."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with chromiums(2, *FLAGS) as both:
        yield both


@pytest.fixture
def windows(browser: Browser, house: House, elsewhere: str) -> Iterator[Windows]:
    """Opens windows on the house; at the end none of them may have complained."""
    windows = Windows(browser, house.server.url, (elsewhere,))
    yield windows
    windows.close()


@pytest.fixture
def windows_on(browser: Browser, elsewhere: str) -> Iterator[Callable[[House], Windows]]:
    """The same for a house of the test's own."""
    made: list[Windows] = []

    def on(house: House) -> Windows:
        made.append(Windows(browser, house.server.url, (elsewhere,)))
        return made[-1]

    yield on
    for windows in made:
        windows.close()
