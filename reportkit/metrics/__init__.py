"""Frames → indicators (指标): pure functions, no I/O; definitions stand in :mod:`.registry`."""
