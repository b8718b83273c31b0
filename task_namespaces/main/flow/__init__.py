"""Tasks that bring the paths of a job together."""
