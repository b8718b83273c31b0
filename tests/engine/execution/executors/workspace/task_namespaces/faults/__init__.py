"""Tasks of the namespace faults."""
