def script_words() -> dict[str, str]:
    return {}
