"""What people fill in: signing in and proving it is them, joining, and the coordinator's forms."""
