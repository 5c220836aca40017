"""``python -m metaflash`` is the same as the ``metaflash`` command."""

from metaflash.cli import main

main(prog_name="metaflash")
