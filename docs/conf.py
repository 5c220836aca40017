"""The docs as a site: `sphinx-build -W -n docs dist/site`, with what `pip install -e ".[docs]"` brings.

Needs no network while it builds, and no page loads anything from elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

from metaflash import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "metaflash"
release = __version__
extensions = ["myst_parser", "made_pages"]
exclude_patterns = ["_ext"]
highlight_language = "text"
nitpicky = True

myst_heading_anchors = 4  # as GitHub gives them, for links such as format.md#drawn-pictures

html_theme = "furo"
html_title = f"metaflash {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
