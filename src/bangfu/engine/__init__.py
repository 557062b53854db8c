"""The theory of support work: nouns in, answers with reasons out. Plain Python; no clock, no I/O, no Django."""
