"""The child process in which codecs run: read a request, decode, fingerprint, answer. No Qt, no store, no path of the user.

Started as ``python -I -m engine.worker`` with one end of a Unix socket pair as its standard input. It takes no options and reads
no variables: nothing but the requests on that socket tells it what to do.
"""
