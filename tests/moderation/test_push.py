"""Web push: what travels, to whom, and to nobody else. The service is a real HTTP server, the browser holds real keys."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from time import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Account
from moderation import alerts, push, push_service, sending
from moderation.models import Alert, PushIdentity, PushSubscription, Severity
from moderation.push_service import Address
from moderation.refusals import Refused
from tests.moderation.on_duty import on_call, written_to
from tests.moderation.push_house import Browser, PushService, padless, unpadded
from tests.moderation.push_house import push_service as running
from tests.moderation.queued import queued
from tests.people import both_stores, signed_in

pytestmark = both_stores


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    with running() as service:
        settings.PUSH_HOSTS = [service.origin]
        yield service


def subscribed(account: Account, service: PushService, path: str = "/one") -> Browser:
    browser = Browser()
    push.subscribe(account, browser.address(service.origin + path), device="Firefox on Android")
    return browser


# --- what travels ---------------------------------------------------------------------------------------------------


def test_a_woken_browser_opens_one_constant_word(moderator: Account, service: PushService) -> None:
    browser = subscribed(moderator, service)
    assert push.wake(moderator) == 1
    (message,) = service.messages
    assert browser.opened(message.body) == b"new"
    assert message.headers["content-encoding"] == "aes128gcm"
    assert int(message.headers["ttl"]) > 0
    assert message.headers["urgency"] == "high"


def test_the_message_is_signed_by_the_key_that_browsers_subscribe_with(
    moderator: Account, service: PushService
) -> None:
    subscribed(moderator, service)
    push.wake(moderator)
    (message,) = service.messages
    assert message.signed_by() == push_service.public_key()
    assert message.claims["aud"] == service.origin
    assert message.claims["sub"].startswith("mailto:")
    assert time() < message.claims["exp"] <= time() + 24 * 60 * 60


def test_the_body_is_that_of_the_rfc() -> None:
    """RFC 8291, appendix A: its keys and salt give its message, byte by byte."""
    private = int.from_bytes(unpadded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    address = Address(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = push_service.sealed(
        b"When I grow up, I want to be a watermelon",
        address,
        key=ec.derive_private_key(private, ec.SECP256R1()),
        salt=unpadded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert padless(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_no_two_messages_are_alike(moderator: Account, service: PushService) -> None:
    subscribed(moderator, service)
    push.wake(moderator)
    push.wake(moderator)
    one, other = service.messages
    assert one.body != other.body


def test_a_crisis_wakes_the_browsers_of_those_on_call_and_of_nobody_else(
    moderator: Account,
    another_moderator: Account,
    service: PushService,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    alerts.choose(moderator, sound=True, email=False)
    subscribed(moderator, service, "/phone")
    subscribed(moderator, service, "/desk")
    subscribed(another_moderator, service, "/elsewhere")
    on_call(moderator)
    with django_capture_on_commit_callbacks(execute=True):
        alerts.raised(queued(None, Severity.CRISIS))
    assert sorted(message.path for message in service.messages) == ["/desk", "/phone"]
    assert written_to() == []


# --- the house's key ------------------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_lies_sealed_in_the_store() -> None:
    first = push_service.public_key()
    assert push_service.public_key() == first
    stored = PushIdentity.objects.get()
    assert stored.public == first
    point = unpadded(first)
    assert (len(point), point[0]) == (65, 4)


def test_a_key_from_the_environment_wins_and_nothing_is_stored(settings: Settings) -> None:
    settings.PUSH_KEY = padless((7).to_bytes(32))
    public = ec.derive_private_key(7, ec.SECP256R1()).public_key().public_numbers()
    assert unpadded(push_service.public_key()) == b"\x04" + public.x.to_bytes(32) + public.y.to_bytes(32)
    assert not PushIdentity.objects.exists()


# --- whom we call ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QOk",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA",
        "https://fcm.googleapis.com:443/fcm/send/abc",
    ],
)
def test_the_push_services_of_the_browsers_are_called(endpoint: str) -> None:
    assert push_service.is_allowed(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://fcm.googleapis.com.evil.example/",
        "https://evil.example/fcm.googleapis.com",
        "https://evilfcm.googleapis.com/",
        "https://push.apple.com/",
        "https://notpush.apple.com/",
        "https://fcm.googleapis.com@evil.example/",
        "https://user:word@fcm.googleapis.com/",
        "https://fcm.googleapis.com:8443/",
        "https://fcm.googleapis.com:99999/",
        "https://fcm.googleapis.com:x/",
        "https://fcm.googleapis.com\\@evil.example/",
        "https://fcm.googleapis.com/\r\nHost: evil.example",
        "https://fcm.googleapis.com/ a",
        "https://ｆcm.googleapis.com/",
        "file:///etc/passwd",
        "ftp://fcm.googleapis.com/",
        "//fcm.googleapis.com/",
        "https://",
        "",
        "https://fcm.googleapis.com/" + "a" * 1000,
    ],
)
def test_no_other_address_is_ever_called(moderator: Account, endpoint: str) -> None:
    assert not push_service.is_allowed(endpoint)
    with pytest.raises(Refused) as refused:
        push.subscribe(moderator, Browser().address(endpoint))
    assert refused.value.reason == "push_address"
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", "c2l4dGVlbiBieXRlcyBvaw"),
        ("AAAA", "c2l4dGVlbiBieXRlcyBvaw"),
        (padless(b"\x04" + bytes(64)), "c2l4dGVlbiBieXRlcyBvaw"),
        (None, ""),
        (None, "c2hvcnQ"),
        (None, "ü"),
    ],
)
def test_keys_that_are_none_are_refused(moderator: Account, p256dh: str | None, auth: str) -> None:
    endpoint = "https://fcm.googleapis.com/fcm/send/abc"
    address = Address(endpoint, p256dh if p256dh is not None else Browser().address(endpoint).p256dh, auth)
    with pytest.raises(Refused):
        push.subscribe(moderator, address)


def test_a_redirect_is_not_followed(moderator: Account, service: PushService) -> None:
    with running() as inside:
        for status in (301, 302, 303, 307, 308):
            service.answers["/one"] = (status, {"Location": f"{inside.origin}/secret"})
            subscribed(moderator, service)
            with pytest.raises(push_service.NotReached):
                push.wake(moderator)
        assert inside.messages == []


def test_an_address_that_left_the_list_is_not_called_any_more(
    moderator: Account, service: PushService, settings: Settings
) -> None:
    subscribed(moderator, service)
    settings.PUSH_HOSTS = ["fcm.googleapis.com"]
    assert push.wake(moderator) == 0
    assert service.messages == []
    assert not PushSubscription.objects.exists()


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_has_gone_is_forgotten(moderator: Account, service: PushService, status: int) -> None:
    subscribed(moderator, service, "/gone")
    subscribed(moderator, service, "/here")
    service.answers["/gone"] = (status, {})
    assert push.wake(moderator) == 1
    assert PushSubscription.objects.count() == 1
    push.wake(moderator)
    assert len(service.to("/gone")) == 1


@pytest.mark.parametrize("status", [400, 403, 413, 429, 500, 503])
def test_a_service_in_trouble_is_tried_again_at_the_next_tick(
    moderator: Account,
    service: PushService,
    status: int,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    browser = subscribed(moderator, service)
    on_call(moderator)
    service.answers["/one"] = (status, {})
    with django_capture_on_commit_callbacks(execute=True):
        alerts.raised(queued(None, Severity.CRISIS))
    assert Alert.objects.filter(channel="push", sent_at=None).count() == 1
    assert service.origin not in caplog.text
    service.answers.clear()
    assert sending.send_due() == 1
    assert browser.opened(service.messages[-1].body) == b"new"


def test_a_service_that_is_away_costs_nothing_but_a_line_without_its_address(
    moderator: Account, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    with running() as service:
        settings.PUSH_HOSTS = [service.origin]
        subscribed(moderator, service)
    with pytest.raises(push_service.NotReached) as failed:
        push.wake(moderator)
    assert service.origin not in str(failed.value)
    assert PushSubscription.objects.exists()


# --- whose, and until when ------------------------------------------------------------------------------------------


def test_a_subscription_lies_sealed_and_is_found_by_its_blind_index(moderator: Account, service: PushService) -> None:
    subscribed(moderator, service)
    row = PushSubscription.objects.get()
    stored = bytes(row.subscription) + bytes(row.index)
    assert service.origin.encode() not in stored
    assert b"Firefox" not in stored
    assert push.devices(moderator)[0].name == "Firefox on Android"


def test_the_same_browser_twice_is_one_and_belongs_to_who_used_it_last(
    moderator: Account, another_moderator: Account, service: PushService
) -> None:
    subscribed(moderator, service)
    subscribed(moderator, service)
    assert PushSubscription.objects.count() == 1
    subscribed(another_moderator, service)
    assert PushSubscription.objects.get().account == another_moderator
    assert push.devices(moderator) == []


def test_a_person_has_a_few_devices_and_a_further_one_takes_the_place_of_the_oldest(
    moderator: Account, service: PushService
) -> None:
    for number in range(push.DEVICES + 2):
        subscribed(moderator, service, f"/{number}")
    push.wake(moderator)
    assert sorted(message.path for message in service.messages) == [f"/{n}" for n in range(2, push.DEVICES + 2)]


def given(browser: Browser, endpoint: str) -> dict[str, str]:
    address = browser.address(endpoint)
    return {"endpoint": address.endpoint, "p256dh": address.p256dh, "auth": address.auth}


def turned_on(account: Account, service: PushService, path: str = "/one") -> Client:
    client = signed_in(account)
    answer = client.post(
        "/moderation/alerts/push/", given(Browser(), service.origin + path), headers={"User-Agent": "Firefox/140 Linux"}
    )
    assert answer.status_code == 200
    return client


def test_turning_it_on_shows_the_device_as_this_one(moderator: Account, service: PushService) -> None:
    page = turned_on(moderator, service).get("/moderation/alerts/").content.decode()
    assert "Firefox on Linux" in page
    assert "This one" in page
    assert "This one" not in signed_in(moderator).get("/moderation/alerts/").content.decode()


def test_an_address_that_is_not_called_is_refused_with_a_sentence(moderator: Account) -> None:
    answer = signed_in(moderator).post("/moderation/alerts/push/", given(Browser(), "https://evil.example/"))
    assert answer.status_code == 422
    assert json.loads(answer.content)["text"]


def test_signing_out_ends_it_in_this_browser_and_in_no_other(moderator: Account, service: PushService) -> None:
    here, elsewhere = turned_on(moderator, service, "/here"), turned_on(moderator, service, "/elsewhere")
    here.post("/account/logout/")
    push.wake(moderator)
    assert [message.path for message in service.messages] == ["/elsewhere"]
    assert not here.cookies[push.COOKIE].value
    assert elsewhere.cookies[push.COOKIE].value


def test_leaving_quickly_ends_it_too(moderator: Account, service: PushService) -> None:
    turned_on(moderator, service).post("/leave/")
    assert not PushSubscription.objects.exists()


def test_being_signed_out_for_idling_does_not_end_it(moderator: Account, service: PushService) -> None:
    """Somebody on call at night sleeps, and their session ends after half an hour."""
    turned_on(moderator, service)
    moderator.sessions.all().delete()
    assert push.wake(moderator) == 1


def test_signing_out_everywhere_ends_it_everywhere(moderator: Account, service: PushService) -> None:
    turned_on(moderator, service, "/lost")
    signed_in(moderator).post("/account/sessions/end-all/")
    assert not PushSubscription.objects.exists()


def test_a_device_is_turned_off_from_another_one_but_never_somebody_elses(
    moderator: Account, another_moderator: Account, service: PushService
) -> None:
    turned_on(moderator, service)
    index = push.devices(moderator)[0].index
    signed_in(another_moderator).post("/moderation/alerts/push/off/", {"index": index})
    assert push.devices(moderator)
    signed_in(moderator).post("/moderation/alerts/push/off/", {"index": index})
    assert not push.devices(moderator)


@pytest.mark.parametrize("index", ["", "zz", "00" * 40, "ü"])
def test_turning_off_what_is_not_there_changes_nothing(moderator: Account, service: PushService, index: str) -> None:
    turned_on(moderator, service)
    assert signed_in(moderator).post("/moderation/alerts/push/off/", {"index": index}).status_code == 302
    assert push.devices(moderator)


# --- the script that is woken ---------------------------------------------------------------------------------------


def test_the_worker_brings_its_words_with_it_and_keeps_and_fetches_nothing(moderator: Account) -> None:
    answer = signed_in(moderator).get("/moderation/push.js")
    script = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-store"
    about = json.loads(script.splitlines()[0].removeprefix("const about = ").removesuffix(";"))
    assert about["title"] == "Something needs you"
    assert about["place"] == "/account/login/?next=/moderation/"
    for reach in ("caches", "fetch(", '"fetch"', "importScripts", "postMessage"):
        assert reach not in script


def test_what_a_page_may_run_in_the_background_is_ours_alone(moderator: Account) -> None:
    policy = signed_in(moderator).get("/moderation/alerts/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy


def test_base64_of_both_spellings_is_read() -> None:
    assert push_service._bytes("c2l4dGVlbg") == push_service._bytes("c2l4dGVlbg==") == urlsafe_b64decode("c2l4dGVlbg==")
