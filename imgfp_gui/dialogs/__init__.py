"""What opens over the window and is answered or closed before anything else goes on."""
