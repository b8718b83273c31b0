"""The dask cluster of a run."""
