"""What a run gave: its outputs as a tree, the files it wrote, and what failed."""
