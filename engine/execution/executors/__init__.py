"""Where task bodies run."""
