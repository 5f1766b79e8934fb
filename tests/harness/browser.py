"""Chromium for the tests, a watch over all that its pages complain of, and a site to leave for."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, sync_playwright

CHROMIUM = shutil.which("chromium")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_TELL_OF_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI}`));
"""
_PRESSED = "a[href], button, input, select, summary, textarea, [tabindex='0']"
_TELL_SMALL = """
([least, which]) => {
  const isInText = (element) => element.matches("a") && getComputedStyle(element).display === "inline";
  const isSeen = (element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true });
  return [...document.querySelectorAll(which)]
    .filter((element) => isSeen(element) && !isInText(element) && element.type !== "hidden")
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && Math.min(width, height) < least - 0.5)
    .map(([element, { width, height }]) => `${Math.round(width)}x${Math.round(height)} ${element.outerHTML.slice(0, 160)}`);
}
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium. While it runs, nothing else in this thread may use asyncio."""
    with chromiums(1) as (browser,):
        yield browser


@contextmanager
def chromiums(count: int, *flags: str) -> Iterator[list[Browser]]:
    """So many, which share nothing, each with these flags besides."""
    assert CHROMIUM is not None
    with sync_playwright() as playwright:
        browsers = [playwright.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, *flags]) for _ in range(count)]
        yield browsers
        for browser in browsers:
            browser.close()


class Watch:
    """Hears every page of a context: nothing may complain, break the content policy or ask another host for anything."""

    def __init__(self, context: BrowserContext, *homes: str) -> None:
        self.complaints: list[str] = []
        self._homes = {urlsplit(home).netloc for home in homes}
        self._expected: list[re.Pattern[str]] = []
        context.add_init_script(_TELL_OF_POLICY)
        context.on("console", self._heard)
        context.on("weberror", self._broke)
        context.on("request", lambda request: self._asked(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._asked(socket.url)))

    def expect(self, *patterns: str) -> None:
        """From now on, what a browser writes about something that this test does on purpose."""
        self._expected += [re.compile(pattern) for pattern in patterns]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _broke(self, error: WebError) -> None:
        self._note(f"not caught: {error.error}")

    def _asked(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob") and address.netloc not in self._homes:
            self._note(f"asked another host: {url}")

    def _note(self, complaint: str) -> None:
        if not any(pattern.search(complaint) for pattern in self._expected):
            self.complaints.append(complaint)


def check_readable(page: Page) -> None:
    """Every rule of axe, those of WCAG 2.2 AA and its best practices, in the light and, for what is seen, in the dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    options = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    _none_of(page, Axe().run(page, options=options).response["violations"])
    page.emulate_media(color_scheme="dark")
    seen = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
    _none_of(page, page.evaluate("async (options) => (await axe.run(options)).violations", seen))


def _none_of(page: Page, violations: list[dict[str, Any]]) -> None:
    assert not violations, (page.url, [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations])


def check_fits(page: Page) -> None:
    """Nothing to scroll sideways for."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} pixels too wide"


def check_targets(page: Page, least: int = 24, *, of: str = _PRESSED) -> None:
    """Whatever is pressed is at least this many pixels wide and high; links within a sentence apart."""
    small = page.evaluate(_TELL_SMALL, [least, of])
    assert not small, (page.url, small)


@contextmanager
def another_site() -> Iterator[str]:
    """The address of a harmless site, to leave for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Weather) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


class _Weather(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Weather</title><link rel=icon href=data:,><h1>Sunny</h1>")

    def log_message(self, *args: object) -> None:
        """Quiet."""
