"""Strength to similarity, written by tests/learning/learn_score.py."""

STRENGTH = (-0.594, -0.294, 0.036, 0.178, 0.393, 0.607, 0.793, 1.162, 1.424, 1.678)
SIMILARITY = (0.0, 0.02, 0.2, 0.5, 0.86, 0.9, 0.94, 0.97, 0.99, 0.9999)
