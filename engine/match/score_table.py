"""Strength to similarity, written by tests/learning/learn_score.py."""

STRENGTH = (0.30, 0.50, 0.65, 0.80, 0.85, 0.92, 1.05, 1.25, 1.60)
SIMILARITY = (0.0, 0.20, 0.50, 0.86, 0.90, 0.94, 0.97, 0.99, 0.9999)
