"""The window: panels around tabs of job maps, and everything that connects them."""
