"""Tasks that take payloads apart."""
