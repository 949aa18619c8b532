"""Other programs that find alike pictures, each as its manual shows, one script a program; run by the Python of its own venv.

Each takes a folder and writes the groups that it finds as JSON lists of paths.
"""
