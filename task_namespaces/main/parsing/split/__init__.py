"""One payload to many."""
