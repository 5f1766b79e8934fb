"""The plain Channels way, as its tutorial teaches it, measured beside ours. No accounts, keys or numbers."""
