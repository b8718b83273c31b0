"""The namespace that Ephemeral brings along."""
