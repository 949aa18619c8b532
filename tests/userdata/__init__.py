"""Tests of decisions and the journal."""
