"""The JSON view: the job map's own text, edited both ways."""
