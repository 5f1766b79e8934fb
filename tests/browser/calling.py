"""Two people at two browsers that share nothing, each with a made-up camera and microphone: what they press and what they see."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.visitor import Visitor, Windows
from tests.harness import turn
from tests.harness.server import Stores
from tests.live.house import House, Person, embedded

# A camera that shows a turning picture, a microphone that beeps. Chromium hides addresses of one's own network behind names that a
# machine without a name service cannot resolve.
FLAGS = ("--use-fake-device-for-media-stream=device-count=3", "--disable-features=WebRtcHideLocalIpsWithMdns")

# Keeps the page's connections where a test can ask them for their statistics.
_KEEP_LINES = """
window.lines = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...all) { super(...all); window.lines.push(this); window.config = all[0]; }
};
"""
# Two pictures of what is shown, a while apart: how many of their bytes differ much. Nothing where nothing is shown.
_MOVED = """
async (slot) => {
  const video = document.querySelector(`[data-part=call] [data-slot=${slot}]`);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 160, height: 120 });
  const look = () => {
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(video, 0, 0, 160, 120);
    return drawn.getImageData(0, 0, 160, 120).data;
  };
  if (!video.srcObject || video.videoWidth < 100) return 0;
  const before = look();
  await new Promise((later) => setTimeout(later, 400));
  return look().filter((byte, place) => Math.abs(byte - before[place]) > 24).length;
}
"""
# How sharp the picture is: the largest step from one pixel to its neighbour.
_SHARPNESS = """
(slot) => {
  const video = document.querySelector(`[data-part=call] [data-slot=${slot}]`);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  const drawn = canvas.getContext("2d");
  drawn.drawImage(video, 0, 0);
  const row = drawn.getImageData(0, canvas.height >> 1, canvas.width, 1).data;
  let most = 0;
  for (let place = 4; place < row.length; place += 4) most = Math.max(most, Math.abs(row[place] - row[place - 4]));
  return most;
}
"""
_STATISTICS = """
async () => {
  const line = window.lines.at(-1);
  if (!line) return null;
  const all = [...(await line.getStats()).values()];
  const pair = all.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
  const kind = (id) => all.find((each) => each.id === id)?.candidateType;
  const inbound = (kind) => all.find((each) => each.type === "inbound-rtp" && each.kind === kind);
  return {
    state: line.connectionState,
    ice: line.localDescription?.sdp.match(/ice-ufrag:(\\S+)/)?.[1],
    policy: line.getConfiguration().iceTransportPolicy,
    local: pair && kind(pair.localCandidateId),
    remote: pair && kind(pair.remoteCandidateId),
    frames: inbound("video")?.framesDecoded ?? 0,
    sounds: inbound("audio")?.totalAudioEnergy ?? 0,
    dtls: all.find(({ type }) => type === "transport")?.dtlsState,
  };
}
"""


@dataclass
class Caller:
    """One of the two, in their thread."""

    visitor: Visitor
    person: Person
    name: str = field(default="")

    @property
    def page(self) -> Any:
        return self.visitor.page

    @property
    def window(self) -> Locator:
        return self.visitor.page.locator("[data-part=call]")

    @property
    def dialog(self) -> Locator:
        return self.visitor.page.get_by_role("alertdialog")

    @property
    def said(self) -> Locator:
        return self.visitor.page.locator("[data-part=say]")

    def enter(self) -> None:
        self.visitor.enter(self.person.room)

    def call(self, way: str = "Video") -> None:
        self.visitor.page.get_by_role("button", name=f"{way} call").click()

    def answer(self, way: str = "Answer with video") -> None:
        self.dialog.get_by_role("button", name=way).click()

    @property
    def way_back(self) -> Locator:
        return self.visitor.page.locator("[data-part=way-back]")

    def come_back(self, way: str = "Come back with video") -> None:
        self.way_back.get_by_role("button", name=way).click()

    def press(self, name: str) -> None:
        self.window.get_by_role("button", name=name).click()

    def state(self) -> Locator:
        return self.window.locator("[data-slot=state]")

    def is_connected(self) -> None:
        expect(self.window).to_be_visible()
        expect(self.state()).to_have_text("You are connected.", timeout=20_000)

    def moved(self, slot: str = "other") -> int:
        found: int = self.visitor.page.evaluate(_MOVED, slot)
        return found

    def sharpness(self, slot: str = "other") -> int:
        found: int = self.visitor.page.evaluate(_SHARPNESS, slot)
        return found

    def statistics(self) -> dict[str, Any]:
        found: dict[str, Any] = self.visitor.page.evaluate(_STATISTICS)
        return found

    def sees_the_other_move(self) -> None:
        """Frames are decoded, and what is on the page changes."""
        until(lambda: self.moved() > 20)
        self.gets_frames()

    def gets_frames(self) -> None:
        before = self.statistics()["frames"]
        until(lambda: self.statistics()["frames"] > before + 5)

    def talks(self) -> None:
        """Connected, and in picture and sound the other is there."""
        self.is_connected()
        self.sees_the_other_move()
        self.hears_the_other()

    def hears_the_other(self) -> None:
        self.is_connected()
        before = self.statistics()["sounds"]
        until(lambda: self.statistics()["sounds"] > before)


def until(true: Any, *, tries: int = 60) -> None:
    """What a page shows soon, asked again and again; each question takes its own short while."""
    import time

    for _ in range(tries):
        if true():
            return
        time.sleep(0.2)
    raise AssertionError("it did not come true")


@contextmanager
def a_pair_behind_a_relay(
    browsers: list[Browser], stores: Stores, folder: Path, secret: str = turn.SECRET
) -> Iterator[tuple[Caller, Caller, House, turn.Relay]]:
    """The same two on one house, whose calls go through a relay of its own. `secret`: what the house believes is the relay's."""
    with (
        turn.relay(folder) as relay,
        embedded(stores, PEERCHAT_TURN_URLS=relay.urls, PEERCHAT_TURN_SECRET=secret) as house,
        a_pair(browsers, house) as (client, mentor),
    ):
        yield client, mentor, house, relay


@contextmanager
def a_pair(
    browsers: list[Browser], house: House, *, allowed: bool = True, width: int = 1440, height: int = 900
) -> Iterator[tuple[Caller, Caller]]:
    """A client and their mentor in their thread, each in a browser of their own and on a server of their own where there are two."""
    with ExitStack() as stack:
        callers = []
        for number, person in enumerate(house.thread()):
            windows = Windows(browsers[number], house.servers[number % len(house.servers)].url)
            stack.callback(windows.close)
            visitor = windows(person.cookie, width=width, height=height)
            if allowed:
                visitor.page.context.grant_permissions(["camera", "microphone"])
            visitor.page.add_init_script(_KEEP_LINES)
            callers.append(caller := Caller(visitor, person))
            caller.enter()
        callers[0].name, callers[1].name = callers[0].person.pseudonym, callers[1].person.pseudonym
        yield callers[0], callers[1]
