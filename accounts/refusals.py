"""Why a door of this app said no, in words for the person who asked."""


class Refused(Exception):
    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason)
        self.reason = reason  # one word for programs
        self.text = text  # a translated sentence for people
