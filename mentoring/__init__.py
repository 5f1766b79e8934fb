"""Mentors: their credentials, whom they are matched with, the private threads they hold, and how they stay well."""
