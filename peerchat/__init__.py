"""The site: settings, addresses, the ASGI application and the command line. Wiring only, no feature lives here."""
