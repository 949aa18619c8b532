"""Tests of the room that moves files."""
