"""People: who may come in, how they sign in, what role they hold, and when they were shown out."""
