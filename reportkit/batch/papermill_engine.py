"""The engine ``reportkit`` as papermill finds it: ``papermill --engine reportkit …``.

papermill loads it while it is itself being imported: nothing of papermill may be imported here
before the engine is asked for something.
"""

from __future__ import annotations

from typing import Any


class ReportkitEngine:
    """A papermill engine that tells the truth: see :mod:`reportkit.batch.engine`."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Executes the notebook, as papermill asks an engine to."""
        from reportkit.batch.engine import TruthfulEngine

        return TruthfulEngine.execute_notebook(nb, kernel_name, **kwargs)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel that was asked for, or the notebook's own."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """The notebook's language; Python is written by a translator of our own."""
        from papermill.utils import nb_language

        from reportkit.batch.engine import LANGUAGE, register_translator

        found = str(nb_language(nb, language))
        if found != "python":
            return found
        register_translator()
        return LANGUAGE
