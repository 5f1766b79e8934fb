"""Every setting of the site. What differs between one machine and many comes from the environment.

Without any variable set, Peerchat runs embedded: SQLite, in-memory channel layer, one process, with demo people.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from peerchat import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA", BASE_DIR / "var")
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- what kind of house this is -------------------------------------------------------------------------------

DATABASE_URL = env.secret("DATABASE_URL")
KEYS_DATABASE_URL = env.secret("KEYS_DATABASE_URL")
REDIS_URL = env.secret("REDIS_URL")
EMBEDDED = not DATABASE_URL

DEMO = env.flag("DEMO", default=EMBEDDED)
DEBUG = env.flag("DEBUG", default=False)
BEHIND_TLS = env.flag("TLS", default=not DEMO)


def _secret_key() -> str:
    """From PEERCHAT_SECRET_KEY, else (embedded only) made once and kept beside the data with mode 0600."""
    if given := env.secret("SECRET_KEY"):
        return given
    if not EMBEDDED:
        raise ImproperlyConfigured(
            "Set PEERCHAT_SECRET_KEY (or PEERCHAT_SECRET_KEY_FILE): several processes must share it."
        )
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.words("HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("ORIGINS")
# Where a link in an e-mail leads that no request asked for.
SITE_ADDRESS = CSRF_TRUSTED_ORIGINS[0] if CSRF_TRUSTED_ORIGINS else f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"

# --- the parts ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    *(["daphne"] if DEBUG else []),  # Channels' runserver, for development
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "vault",
    "accounts",
    "rooms",
    "moderation",
    "mentoring",
    "peerchat",  # for its commands
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.NoStore",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.Gatekeeper",
]

ROOT_URLCONF = "peerchat.urls"
ASGI_APPLICATION = "peerchat.asgi.application"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peerchat.context.house",
                "moderation.cards.on_page",
            ],
        },
    },
]

# --- the stores -----------------------------------------------------------------------------------------------


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _store(url: str, path: Path) -> dict[str, Any]:
    if not url:
        return _sqlite(path)
    parsed = dj_database_url.parse(url, conn_max_age=0, conn_health_checks=True)
    # A short reconnect_timeout: after an outage of any length the pool is whole again within about a second.
    pool = {"min_size": 1, "max_size": 8, "timeout": 2, "reconnect_timeout": 1}
    return {**parsed, "OPTIONS": {**parsed.get("OPTIONS", {}), "pool": pool}}


if DATABASE_URL and not KEYS_DATABASE_URL:
    raise ImproperlyConfigured("Set PEERCHAT_KEYS_DATABASE_URL too: data keys live in a database of their own.")

DATABASES: dict[str, Any] = {
    "default": _store(DATABASE_URL, DATA_DIR / "peerchat.sqlite3"),
    "keys": _store(KEYS_DATABASE_URL, DATA_DIR / "keys.sqlite3"),
}
DATABASE_ROUTERS = ["vault.router.KeysRouter"]

if REDIS_URL:
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": env.text("CHANNEL_LAYER", "channels_redis.core.RedisChannelLayer"),
            "CONFIG": {
                # Longer than the 5 s for which the layer waits for news: else silence looks like an outage.
                "hosts": [{"address": REDIS_URL, "socket_timeout": 15}],
                "symmetric_encryption_keys": [SECRET_KEY],
                "capacity": env.number("CHANNEL_CAPACITY", default=1000),
                "expiry": 10,
            },
        }
    }
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "peerchat.cache.RedisOrMemory",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # seconds
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- the vault -----------------------------------------------------------------------------------------------------

KEYRING_FILE = DATA_DIR / "keyring.json"  # made at the very first start
# The same JSON from outside (or from the file that PEERCHAT_KEYRING_FILE names): it wins, and is never written to.
KEYRING = env.secret("KEYRING")

# --- people --------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["accounts.backends.ByEmail"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    # NIST SP 800-63B-4 section 3.1.1.2: 15 characters where the password may be the only factor, a blocklist, no composition rules.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "peerchat_session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; however active, a person signs in again after this
SESSION_IDLE_SECONDS = env.number("IDLE_SECONDS", default=30 * 60)  # signed out after this long without a sign of life
SCREEN_LOCK_SECONDS = env.number("LOCK_SECONDS", default=10 * 60)  # the page locks itself after this
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # sealed: allauth never gets to see it
ACCOUNT_FORMS = {
    "login": "accounts.forms.entering.SignInForm",
    "reset_password": "accounts.forms.entering.ResetForm",
    "reset_password_from_key": "accounts.forms.entering.NewPasswordForm",
    "change_password": "accounts.forms.entering.ChangePasswordForm",
    "reauthenticate": "accounts.forms.entering.ReauthenticateForm",
}
# allauth's own writes addresses into a table.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.tokens.ResetTokens"  # noqa: S105  (the name of a class)
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation link has proved the address
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "30/m/ip",
    "reset_password": "5/h/ip,3/h/key",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.entering.CodeForm",
    "reauthenticate": "accounts.forms.entering.ReauthenticateCodeForm",
    "activate_totp": "accounts.forms.entering.ActivateAppForm",
    "add_webauthn": "accounts.forms.entering.PasskeyForm",
    "authenticate_webauthn": "accounts.forms.entering.PasskeyCodeForm",
    "login_webauthn": "accounts.forms.entering.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.forms.entering.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Peerchat"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
STAFF_NEED_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=not DEMO)

INVITATION_DAYS = 7
# What an invitation may open besides the door: accounts names no room, rooms answers here.
INVITATION_PLACES = "rooms.joining.places"  # () -> list[tuple[id, label]]
INVITATION_ACCEPTED = "rooms.joining.admit_invited"  # (account, ids) -> None
# (account, the role they had) -> None, each in turn, in the transaction of a change of role, a suspension, a return
ACCOUNT_CHANGED = ["rooms.joining.account_changed", "mentoring.changed_people.account_changed"]

# Without a mail server a demo shows its letters on the console; a real house sends none, since they carry names and links
# that a log must not keep. The coordinator then hands invitation links over.
_MAIL = "smtp" if env.text("EMAIL_HOST") else "console" if DEMO else "dummy"
EMAIL_BACKEND = env.text("EMAIL_BACKEND", f"django.core.mail.backends.{_MAIL}.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "peerchat@localhost")

# --- rooms ---------------------------------------------------------------------------------------------------------

MESSAGE_GATES = ["rooms.gates.shape", "rooms.contact.gate", "moderation.gate.gate"]
FLAGS_RAISED = "moderation.intake.take"  # () -> int: takes what gates flagged (rooms.models.Raised)
CRISIS_SEEN = ["mentoring.debriefs.offer"]  # (room_id) -> None, each, after a case became a crisis in that room
FLAG_RAISED = "moderation.intake.flag"  # (account_id, room_id, message_id, member, category, words): a member flags
# (ids of messages) -> None, after they were stored, if somebody reads them once more
MESSAGES_STORED = "moderation.second.read" if env.words("SECOND_SCREENS") else ""
TOPIC_FOLLOWED = "moderation.live.may_follow"  # (topic, role) -> bool: besides rooms, what a live page may follow
ROOM_PANEL = "mentoring.panel.beside"  # (account, room) -> rooms.panels.Panel | None, for rooms that are no groups
ROOM_NOTES = "mentoring.panel.notes"  # (account, rooms' ids) -> {id: rooms.panels.Note}: what lists say of such rooms
ON_CALL = "moderation.duty.somebody_attends"  # (now) -> bool: whether a moderator or a clinician is on call
SUSPENDED_UNTIL = "moderation.sanctions.suspended_until"  # (accounts' numbers) -> {number: when it ends by itself}
MAY_LEAD = "mentoring.standing.may_lead"  # (account) -> str: why this person may not lead a group; empty where they may
MESSAGE_LENGTH = 4000  # characters
EDIT_SECONDS = 15 * 60
FRAME_BYTES = 64 * 1024  # OWASP WebSocket sheet
SOCKETS_A_PERSON = 10
FRAMES_A_MINUTE = 3000  # a person's frames of any kind; posts have their room's own limit
CALL_ACTS_A_MINUTE = 120  # a person's: ringing, answering, and saying every few seconds that they are still there
SIGNALS_A_MINUTE = 900  # a person's words from browser to browser while these find each other
RING_SECONDS = env.number("RING_SECONDS", default=45)  # until a call nobody answers is a missed one
CALL_BACK_SECONDS = env.number("CALL_BACK_SECONDS", default=30)  # to come back to a call after one's page was lost
STUN_URLS = env.words("STUN_URLS")  # none by default: a call tells no server of others who talks with whom
TURN_URLS = env.words("TURN_URLS")
TURN_SECRET = env.secret("TURN_SECRET")  # shared with the relay (coturn: static-auth-secret)
RELAY_ONLY = env.flag("RELAY_ONLY", default=bool(TURN_URLS))  # then neither side learns the other's address
if TURN_URLS and not TURN_SECRET:
    raise ImproperlyConfigured("Set PEERCHAT_TURN_SECRET too: the relay lets nobody in without it.")
if RELAY_ONLY and not TURN_URLS:
    raise ImproperlyConfigured("PEERCHAT_RELAY_ONLY needs a relay: set PEERCHAT_TURN_URLS.")
PULSE_SECONDS = 0.4  # how often a process asks the store what it may have missed
COUNTRY = env.text("COUNTRY", "US")  # crisis lines and phone numbers of
PROGRAM_LINE = (  # the program's own line stands first under Help now
    {
        "name": env.text("PROGRAM_LINE_NAME", "Your program"),
        "number": env.text("PROGRAM_LINE"),
        "hours": env.text("PROGRAM_LINE_HOURS"),
    }
    if env.text("PROGRAM_LINE")
    else None
)
NEUTRAL_SITE = env.text("NEUTRAL_SITE", "https://www.weather.gov/" if COUNTRY == "US" else "https://www.wikipedia.org/")

CHORES = {  # what the clock does, and every how many seconds
    "rooms.retention.purge": 60 * 60,
    "accounts.sessions.clear_expired": 60 * 60,
    "moderation.intake.take": 15,
    "moderation.term.purge": 60 * 60,
    "rooms.raised.take": 15,
    "rooms.call_ends.sweep": 60,
    "moderation.clocks.tick": 15,
    "moderation.sending.send_due": 15,
    "moderation.sending.clear": 24 * 60 * 60,
    "moderation.sanctions.end_due": 60,
    "mentoring.offers.lapse": 15 * 60,
    "mentoring.requests.forget_old": 24 * 60 * 60,
    "mentoring.reminders.tick": 60 * 60,
    "mentoring.appointments.remind": 60,
    "mentoring.retention.purge": 60 * 60,
    "mentoring.respite.turn": 15 * 60,
    "mentoring.caseload.turn": 60 * 60,
    "mentoring.circle.turn": 15 * 60,
    "mentoring.post.send_kept": 5 * 60,
    "mentoring.self_checks.purge": 24 * 60 * 60,
}

# --- moderation ----------------------------------------------------------------------------------------------------

DEMO_MADE = [
    "moderation.demo_cases.make",
    "mentoring.demo_mentors.make",
]  # () -> None, called once when `peerchat demo` has made its people
SECOND_SCREENS = env.words("SECOND_SCREENS")  # import paths of moderation.screening.SecondScreen
CASE_DAYS = env.number("CASE_DAYS", default=365)  # after which what was written in a resolved case is gone

# --- moderation: duty and alerts -----------------------------------------------------------------------------------

# (request, response, account) -> None, where somebody signs out or leaves; with an account, out of all their browsers
SIGNED_OUT = "moderation.push.forget_browser"
PUSH_KEY = env.secret("PUSH_KEY")  # the private key that push services know this house by; made at first use
PUSH_CONTACT = env.text("PUSH_CONTACT", f"mailto:{DEFAULT_FROM_EMAIL}")  # whom a push service writes to in trouble
PUSH_HOSTS = env.words(  # the push services of Chrome, Edge, Firefox and Safari: no other address is ever called
    "PUSH_HOSTS",
    "fcm.googleapis.com,jmt17.google.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
)

# --- moderation ----------------------------------------------------------------------------------------------------

# When a moderator is told that a break is due (moderation.care). A break of 5 to 10 minutes after 50 to 60 minutes at a screen is
# the advice of the Health and Safety Executive (L26, Display screen equipment work); how many hard cases are enough is our choice.
MODERATOR_CARE = {
    "work": env.number("CARE_WORK_MINUTES", default=60),
    "pause": env.number("CARE_PAUSE_MINUTES", default=10),  # so long without an act is a pause
    "graphic": env.number("CARE_GRAPHIC_CASES", default=3),
}

# --- mentoring -----------------------------------------------------------------------------------------------------

THREAD_DAYS = env.number("THREAD_DAYS", default=180)  # a message of a private thread is kept; after closing, all of it

# --- words ---------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "peerchat_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")

# --- pages ---------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "peerchat.storage.HashedModules"
    },
}

# Documents of five megabytes are handed in here (mentoring.documents). They stay in memory until they are sealed: Django's other
# handler would write the larger ones to the disk in the clear. What is larger is not taken at all.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: the QR code of a second factor
        "connect-src": [SELF],
        "form-action": [SELF, NEUTRAL_SITE],  # Leave quickly without JavaScript is a form that ends there
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],  # the one that push messages wake
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would make browsers post our own forms with "Origin: null"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- serving -------------------------------------------------------------------------------------------------------

PROCESSES = env.number("PROCESSES", default=1)  # of one `serve`; more than one needs PostgreSQL and Redis
# Whose X-Forwarded-For is believed: addresses and networks.
PROXIES = env.words("PROXIES", "127.0.0.1,::1" if BEHIND_TLS else "")

# --- logs: what happened, never what was said --------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_addresses": {"()": "peerchat.logs.WithoutAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_addresses"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"apscheduler": {"level": "WARNING"}},
}
