"""Strength to similarity, written by tests/learning/learn_score.py."""

STRENGTH = (-0.776, -0.476, -0.04, 0.143, 0.466, 0.615, 0.815, 1.245, 1.557, 1.859)
SIMILARITY = (0.0, 0.02, 0.2, 0.5, 0.86, 0.9, 0.94, 0.97, 0.99, 0.9999)
