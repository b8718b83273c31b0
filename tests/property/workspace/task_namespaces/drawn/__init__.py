"""Tasks of the namespace drawn."""
