"""Tasks of the namespace survey."""
