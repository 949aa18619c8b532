"""From pairs to clusters at any line: joins by one rule, their tree, and what a line gives."""
