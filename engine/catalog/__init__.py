"""The catalogue: which methods there are, and the one way to their code."""

from engine.catalog.catalog import Catalog
from engine.catalog.loading import load_catalog

__all__ = ["Catalog", "load_catalog"]
