"""What the actions do, in groups named by the first part of their ids."""
