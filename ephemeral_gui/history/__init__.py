"""The history: what was done to the job map, and the way back to each step."""
