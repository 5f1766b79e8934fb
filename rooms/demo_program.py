"""The people, rooms and words of the demonstration. Plainly made up; nothing here is read anywhere else than by `peerchat demo`."""

from dataclasses import dataclass

from accounts.models import Role

PASSWORD = "calm-harbor-demo-2026"  # noqa: S105  (public on purpose: printed at each start of the demo)


@dataclass(frozen=True)
class Person:
    """`rooms` gives the pseudonym by room; an empty one is admitted and has not entered yet."""

    email: str
    name: str
    role: Role
    rooms: dict[str, str]


@dataclass(frozen=True)
class Group:
    name: str
    condition: str
    description: str
    toolkit: str
    part2: bool = False


AGREEMENT = """What is said here stays here.

We speak from our own experience and we do not give medical advice.

We use the names we chose for this room. We do not ask who somebody is outside, and we do not share phone numbers, addresses or accounts.

We put a content warning before anything that could be hard to read, and we leave out details of methods, numbers and amounts.

We are kind. If something hurts, we say so, or we tell a moderator.

Nobody here has to be better by tomorrow. If you are in danger, press Help now: people are there day and night."""

GROUPS = {
    "anxiety": Group(
        "Anxiety group",
        "anxiety",
        "For racing thoughts, panic and worry that will not stop. Grounding, small steps, company.",
        "5-4-3-2-1: name five things you see, four you can touch, three you hear, two you smell, one you taste.\n\n"
        "Box breathing: in for four, hold for four, out for four, hold for four. Four rounds.\n\n"
        "A small step: choose the part of the fear that is a three out of ten, and stay with it until it is a two.",
    ),
    "depression": Group(
        "Depression group",
        "depression",
        "For heavy days and empty ones. Showing up counts.",
        "One thing: get up, drink a glass of water, open a window. That is a whole morning's work on some days.\n\n"
        "Write down one thing that was not awful. It does not have to be good.",
    ),
    "ptsd": Group(
        "PTSD group",
        "ptsd",
        "For living with what happened. We use content warnings and we leave details out.",
        "Feet on the floor: press your heels down, feel the chair, say the date and where you are.\n\n"
        "Orienting: turn your head slowly and name three things that are different from then.",
    ),
    "co_occurring": Group(
        "Recovery and mental health",
        "co_occurring",
        "For those of us with an addiction and something else. One day at a time, both at once.",
        "HALT: am I hungry, angry, lonely, tired? Mend that first.\n\nUrge surfing: a craving is a wave. Watch it rise, crest and fall.",
        part2=True,
    ),
}

PEOPLE = [
    Person(
        "client.one@demo.example",
        "Ada Demo-Client",
        Role.CLIENT,
        {"anxiety": "Quiet Heron", "depression": "Slow Meadow"},
    ),
    Person(
        "client.two@demo.example", "Ben Demo-Client", Role.CLIENT, {"anxiety": "Steady River", "ptsd": "North Lantern"}
    ),
    Person(
        "client.three@demo.example",
        "Cleo Demo-Client",
        Role.CLIENT,
        {"anxiety": "Amber Finch", "co_occurring": "Open Tide"},
    ),
    Person(
        "client.four@demo.example", "Dario Demo-Client", Role.CLIENT, {"anxiety": "", "depression": "Patient Cedar"}
    ),
    Person("client.five@demo.example", "Eli Demo-Client", Role.CLIENT, {"depression": "Pale Harbor"}),
    Person("client.six@demo.example", "Farah Demo-Client", Role.CLIENT, {"ptsd": "Soft Comet"}),
    Person("mentor@demo.example", "Mira Demo-Mentor", Role.MENTOR, {"anxiety": "Juniper", "depression": "Juniper"}),
    Person("mentor.two@demo.example", "Wes Demo-Mentor", Role.MENTOR, {"ptsd": "Wren"}),
    Person("mentor.three@demo.example", "Olga Demo-Mentor", Role.MENTOR, {}),
    Person("mentor.four@demo.example", "Lupe Demo-Mentor", Role.MENTOR, {}),
    Person("mentor.five@demo.example", "Nico Demo-Mentor", Role.MENTOR, {}),
    Person(
        "moderator@demo.example",
        "Milo Demo-Moderator",
        Role.MODERATOR,
        {"anxiety": "Sol", "depression": "Sol", "ptsd": "Sol"},
    ),
    Person("moderator.two@demo.example", "Mona Demo-Moderator", Role.MODERATOR, {"co_occurring": "Alba"}),
    Person("clinician@demo.example", "Kay Demo-Clinician", Role.CLINICIAN, {"anxiety": "Robin K."}),
    Person("coordinator@demo.example", "Cora Demo-Coordinator", Role.COORDINATOR, {}),
]


@dataclass(frozen=True)
class Said:
    """`ago` is in minutes; `reply` counts back to the message answered; `reactions` is kind by pseudonym."""

    room: str
    who: str
    ago: int
    body: str
    warning: str = ""
    reply: int = 0
    reactions: tuple[tuple[str, str], ...] = ()


TALK = [
    Said("anxiety", "Juniper", 2950, "Good evening everybody. I'm around until ten. How did the week treat you?",
         reactions=(("Quiet Heron", "heart"),)),
    Said("anxiety", "Steady River", 2941, "I took the bus. Four stops. I counted every one of them."),
    Said("anxiety", "Quiet Heron", 2938, "Four stops! Last month you said the bus was impossible.", reply=1,
         reactions=(("Steady River", "thank_you"), ("Juniper", "heart"))),
    Said("anxiety", "Amber Finch", 2930, "Proud of you. My legs went to jelly just reading it.", reply=2,
         reactions=(("Steady River", "heart"),)),
    Said("anxiety", "Steady River", 2926, "Jelly is accurate. I had the toolkit open on my phone: five things I see. One of them was a very "
         "judgmental pigeon.", reactions=(("Quiet Heron", "heart"), ("Amber Finch", "heart"), ("Juniper", "heart"))),
    Said("anxiety", "Juniper", 2920, "That pigeon is part of your recovery now."),
    Said("anxiety", "Sol", 1490, "A small reminder: the agreement is one tap away, and a content warning before heavy things is a kindness. "
         "Thank you for how you look after each other."),
    Said("anxiety", "Amber Finch", 1475, "My heart would not slow down after midnight and I thought it was the end of me. It was a panic attack. "
         "It passed in twenty minutes. I'm writing this so that next time I believe it.",
         warning="A panic attack at night", reactions=(("Quiet Heron", "with_you"), ("Juniper", "strength"), ("Steady River", "with_you"))),
    Said("anxiety", "Quiet Heron", 1470, "It passes. Every time. I keep a note on my night table that says exactly that.", reply=1,
         reactions=(("Amber Finch", "thank_you"),)),
    Said("anxiety", "Amber Finch", 1466, "I'm stealing that."),
    Said("anxiety", "Robin K.", 1380, "Tomorrow's session is about sleep and worry. Bring a question if you have one. I will not call on anybody."),
    Said("anxiety", "Quiet Heron", 58, "I slept four hours. It is something."),
    Said("anxiety", "Steady River", 51, "It is something. What helped?", reply=1, reactions=(("Quiet Heron", "heart"),)),
    Said("anxiety", "Quiet Heron", 44, "I put the phone in the kitchen.\nAnd I said out loud: not now, brain, we have an appointment at nine.",
         reactions=(("Steady River", "proud"), ("Juniper", "proud"))),
    Said("anxiety", "Juniper", 36, "“Not now, brain, we have an appointment.” Printing that on a mug.", reply=1,
         reactions=(("Quiet Heron", "heart"), ("Amber Finch", "heart"))),
    Said("anxiety", "Amber Finch", 12, "Doing the supermarket at six today. Quiet hour. Wish me luck."),
    Said("anxiety", "Steady River", 8, "Pigeon and I are with you.", reply=1, reactions=(("Amber Finch", "thank_you"),)),
    Said("depression", "Juniper", 1600, "Checking in: what was one thing today, however small?"),
    Said("depression", "Slow Meadow", 1580, "I opened the window.", reactions=(("Juniper", "strength"), ("Patient Cedar", "with_you"))),
    Said("depression", "Patient Cedar", 1541, "I answered one message. This one."),
    Said("depression", "Slow Meadow", 95, "Shower before noon. First time in a while.", reactions=(("Patient Cedar", "proud"),)),
    Said("ptsd", "Sol", 4000, "Welcome. We leave details out here and we warn before heavy things. You can always just read."),
    Said("ptsd", "North Lantern", 700, "Fireworks next door. Heels on the floor, said the date out loud twice. Still here.",
         warning="Loud noises", reactions=(("Sol", "strength"),)),
    Said("co_occurring", "Alba", 2000, "How is everybody's HALT today?"),
    Said("co_occurring", "Open Tide", 1990, "Hungry and tired, so: soup and bed. Ninety-one days.", reactions=(("Alba", "proud"),)),
]  # fmt: skip
