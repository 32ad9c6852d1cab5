"""read_sheet.py FILE: reads an enrolment sheet as a browser would, and refuses what no browser should have to mend.

Prints one JSON object: language, policy, the text of its page, the drawing.
"""
import json
import sys
from xml.etree import ElementTree

import html5lib

HTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
KNOWN = set("html head meta title style body section h1 h2 p ol li table tbody tr th td".split())
KNOWN = {HTML + tag for tag in KNOWN} | {SVG + "svg", SVG + "path"}
LOADS = {"src", "href", "srcset", "action", "data", "poster", "background"}

with open(sys.argv[1], encoding="utf-8") as file:
    root = html5lib.HTMLParser(strict=True).parse(file.read())

for element in root.iter():
    assert element.tag in KNOWN, element.tag
    for name in element.attrib:
        assert name not in LOADS and not name.startswith("on"), (element.tag, name)
style = "".join(element.text for element in root.iter(HTML + "style"))
assert "url(" not in style and "@import" not in style, style

metas = {meta.get("http-equiv"): meta.get("content") for meta in root.iter(HTML + "meta")}
ElementTree.register_namespace("", SVG[1:-1])
for svg in root.iter(SVG + "svg"):
    for name in [name for name in svg.attrib if name.endswith("xmlns")]:
        del svg.attrib[name]  # the tree knows its name space already
print(json.dumps({
    "language": root.get("lang"),
    "policy": metas["Content-Security-Policy"],
    "pages": [" ".join(" ".join(page.itertext()).split()) for page in root.iter(HTML + "section")],
    "drawings": [ElementTree.tostring(svg, encoding="unicode") for svg in root.iter(SVG + "svg")],
}))
