"""metaflash compiles YAML fact files into Anki decks that learners can update."""

__version__ = "0.1.0"
