"""The inspector: what is selected on the canvas, to be read and changed."""
