"""When what runs: jobs of ``params/schedule.yml``, each a few commands of reportkit in a row.

A service (:mod:`~reportkit.schedule.service`) waits for the times of the jobs, starts their
commands as processes, and keeps a ledger of what became of them, out of which people are told.
"""
