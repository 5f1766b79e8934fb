"""Keeping rooms safe: screening, flags and cases, sanctions, the crisis path. Sees little, and every look leaves a trace."""
