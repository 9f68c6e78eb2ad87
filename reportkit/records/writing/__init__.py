"""Writing .xlsx files for units: blank forms, and what is said of those they sent."""
