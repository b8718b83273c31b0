"""The palette: every method that a job map may use, to be found and added."""
