"""E-mail, links, handles and street addresses, as written and as disguised. Called by the contact gate.

Each `may_be_` is a cheap look that lets most messages pass; what it lets through is matched by patterns whose repeats are all bounded,
so that no text takes long.
"""

import re
from collections.abc import Iterable, Iterator

from rooms import crisis_lines

# --- e-mail, links, handles -----------------------------------------------------------------------------------------

_INNER_DOT = re.compile(r"\.\w")
_SERVICES = frozenset(
    ["insta", "instagram", "ig", "snap", "snapchat", "tiktok", "telegram", "discord", "whatsapp", "signal", "facebook", "fb", "twitter",
     "kik", "skype", "venmo", "cashapp", "paypal", "reddit"]
)  # fmt: skip
_PROVIDERS = frozenset(
    ["gmail", "googlemail", "hotmail", "outlook", "yahoo", "ymail", "icloud", "protonmail", "proton", "aol"]
)  # fmt: skip
_ONLINE_WORDS = _SERVICES | _PROVIDERS | {"dot", "punto", "arroba", "cash", "tik", "whats"}


def may_be_online(text: str, said: frozenset[str]) -> bool:
    """`said` are the words of the text, without case and accents."""
    return (
        not said.isdisjoint(_ONLINE_WORDS)
        or "@" in text
        or "#" in text
        or "u/" in text
        or "://" in text
        or _INNER_DOT.search(text) is not None
    )


def online(text: str, said: frozenset[str]) -> Iterator[str]:
    yield from _found(_MAILS, text)
    yield from (link for link in _found(_LINKS, text) if not _helps(link))
    for handle in _found([_HANDLE], text):
        if not said.isdisjoint(_SERVICES | _FOLLOWING) or _LIKE_A_HANDLE.fullmatch(handle.lstrip("@")):
            yield handle
    yield from _found([_REDDIT, _DISCORD], text)
    if not said.isdisjoint(_ONLINE_WORDS):
        yield from _found(_ON_SERVICES, text)


def _found(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[str]:
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield found.group().strip()


_PROVIDER = rf"(?:{'|'.join(sorted(_PROVIDERS))})"
_SERVICE = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|telegram|discord|whats\s?app|signal"
    r"|facebook|fb|twitter|kik|skype|venmo|cash\s?app|paypal|reddit)"
)
_LABEL = r"[\w-]{2,40}"
_TOP = r"(?:com|net|org|edu|gov|info|me|io|co|us|uk|ca|es|mx|ar|cl|de|fr|eu|app|dev|email|live|example)"
_SURE_TOP = r"(?:com|net|org|edu|es|mx|io)"
_DOT = r"(?:\s?[\(\[\{]\s?(?:dot|punto)\s?[\)\]\}]\s?|\s(?:dot|punto)\s)"
_BRACKET_AT = r"\s?[\(\[\{]\s?(?:at|arroba|@)\s?[\)\]\}]\s?"
# A word that somebody made up: a digit, an underscore or a dot is in it.
_MADE_UP = r"(?:[A-Za-z]\w{0,30}[0-9_]\w{0,30}|[A-Za-z]\w{1,30}[.]\w{1,30})"
_LIKE_A_HANDLE = re.compile(r"(?:\w*_\w*|\w*\d\d\w*|\w+\.\w+)")
_FOLLOWING = frozenset(["follow", "add", "find", "handle", "dm", "sigueme", "agregame", "buscame", "usuario"])

_MAILS = [
    re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{1,4}}"),
    re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?@\s?(?:{_LABEL}\s?\.\s?{_SURE_TOP}|{_PROVIDER})\b", re.IGNORECASE),
    re.compile(rf"(?<![\w.+-])[\w.+-]{{2,40}}{_BRACKET_AT}{_LABEL}(?:{_DOT}|\s?\.\s?)?{_TOP}?\b", re.IGNORECASE),
    # name at host dot com, name at host.com: "at" alone is everywhere, so the end must be sure
    re.compile(rf"(?<![\w.+-])[\w.+-]{{2,40}}\s(?:at|arroba)\s{_LABEL}{_DOT}{_TOP}\b", re.IGNORECASE),
    re.compile(
        rf"(?<![\w.+-])[\w.+-]{{2,40}}\s(?:at|arroba)\s(?:{_LABEL}\.{_SURE_TOP}|{_PROVIDER}\.\w{{2,6}})\b",
        re.IGNORECASE,
    ),
]
_LINKS = [
    re.compile(r"(?:https?://|\bwww\.)[^\s<>\"]{3,200}", re.IGNORECASE),
    re.compile(r"\b(?:t\.me|wa\.me|fb\.me|discord\.gg|linktr\.ee)/[\w.@/-]{2,80}", re.IGNORECASE),
    re.compile(rf"(?<![\w.-])(?:{_LABEL}\.){{1,3}}{_TOP}/[\w.@/-]{{2,80}}", re.IGNORECASE),
]
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.-]{1,38}\w")
_REDDIT = re.compile(r"(?<![\w/])u/[\w-]{3,20}\b")
_DISCORD = re.compile(r"(?<![\w.])[A-Za-z_][\w.]{1,31}#\d{4}\b")

# "my insta is private" names nobody: words that come after "is" without being a name.
_NO_NAME = (
    r"(?!(?:a|an|the|so|too|not|no|now|my|me|all|also|just|only|still|off|on|gone|down|up|bad|full|good|great|dead|empty|private|public|deleted"
    r"|there|here|what|where|how|why|who|because|always|never|usual|well|if|it|someone|anyone|everyone|many|some|happy|better|back|bien|mal"
    r"|un|una|el|la|los|las|muy|mi|lo|si|siempre|todo|nada|nunca|toda|privado|privada|lleno|llena|otra|otro|yo|tu|quiera|está|es)\b)"
)
_END = r"(?=\s{0,3}(?:$|[,.!?;\n)]|(?:if|and|y|si|please|por)\b))"
_ASK = r"(?:find|add|follow|dm|message|text|reach|hit|write|see|b[uú]scame|agr[eé]game|s[ií]gueme|escr[ií]beme|ll[aá]mame)(?:\s(?:me|up|to)){0,2}"
_NAMED = r"(?:name|handle|user(?:\s?name)?|usuario|perfil|nick)"
_ON_SERVICES = [
    # a made-up word near the name of a service
    re.compile(rf"\b{_SERVICE}\b\W{{1,3}}(?:\w{{1,15}}\W{{1,3}}){{0,3}}@?{_MADE_UP}", re.IGNORECASE),
    re.compile(
        rf"(?<![\w.]){_MADE_UP}\W{{1,3}}(?:on|en|in|at|de)\s(?:my\s|mi\s)?(?:{_SERVICE}|{_PROVIDER})\b", re.IGNORECASE
    ),
    # my insta is heronwaters, my facebook name is Heron Waters, mi usuario de telegram es garza
    re.compile(rf"\b(?:my|mi)\s{_SERVICE}\s{_NAMED}\s(?:is|es)\s@?{_NO_NAME}[\w.]{{3,40}}", re.IGNORECASE),
    re.compile(
        rf"\b{_NAMED}\s(?:de|en|on|for|in)\s{_SERVICE}\s(?:is|es|:)\s?@?{_NO_NAME}[\w.]{{3,40}}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:my|mi)\s{_SERVICE}\s(?:is|es)\s@?{_NO_NAME}[\w.]{{4,40}}{_END}", re.IGNORECASE),
    re.compile(rf"\b{_SERVICE}\s?[:=]\s?@?{_NO_NAME}[\w.]{{3,40}}{_END}", re.IGNORECASE),
    # find me on telegram as heron, estoy en instagram como garza
    re.compile(
        rf"\b(?:{_ASK}|estoy|i'?m|i\sam)\s(?:on|en|in|at)\s{_SERVICE}\W{{1,3}}(?:as|como|under|by)\s@?{_NO_NAME}[\w.]{{3,40}}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_ASK}\s(?:on|en|in|at)\s{_SERVICE}\s?[,:]\s?(?:name\s)?@?{_NO_NAME}"
        rf"(?:[\w.]{{3,40}}{_END}|(?-i:[A-Z])\w{{2,20}}\s(?-i:[A-Z])\w)",
        re.IGNORECASE,
    ),
    # I'm quietheron on Instagram
    re.compile(
        rf"\b(?:i'?m|i\sam|it'?s|soy)\s@?{_NO_NAME}(?!\w{{1,30}}(?:ing|ed|ly|ado|ada|mente)\s)\w{{8,40}}\s(?:on|en)\s(?:{_SERVICE}|{_PROVIDER})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:my|mi)\s(?:{_PROVIDER}|e-?mail|correo)\s(?:is|es)\s(?:{_MADE_UP}|\w{{8,40}}{_END})", re.IGNORECASE
    ),
    re.compile(r"(?<!\w)\$[A-Za-z][\w-]{2,30}\b"),
]

_HELPING = (".gov", ".gob.es", ".gob.mx", ".nhs.uk", ".gc.ca")


def _helps(link: str) -> bool:
    """The pages of crisis lines and of public offices may be named."""
    host = re.sub(r"^https?://", "", link.lower()).split("/")[0].removeprefix("www.").rstrip(".,;:!?)")
    lines = {line.source.split("/")[0] for lines in crisis_lines.LINES.values() for line in lines}
    return host.endswith(_HELPING) or host in lines


# --- street addresses ---------------------------------------------------------------------------------------------

_SURE_STREETS = frozenset(
    ["street", "avenue", "ave", "road", "rd", "lane", "ln", "boulevard", "blvd", "highway", "hwy", "parkway", "pkwy", "st"]
)  # fmt: skip
_STREETS = _SURE_STREETS | frozenset(
    ["str", "drive", "dr", "court", "ct", "place", "pl", "terrace", "ter", "circle", "cir", "way", "square", "sq"]
)  # fmt: skip
_CALLES = frozenset(
    ["calle", "avenida", "avda", "av", "plaza", "paseo", "carrera", "camino", "colonia", "c", "cra", "cll", "diagonal"]
)  # fmt: skip
_STREET_WORDS = _STREETS | _CALLES | {"box"}


def may_be_street(text: str, said: frozenset[str]) -> bool:
    return not said.isdisjoint(_STREET_WORDS)


def streets(text: str) -> Iterator[str]:
    for found in _ENGLISH.finditer(text):
        if _is_address(found["names"].split(), found["street"], text[found.end() : found.end() + 1]):
            yield found.group().strip()
    yield from _found([_SPANISH, _SPANISH_SMALL, _COLOMBIAN, _POST_BOX], text)


_ENGLISH = re.compile(
    # 221B Baker Street, 1600 N Main St Apt 4, 4511 West 23rd Street
    r"(?<![\w$€£/.,:-])[0-9]{1,5}[A-Za-z]?\s{1,2}(?P<names>(?:(?:[A-Za-z][\w'’-]{0,20}\.?|[0-9]{1,3}(?:st|nd|rd|th))\s{1,2}){1,4}?)"
    rf"(?P<street>{'|'.join(sorted(_STREETS, key=len, reverse=True))})\b\.?"
    r"(?:,?\s{0,2}(?:apt|apartment|unit|suite|#)\.?\s{0,2}\w{1,5})?",
    re.IGNORECASE,
)
# Between a number and a street word these make it a story: "3 bad days at court", "12 step way".
_NO_STREET_WORDS = """
    a an the of to at in on and or my his her our their this that each every down up with from for is was way ways step steps day days
    week weeks month months year years hour hours minute minutes min mins mile miles km time times bad good long more kid kids cat cats dog
    dogs drink drinks dove doves star stars people of us them old new am pm mg world worlds job jobs dark night nights block blocks
    two three way one single
"""
_NO_STREET = frozenset(_NO_STREET_WORDS.split())


def _is_address(names: list[str], street: str, after: str) -> bool:
    if any(name.lower().rstrip(".") in _NO_STREET for name in names):
        return False
    written_as_name = all(name[0].isupper() or name[0].isdigit() for name in names)
    is_sure = street.lower() in _SURE_STREETS or (street.lower() == "drive" and after in ("", ",", "."))
    return written_as_name or (len(names) <= 2 and is_sure)


_NO_UNIT = (
    r"(?!\w)(?!\s(?:d[ií]as?|noches?|veces|vez|minutos?|min|horas?|semanas?|meses|mes|años?|kil[oó]metros?|kilos?|km|metros?|grados?|personas?"
    r"|pesos|euros|pasos|cuadras|de\s(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre))\b)"
)
_NAME = r"[A-ZÁÉÍÓÚÑ][\wáéíóúñ'-]{1,20}"
_SPANISH = re.compile(
    # calle Mayor 12, avenida de la Constitución 8, camino de la Fuente no 5
    rf"\b(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|[Aa]v\.|[Pp]laza|[Pp]aseo|[Cc]arrera|[Cc]amino|[Cc]olonia)\s?(?:(?:de|del|la|las|los|el)\s){{0,3}}"
    rf"{_NAME}(?:\s(?:(?:de|del|la|los|y)\s){{0,2}}{_NAME}){{0,3}},?\s?(?:n[o°.]{{0,2}}\s?|#\s?)?[0-9]{{1,4}}{_NO_UNIT}"
)
_STORY = r"(?!(?:con|por|unos|unas|hac[ií]a|hace|hay|hab[ií]a|estaba|est[aá]|hasta|desde|tiene|ten[ií]a|durante|son|era|eran|casi|solo|otras?|vi)\b)"
_SPANISH_SMALL = re.compile(
    # vivo en calle mayor 12: without capitals only the sure words, and the number right after
    rf"\b(?:calle|avenida|avda\.?)\s(?:(?:de|del|la|las|los|el)\s){{0,3}}{_STORY}"
    rf"[\wáéíóúñ]{{3,20}}(?:\s{_STORY}[\wáéíóúñ]{{3,20}})?,?\s(?:n[o°.]{{0,2}}\s?|#\s?)?[0-9]{{1,4}}{_NO_UNIT}",
    re.IGNORECASE,
)
_COLOMBIAN = re.compile(r"\b(?:carrera|calle|cra|cll|diagonal)\.?\s?[0-9]{1,3}\w?\s?#\s?[0-9]{1,3}", re.IGNORECASE)
_POST_BOX = re.compile(r"\bP\.?\s?O\.?\s{1,2}Box\s{1,2}[0-9]{1,6}\b", re.IGNORECASE)
