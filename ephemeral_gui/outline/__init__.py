"""The outline: every task and wire as a line of words, for eyes, keyboard and screen readers."""
