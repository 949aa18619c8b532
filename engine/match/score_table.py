"""Strength to similarity, written by tests/learning/learn_score.py."""

STRENGTH = (-0.343, -0.043, 0.272, 0.419, 0.712, 0.785, 0.938, 1.327, 1.571, 1.72)
SIMILARITY = (0.0, 0.02, 0.2, 0.5, 0.86, 0.9, 0.94, 0.97, 0.99, 0.9999)
