"""The pages of this app. Each view translates a request into one call of a door."""
