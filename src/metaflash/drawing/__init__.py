"""Flow charts drawn from words: boxes, arrows between them, and nothing else.

    (Graph, labels) --layers--> rows --places--> Plan --svg--> SVG

Small layered drawing after Sugiyama, Tagawa and Toda (1981): arrows point down (or right), long
ones go through bends of their own, and few of them cross. Everything is a function of the labels
and the order of the arrows, so the same words give the same bytes anywhere.
"""
