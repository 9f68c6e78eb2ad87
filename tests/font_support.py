"""The package's own fonts for programs that look for the machine's."""

from __future__ import annotations

import os
from pathlib import Path

from reportkit.fonts import ROLES, FontSet


def with_own_fonts(folder: Path) -> dict[str, str]:
    """An environment in which programs see the package's fonts and no others.

    What fonts a machine has is its own affair; ``folder`` takes what fontconfig needs.
    """
    fonts = {str(face.path.parent) for role in ROLES for face in FontSet.find(None).faces(role)}
    folders = "".join(f"<dir>{path}</dir>" for path in sorted(fonts))
    config = folder / "fonts.conf"
    cache = f"<cachedir>{folder / 'fonts'}</cachedir>"
    config.write_text(f"<fontconfig>{folders}{cache}</fontconfig>", encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(config)}
