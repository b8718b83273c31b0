"""NetCDF files and the variables in them."""
