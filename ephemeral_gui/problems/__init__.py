"""The list of problems: everything that is wrong with the job map, and the way to it."""
