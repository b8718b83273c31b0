"""The open job map: what it is, how it came from a file and goes back, what is wrong with it."""
