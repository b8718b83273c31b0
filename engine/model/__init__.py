"""Pure values: the job map, definitions, data types, the graph, and editing as functions from one job map to the next."""
