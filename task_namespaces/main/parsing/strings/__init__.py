"""Texts to lists of words."""
