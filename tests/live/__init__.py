"""The live path over real servers: what is promised in docs/protocol.md while things break, people leave and strangers misbehave."""
