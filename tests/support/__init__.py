"""What tests share: generated photo libraries, damaged files, ways to run the program. Never imported by the product."""
