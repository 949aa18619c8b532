"""How well edited copies are found and different pictures kept apart, measured on photographs that somebody has.

``python -m tests.bench.robustness OUT FOLDER…`` edits every photograph of the folders in some hundred ways, reads the files as
the product does, searches them as the product does, and prints recall per edit and false pairs with their bounds, beside the
schemes of other programs. ``docs/develop/robustness.md`` says what is measured and what came out.
"""
