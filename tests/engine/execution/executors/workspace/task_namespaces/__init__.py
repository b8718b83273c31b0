"""Tasks of this workspace."""
