"""Who answers at once, by country: public numbers of crisis lines, with where each is published.

Checked against the services' own pages; a program can put its own line first with settings.PROGRAM_LINE.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

_ALWAYS = _("Day and night, free")


@dataclass(frozen=True)
class Line:
    """`tel` and `sms` are what a phone dials; `sms_text` is the word to send; `source` is where the service says so.

    `language` is the page's language that the line is for: there it stands first.
    """

    name: str
    who: str | Promise
    number: str = ""
    tel: str = ""
    sms: str = ""
    sms_text: str | Promise = ""
    hours: str | Promise = _ALWAYS
    source: str = ""
    language: str = ""


_EMERGENCY = _("If somebody is in danger right now")
_CRISIS = _("Thoughts of suicide, or a crisis of any kind")

LINES: dict[str, list[Line]] = {
    "US": [
        Line("988 Suicide & Crisis Lifeline", _CRISIS, "988", "988", "988", "HOME", source="988lifeline.org"),
        Line("988 en español", _("The same in Spanish: press 2, or text AYUDA"), "988", "988", "988", "AYUDA", source="988lifeline.org",
             language="es"),
        Line("911", _EMERGENCY, "911", "911", source="911.gov"),
        Line("Crisis Text Line", _("If you would rather write"), "741741", "", "741741",
             pgettext_lazy("word to text to the Crisis Text Line in this language", "HOME"), source="crisistextline.org"),
        Line("Veterans Crisis Line", _("Veterans and service members: press 1"), "988", "988", "838255", "", source="veteranscrisisline.net"),
        Line("SAMHSA National Helpline", _("Finding treatment for addiction or mental health"), "1-800-662-4357", "+18006624357",
             source="samhsa.gov"),
        Line("National Domestic Violence Hotline", _("If you are not safe at home"), "1-800-799-7233", "+18007997233", "88788", "START",
             source="thehotline.org"),
    ],
    "CA": [
        Line("9-8-8 Suicide Crisis Helpline", _CRISIS, "988", "988", "988", "", source="988.ca"),
        Line("911", _EMERGENCY, "911", "911", source="canada.ca"),
        Line("Kids Help Phone", _("Young people"), "1-800-668-6868", "+18006686868", "686868", "CONNECT", source="kidshelpphone.ca"),
    ],
    "GB": [
        Line("Samaritans", _CRISIS, "116 123", "116123", source="samaritans.org"),
        Line("999", _EMERGENCY, "999", "999", source="nhs.uk"),
        Line("NHS 111, option 2", _("Urgent help for mental health"), "111", "111", source="nhs.uk"),
        Line("Shout", _("If you would rather write"), "85258", "", "85258", "SHOUT", source="giveusashout.org"),
    ],
    "IE": [
        Line("Samaritans", _CRISIS, "116 123", "116123", source="samaritans.org"),
        Line("112", _EMERGENCY, "112", "112", source="112.ie"),
        Line("Text About It", _("If you would rather write"), "50808", "", "50808", "HELLO", source="textaboutit.ie"),
    ],
    "AU": [
        Line("Lifeline", _CRISIS, "13 11 14", "131114", "0477131114", "", source="lifeline.org.au"),
        Line("000", _EMERGENCY, "000", "000", source="triplezero.gov.au"),
    ],
    "NZ": [
        Line("1737", _("Talk to a trained counsellor"), "1737", "1737", "1737", "", source="1737.org.nz"),
        Line("111", _EMERGENCY, "111", "111", source="police.govt.nz"),
    ],
    "ES": [
        Line("024", _CRISIS, "024", "024", source="sanidad.gob.es/linea024"),
        Line("112", _EMERGENCY, "112", "112", source="112.es"),
        Line("Teléfono de la Esperanza", _("Somebody to talk to"), "717 003 717", "+34717003717", source="telefonodelaesperanza.org"),
        Line("016", _("If you are not safe at home"), "016", "016", source="violenciagenero.igualdad.gob.es"),
    ],
    "MX": [
        Line("Línea de la Vida", _CRISIS, "800 911 2000", "+528009112000", source="gob.mx/salud/conadic"),
        Line("911", _EMERGENCY, "911", "911", source="gob.mx/911"),
        Line("SAPTEL", _("Somebody to talk to"), "55 5259 8121", "+525552598121", source="saptel.org.mx"),
    ],
}  # fmt: skip

COUNTRIES = {
    "US": _("United States"),
    "CA": _("Canada"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "AU": _("Australia"),
    "NZ": _("New Zealand"),
    "ES": _("Spain"),
    "MX": _("Mexico"),
}


def lines_of(country: str) -> list[Line]:
    """The country's lines, those for the reader's language first.

    For a country that is not listed, the European emergency number works from most phones.
    """
    own = settings.PROGRAM_LINE
    first = (
        [Line(own["name"], _("Your program"), own["number"], own["number"].replace(" ", ""), hours=own["hours"])]
        if own
        else []
    )
    public = LINES.get(country, [Line("112", _EMERGENCY, "112", "112", source="112.eu")])
    return first + sorted(public, key=lambda line: line.language != get_language())
