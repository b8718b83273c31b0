"""The page that is there before a job map is open."""
