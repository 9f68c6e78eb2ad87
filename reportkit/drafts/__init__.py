"""Drafts that come back edited from a leader's desk (送审稿): what stands in them now.

:mod:`.word` reads a Word file that Word, WPS or LibreOffice saved. It knows nothing of study
groups, nor of what is done with what was read.
"""
