"""数据确认单 that come back: reading what units filled in, recording it, saying how units stand.

:mod:`.sheet` what a unit is asked to confirm, and its 数据版本 · :mod:`.word` a Word file as
paragraphs and grids · :mod:`.ticks` which of two things was ticked · :mod:`.reply` one file, read
or refused · :mod:`.belonging` whose it is · :mod:`.record` what is written of it ·
:mod:`.standing` whether a unit holds up the issue.
"""
