"""Two documents held against each other: sentences, figures and tables that differ.

Drafts, editions or years: both are documents read back from Word (:func:`compare`), and what
differs becomes a page of its own (:func:`page_of`), as HTML and Word.
"""
