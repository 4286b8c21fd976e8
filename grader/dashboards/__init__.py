"""Dashboards: notebooks the site serves at /dasbor/<slug>, and what their cells show.

    agency · people · answers     parts: a question of the page → markup, files
    asking · trainer              the question, and markup every part is made of
    plots · grid                  figures → SVG; a table → markup, CSV, XLSX

They run in a kernel that has no database and writes nowhere; figures are tables the site hands over.
"""
