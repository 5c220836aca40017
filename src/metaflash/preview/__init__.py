"""The preview: every card of every deck in the browser, as Anki will show it.

``catalog`` is what there is to see, as values; ``page`` the page that shows it; ``server`` gives both to
one browser.
"""
