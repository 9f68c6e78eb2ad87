"""The one reader of Word files: ``.docx`` as Word, WPS and LibreOffice write them → plain data.

:func:`.reading.read_word` gives an edited draft: its paragraphs with all that was changed and said
of them. :mod:`.form` shows the same as tables with cells, and
:mod:`reportkit.publish.word.rereading` as a document.

===============  =====================================================================
:mod:`.archive`  the guard: a zip and XML of which nothing is believed
:mod:`.parts`    which parts there are: styles, numbering, comments, properties, our base
:mod:`.walking`  the one walk over a flow of text, taken down as a :mod:`.story`
:mod:`.lines`    pieces and marks → paragraphs once all changes are accepted
===============  =====================================================================

Tracked changes count as accepted. What is struck through or hidden, by itself or by its style,
counts as deleted and is among the changes. A letter of a symbol font is the sign that it shows.
"""
