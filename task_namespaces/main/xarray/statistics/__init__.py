"""Statistics of a variable, computed on the cluster."""
