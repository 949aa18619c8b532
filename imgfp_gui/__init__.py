"""The window of imgfp. It shows what the session says and asks the session to act; it opens no file itself."""
