"""What people open first: ``outputs/index.html``, and a page for each unit over the years.

Made of the manifests and of what the workbook tells (:class:`Told`); knows nothing of what the
documents are about.
"""

from reportkit.site.gathering import Told
from reportkit.site.writing import write_site

__all__ = ["Told", "write_site"]
