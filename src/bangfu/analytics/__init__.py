"""Whole tables at once: numpy and DuckDB over plain arrays. Knows no Django and no tables; the engine says what is meant."""
