"""Strength to similarity, written by tests/learning/learn_score.py."""

STRENGTH = (-0.326, -0.026, 0.297, 0.456, 0.703, 0.801, 0.941, 1.325, 1.571, 1.72)
SIMILARITY = (0.0, 0.02, 0.2, 0.5, 0.86, 0.9, 0.94, 0.97, 0.99, 0.9999)
