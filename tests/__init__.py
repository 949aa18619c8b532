"""Tests of imgfp. Folders follow the rooms; everything generated, seeded and thrown away."""
