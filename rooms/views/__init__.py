"""The pages of rooms. A view translates: a request to one call of a door, its outcome to a page."""
