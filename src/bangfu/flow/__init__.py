"""The acts: each verb reads rows, asks the engine, and writes, in one transaction. Safe to run twice."""
