"""The whole way in Spanish: no page and no script falls back into English."""

import re

import polib
import pytest
from django.conf import settings
from playwright.sync_api import expect

from rooms.demo_program import PASSWORD
from tests.browser.visitor import Visitor, Windows
from tests.live.house import House

pytestmark = pytest.mark.browser

_SHOWN = """
() => {
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest("script, style, textarea, [lang]:not(html), .message__body, .message__quote-excerpt, .prose"))
      texts.push(walk.currentNode.data);
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    texts.push(element.ariaLabel, element.title, element.placeholder);
  }
  texts.push(document.title);
  return texts.map((text) => text?.trim()).filter(Boolean);
}
"""


def english() -> list[re.Pattern[str]]:
    """Every sentence of ours as English would say it, where Spanish says it differently; what is filled in is short."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/es/LC_MESSAGES/django.po"))
    sentences = [
        text
        for entry in catalogue
        for text in (entry.msgid, entry.msgid_plural)
        if text and text not in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    anything = re.compile(r"%\\?\(\w+\\?\)[sd]|%[sd]|\\\{\w+\\\}")
    return [re.compile(anything.sub(".{1,40}", re.escape(" ".join(text.split()))) + r"\Z") for text in sentences]


ENGLISH = english()


def check(visitor: Visitor) -> None:
    expect(visitor.page.locator("html")).to_have_attribute("lang", "es")
    shown = {" ".join(text.split()) for text in visitor.page.evaluate(_SHOWN)}
    names = {"Anxiety group", "Depression group", "Anxiety", "Peerchat", "English"}
    leftover = {text for text in shown - names if any(pattern.match(text) for pattern in ENGLISH)}
    assert not leftover, (visitor.page.url, leftover)


def test_a_spanish_browser_gets_a_spanish_house(windows: Windows, house: House) -> None:
    visitor = windows(language="es-MX")
    page = visitor.page
    visitor.watch.expect("status of 404")
    for path in ("/account/login/", "/help/", "/nothing/"):
        visitor.open(path)
        check(visitor)
    visitor.open("/account/login/")
    page.get_by_label("Correo electrónico").fill("client.two@demo.example")
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_role("link", name="Anxiety group")).to_be_visible()
    check(visitor)
    for path in ("/account/", "/account/sessions/", "/account/password/change/"):
        visitor.open(path)
        check(visitor)


def test_the_scripts_of_the_room_speak_spanish_too(windows: Windows, house: House) -> None:
    room = house.room("Sala de prueba")
    visitor, other = windows(house.person(room).cookie, language="es-ES"), windows(house.person(room).cookie)
    other.enter(room)
    visitor.enter(room)
    page = visitor.page
    composer = page.locator("#composer-body")
    send = page.locator(".composer__send")
    check(visitor)

    composer.fill("Hola a todos")
    send.click()
    mine = visitor.message("Hola a todos")
    expect(mine).to_be_visible()
    other.composer.press_sequentially("Hi")
    expect(page.locator("[data-part=typing]")).not_to_be_empty()
    check(visitor)
    other.page.get_by_role("button", name="Send").click()
    mine.hover()
    mine.locator("[data-slot=more]").click()
    check(visitor)
    page.locator("[data-kind=heart]").first.click()
    expect(mine.locator(".chip")).to_be_visible()
    mine.locator("[data-slot=more]").click()
    page.locator("[data-act=edit]").click()
    check(visitor)
    page.keyboard.press("Escape")

    composer.fill("Llámame al 415 555 2671")
    send.click()
    expect(page.locator(".message--held")).to_be_visible()
    check(visitor)
    page.locator("[data-part=search-button], [data-opens=search-panel]").first.click()
    page.locator("#search-query").fill("hola")
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot=results] li")).to_have_count(1)
    check(visitor)
    page.keyboard.press("Escape")

    visitor.watch.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    composer.fill("En el túnel")
    send.click()
    expect(page.locator(".message--pending:not(.message--held)")).to_be_visible()
    expect(visitor.connection).not_to_be_empty()
    check(visitor)
    page.context.set_offline(False)
    expect(visitor.message("En el túnel")).to_be_visible()


def test_joining_a_room_in_spanish(windows: Windows, house: House) -> None:
    room = house.room("Sala nueva")
    cookie = house.stranger()
    house.office("admit", cookie=cookie, room=room)
    visitor = windows(cookie, language="es")
    visitor.watch.expect("status of 422")
    visitor.open(f"/rooms/{room}/join/")
    check(visitor)
    visitor.page.locator("#id_pseudonym").fill("Moderador")
    visitor.page.locator("#id_accept").check()
    visitor.page.locator("main form button:not([type=button])").click()
    expect(visitor.page.locator(".errorlist")).to_be_visible()
    check(visitor)


def test_the_coordinators_pages_are_spanish(windows: Windows, house: House) -> None:
    visitor = windows(house.office("sign_in", email="coordinator@demo.example"), language="es")
    room = house.office("room_named", name="Anxiety group")
    for path in (
        "/",
        "/rooms/",
        "/rooms/new/",
        f"/rooms/{room}/edit/",
        f"/rooms/{room}/people/",
        "/people/",
        "/people/invite/",
    ):
        visitor.open(path)
        check(visitor)


def test_flagging_and_working_on_the_case_are_spanish(windows: Windows, house: House) -> None:
    room = house.room("Sala tranquila")
    author, reader = house.people(room, 2)
    words = "Qué poca fuerza tienen todos aquí."
    house.office("post", cookie=author.cookie, room=room, body=words)
    client = windows(reader.cookie, language="es")
    client.enter(room)
    mine = client.message(words)
    mine.hover()
    mine.locator("[data-slot=more]").click()
    client.page.locator("[data-act=flag]").click()
    asked = client.page.get_by_role("dialog", name="Avisar a moderación")
    expect(asked).to_contain_text(f"Sobre un mensaje de {author.pseudonym}. Nadie en la sala ve que nos avisaste.")
    check(client)
    asked.get_by_label("Es cruel o humilla a alguien").check()
    asked.get_by_label("Con tus palabras").fill("Me dolió.")
    asked.get_by_role("button", name="Enviar").click()
    expect(client.page.get_by_role("heading", name="Moderación lo va a ver")).to_be_visible()
    check(client)
    client.page.get_by_role("button", name="Volver a la sala").click()

    case = next(each["id"] for each in house.office("cases") if each["room_id"] == room)
    moderator = windows(house.stranger(role="moderator"), language="es")
    page = moderator.page
    moderator.open(f"/moderation/?room={room}")
    row = page.locator(f"[data-case='{case}']")
    expect(row).to_contain_text("Acoso")
    expect(row).to_contain_text("1 aviso")
    check(moderator)
    row.get_by_role("link", name="Acoso").click()
    expect(page.get_by_role("heading", level=1, name="Acoso")).to_be_visible()
    check(moderator)
    page.get_by_role("button", name="Tomar").click()
    expect(page.get_by_text("Tienes este caso (hasta las")).to_be_visible()
    page.get_by_role("button", name="Mostrar los mensajes").click()
    expect(page.get_by_text(words)).to_be_visible()
    check(moderator)
    page.get_by_role("button", name="Difuminarlo").click()
    expect(page.get_by_text("Mensaje difuminado.")).to_be_visible()
    expect(client.page.get_by_text("Moderación ha plegado este mensaje.").first).to_be_visible()
    check(moderator)
    check(client)
