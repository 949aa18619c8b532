"""Threads and processes, and the jobs that run in them. The only room that starts either; QtCore only."""
