"""Runs of the open job map, and the panels that follow them."""
