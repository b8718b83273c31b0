"""What the window can do, as a table, and the Qt actions that follow from it."""
