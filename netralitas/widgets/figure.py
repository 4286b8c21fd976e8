"""`figure(name)`: a picture drawn from the data, with its text alternative and its table.

The picture is the committed SVG of `data/figures/`; nothing is drawn in a learner's kernel.
"""

from __future__ import annotations

import re
from html import escape

from IPython.display import HTML

from .. import content, figures
from ..i18n import _


def figure(name: str) -> HTML:
    """Show a figure and, folded below it, the table it was drawn from.

    Raises FileNotFoundError when it has not been drawn, KeyError when there is no such figure.
    """
    known = content.current()
    picture = (content.root() / "data" / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    drawn = figures.plot(known.figures.figure(name), known.law)
    head, *rows = figures.table(drawn)
    cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    return HTML(
        f'<figure class="chart chart-{drawn.kind}">{_framed(picture)}'
        f"<details><summary>{escape(_('Lihat sebagai tabel'))}</summary>"
        f"<table><thead><tr>{titles}</tr></thead><tbody>{cells}</tbody></table></details></figure>"
    )


def _framed(picture: str) -> str:
    """Return the picture with a ground of its own and its natural height.

    JupyterLab knows none of our style sheets: without them the picture would fill the notebook's width, dark
    on a dark theme. On the site the sheets decide, and the ground is that of the card around it.
    """
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', picture)[0])
    size = f'width="{width}" height="{height}"'
    ground = f'<rect width="{width}" height="{height}" fill="var(--card, #fff)"/>\n'
    return picture.replace('width="100%"', size, 1).replace("<text", ground + "<text", 1)
