"""Folders full of files that want to hurt, sound pictures among them, made from a seed; and what a scan must do with them."""
