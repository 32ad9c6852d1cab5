"""print_sheet.py FILE: lays a sheet out for paper, and prints how many leaves it takes: on A4 and on Letter."""
import sys

from weasyprint import CSS, HTML

for paper in ("A4", "Letter"):
    document = HTML(sys.argv[1]).render(stylesheets=[CSS(string="@page{size:%s}" % paper)])
    print(paper, len(document.pages))
