"""The command line's promises, each tried on real files by the program as a user runs it."""
