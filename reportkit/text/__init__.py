"""What Chinese prose is made of: normal forms, numerals, figures, sentences and their likeness.

The ground of whatever reads a text; nothing here knows of documents or files.
"""
