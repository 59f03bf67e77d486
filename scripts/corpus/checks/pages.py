"""The pages of corpus/docs, whatever their format: what they say of themselves, their headings, links and parameters."""
import datetime
import html.parser
import re

from .report import corpus, line_of

docs = corpus / "docs"
REVIEW_DAYS_MAX = 365
# A PDF is made from the source beside it, by scripts/corpus/make-pdf; the source is what is checked.
SOURCE_SUFFIX = ".pdf.in"


class Page:
    """A page: `front` maps each front matter key to (text, line), `parameters` each declared name to its line."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.splitlines()
        self.kind = "md" if path.name.endswith(SOURCE_SUFFIX) else path.suffix.lstrip(".")
        self.front, self.parameters = {}, {}
        self.yaml, self.yaml_line, self.body_line = "", 1, 0
        self.title, self.title_line = None, 1
        self.anchors, self.sections, self.links = set(), {}, []

    @property
    def id(self):
        return self.front.get("id", (str(self.path.relative_to(docs).with_suffix("")), 1))[0]

    @property
    def body(self):
        return "\n".join(self.lines[self.body_line:])


def read_all(report):
    """Every page by its path; formats are told apart by the extension."""
    outlines = {"md": outline_markdown, "html": outline_html, "rst": outline_rst, "txt": outline_text}
    handbook = {}
    for path in sorted(file for file in docs.rglob("*") if file.is_file()):
        if path.suffix == ".pdf":
            if not path.with_name(path.name + ".in").exists():
                report.finding(path, 1, f"has no source; write {path.name}.in and run scripts/corpus/make-pdf")
            continue
        if not path.name.endswith(SOURCE_SUFFIX) and path.suffix.lstrip(".") not in outlines:
            report.finding(path, 1, f'no format is known for "{path.suffix}"; use {", ".join(outlines)} or {SOURCE_SUFFIX[1:]}')
            continue
        page = Page(path, path.read_text(encoding="utf-8"))
        split_front_matter(page)
        outlines[page.kind](page)
        handbook[path] = page
    return handbook


def split_front_matter(page):
    """Front matter stands between two `---` lines at the top; HTML and reStructuredText keep it in a comment."""
    opener = {"html": "<!--", "rst": ".."}.get(page.kind)
    first = 1 if opener and page.lines[:1] == [opener] else 0
    if [line.strip() for line in page.lines[first:first + 1]] != ["---"]:
        return
    last = next((n for n in range(first + 1, len(page.lines)) if page.lines[n].strip() == "---"), None)
    if last is None:
        return
    indent = len(page.lines[first]) - len(page.lines[first].lstrip())
    page.yaml = "\n".join(line[indent:] for line in page.lines[first + 1:last])
    page.yaml_line = first + 2
    page.body_line = last + (2 if page.kind == "html" else 1)


def outline_markdown(page):
    fence, counts = None, {}
    for number, line in enumerate(page.lines[page.body_line:], page.body_line + 1):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and (fence is None or line.strip().startswith(fence)):
            fence = mark[1] if fence is None else None
        elif fence is None:
            heading = re.match(r"(#{1,6}) +(.*?)(?: +#+)?$", line)
            if heading:
                add_section(page, len(heading[1]), heading[2], number, counts)
            add_links(page, re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)), number)
    close_sections(page)


def outline_html(page):
    class Reader(html.parser.HTMLParser):
        heading, counts = None, {}

        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            if "id" in values:
                page.anchors.add(values["id"])
            if re.fullmatch("h[1-6]", tag):
                self.heading = [int(tag[1]), "", self.getpos()[0]]
                self.id = values.get("id")
            if tag == "a" and values.get("href"):
                add_links(page, [values["href"]], self.getpos()[0])

        def handle_data(self, data):
            if self.heading:
                self.heading[1] += data

        def handle_endtag(self, tag):
            if self.heading and tag == f"h{self.heading[0]}":
                add_section(page, *self.heading, self.counts, self.id)
                self.heading = None

    Reader(convert_charrefs=True).feed(page.text)
    close_sections(page)


def outline_rst(page):
    counts, levels = {}, []
    for number, line in enumerate(page.lines):
        below = page.lines[number + 1] if number + 1 < len(page.lines) else ""
        is_rule = re.fullmatch(r"([=\-~^\"'])\1{2,}", below)
        if number >= page.body_line and is_rule and len(below) >= len(line) > 0 and line[0].isalnum():
            if below[0] not in levels:
                levels.append(below[0])
            add_section(page, levels.index(below[0]) + 1, line, number + 1, counts)
        add_links(page, re.findall(r"`[^`]*<([^>`]+)>`__?", line), number + 1)
    close_sections(page)


def outline_text(page):
    """A plain page's title is its first line; a section's stands below two empty lines and begins with a word in capitals."""
    counts = {}
    number = next((n for n in range(page.body_line, len(page.lines)) if page.lines[n].strip()), page.body_line)
    add_section(page, 1, page.lines[number].strip(), number + 1, counts)
    for number in range(number + 1, len(page.lines)):
        apart = not any(line.strip() for line in page.lines[number - 2:number] + page.lines[number + 1:number + 2])
        if apart and re.match(r"[A-Z]{2,}\b", page.lines[number]):
            add_section(page, 2, page.lines[number], number + 1, counts)
    close_sections(page)


def add_section(page, level, title, number, counts, id=None):
    """A section goes by the heading's own `id`, else by the fragment that GitHub would give it."""
    title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "").strip()
    if page.title is None and level == 1:
        page.title, page.title_line = title, number
    base = slug = id or "".join("-" if c == " " else c for c in title.lower() if c == " " or c in "-_" or c.isalnum())
    while slug in counts:
        counts[base] += 1
        slug = f"{base}-{counts[base]}"
    counts.setdefault(slug, 0)
    page.anchors.add(slug)
    page.sections[slug] = number


def close_sections(page):
    """Sections become the text from their heading to the next one."""
    starts = sorted((number, slug) for slug, number in page.sections.items())
    ends = [number - 1 for number, _ in starts[1:]] + [len(page.lines)]
    page.sections = {slug: "\n".join(page.lines[n - 1:end]) for (n, slug), end in zip(starts, ends)}


def add_links(page, targets, number):
    page.links += [(target, number) for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:", target)]


def check(handbook, report):
    for page in handbook.values():
        title = page.front.get("title", (None, 1))[0]
        if page.title is None:
            report.finding(page.path, page.body_line + 1, "has no title heading")
        elif title is not None and page.title != title.replace("`", ""):
            report.finding(page.path, page.title_line, f'the heading is not the title "{title}" of the front matter')
        check_links(page, handbook, report)
        check_parameters(page, report)
        note_review(page, report)


def check_links(page, handbook, report):
    for target, line in page.links:
        place, _, anchor = target.partition("#")
        path = (page.path.parent / place).resolve() if place else page.path
        if not path.is_file():
            report.finding(page.path, line, f"the link {target} leads to no file")
        elif anchor and path in handbook and anchor not in handbook[path].anchors:
            report.finding(page.path, line, f"the link {target} leads to no heading of {path.name}")


def check_parameters(page, report):
    used = set(re.findall(r"\{\{\s*([A-Za-z0-9_-]+)\s*\}\}", page.body))
    for name in sorted(used - page.parameters.keys()):
        line = page.body_line + line_of(page.body, "{{" + name)
        report.finding(page.path, line, f"uses {{{{{name}}}}}, which its front matter does not declare")
    for name in sorted(page.parameters.keys() - used):
        report.finding(page.path, page.parameters[name], f'declares the parameter "{name}" and does not use it')


def note_review(page, report):
    reviewed, line = page.front.get("reviewed", (None, 1))
    try:
        age = (datetime.date.today() - datetime.date.fromisoformat(reviewed)).days if reviewed else 0
    except ValueError:
        return
    if age > REVIEW_DAYS_MAX:
        report.note(f"note: {page.path.relative_to(corpus.parent)}:{line}: last reviewed {reviewed}, {age} days ago")
