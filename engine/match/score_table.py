"""Strength to similarity, written by tests/learning/learn_score.py."""

STRENGTH = (0.30, 0.65, 0.75, 0.85, 0.95, 1.00, 1.05, 1.15, 1.30, 1.60)
SIMILARITY = (0.0, 0.10, 0.25, 0.50, 0.86, 0.90, 0.94, 0.97, 0.99, 0.9999)
