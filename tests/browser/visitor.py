"""A person at a browser: their window, what their socket heard, and the few things everybody does in a room."""

from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, Dialog, Locator, Page, ViewportSize, WebSocket, expect

from tests.harness.browser import Watch

Scheme = Literal["light", "dark"]
expect.set_options(timeout=15_000)  # two cores may serve a browser and several servers at once


@dataclass
class Visitor:
    page: Page
    watch: Watch
    home: str
    heard: list[str] = field(default_factory=list)  # every frame that came

    def __post_init__(self) -> None:
        self.page.set_default_timeout(15_000)
        self.page.on("websocket", self._listen)

    def open(self, path: str) -> None:
        self.page.goto(self.home + path)

    def enter(self, room: str) -> None:
        """Opens the room's page and waits until it is live."""
        self.open(f"/rooms/{room}/")
        expect(self.page.locator(".member--here").first).to_be_attached()

    def write(self, text: str) -> None:
        self.composer.fill(text)

    def say(self, text: str) -> None:
        self.write(text)
        self.page.get_by_role("button", name="Send").click()

    def warn(self, about: str) -> None:
        """Puts a content warning before the message that is being written."""
        self.page.locator(".composer__warning summary").click()
        self.warning.fill(about)

    def choose(self, text: str, act: str) -> None:
        """One of the things to do with a message."""
        self.ask_what_to_do(text)
        self.menu.get_by_role("button", name=act).click()

    def ask_what_to_do(self, text: str) -> None:
        message = self.message(text)
        message.hover()
        message.get_by_role("button", name="What you can do").click()
        expect(self.menu).to_be_visible()

    def message(self, text: str) -> Locator:
        """A message that is in the room, by words of its own (not by those that it quotes)."""
        words = self.page.locator(".message__body, .message__redacted", has_text=text)
        return self.page.locator("[data-part=messages] > li").filter(has=words)

    def waiting(self, text: str) -> Locator:
        """A message of one's own that is not in the room: on its way, held or refused."""
        return self.page.locator("[data-part=pending] > li", has_text=text)

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def warning(self) -> Locator:
        return self.page.get_by_label("Content warning: what")

    @property
    def menu(self) -> Locator:
        return self.page.get_by_role("group", name="What you can do with this message")

    @property
    def connection(self) -> Locator:
        return self.page.locator("[data-part=connection]")

    @property
    def error(self) -> Locator:
        return self.page.locator(".composer__error")

    def answer_dialogs(self, *, stay: bool) -> list[str]:
        """From now on "Leave this page?" is answered like this; the kinds of what was asked are in the list."""
        asked: list[str] = []

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss() if stay else dialog.accept()

        self.page.on("dialog", answer)
        return asked

    def has_heard(self, text: str) -> bool:
        return any(text in frame for frame in self.heard)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.heard.append(str(frame)))


@dataclass
class Windows:
    """Opens windows, each of a browser of its own that shares nothing with the others, and closes them all at the end."""

    browser: Browser
    home: str
    neighbours: tuple[str, ...] = ()
    opened: list[Visitor] = field(default_factory=list)

    def __call__(
        self,
        cookie: str = "",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Scheme = "light",
        language: str = "en-US",
        script: bool = True,
        touch: bool = False,
    ) -> Visitor:
        context = self.browser.new_context(
            viewport=ViewportSize(width=width, height=height),
            color_scheme=scheme,
            locale=language,
            java_script_enabled=script,
            has_touch=touch,
        )
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": self.home}])
        watch = Watch(context, self.home, *self.neighbours)
        visitor = Visitor(context.new_page(), watch, self.home)
        self.opened.append(visitor)
        return visitor

    def close(self) -> None:
        complaints = [complaint for visitor in self.opened for complaint in visitor.watch.complaints]
        for visitor in self.opened:
            visitor.page.context.close()
        self.opened.clear()
        assert not complaints, complaints
