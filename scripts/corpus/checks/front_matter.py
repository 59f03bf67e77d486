"""Front matter: the keys that a page may use and what they hold; Docket itself judges the YAML where it has been built.

The rules mirror Sources/Documents/FrontMatter+Parsing.swift, and the handbook's own: an audience always, ids as paths.
"""
import datetime
import json
import re
import subprocess
import tempfile

from .pages import docs
from .report import root

KEYS = ("id", "title", "product", "versions", "platforms", "audience", "tags", "owner", "reviewed", "parameters")
FORMS = ("host", "port", "path", "name", "user", "integer", "url", "duration", "size", "version", "text")
AUDIENCES = ("public", "internal")
COMPARATOR = r"(?:[<>]=?|=)? ?v?\d+(?:\.\d+)*(?:p\d+|[a-z])?"
DOCKET_SECONDS_MAX = 300


def check(handbook, report):
    ids = {}
    for page in handbook.values():
        read(page, report)
        if "id" in page.front:
            other = ids.setdefault(page.front["id"][0], page.path)
            if other != page.path:
                report.finding(page.path, page.front["id"][1], f"has the id of {other.relative_to(docs)}")
    judge_yaml(handbook, report)


def read(page, report):
    """The keys, by line: enough of YAML for pages written in the handbook's way."""
    if not page.yaml:
        report.finding(page.path, 1, "has no front matter between --- lines")
        return
    key = None
    for line, text in enumerate(page.yaml.split("\n"), page.yaml_line):
        top = re.match(r"([A-Za-z_]+):(?: +(.*))?$", text)
        if top:
            key = top[1]
            if key not in KEYS:
                report.finding(page.path, line, f'unknown front matter key "{key}"')
            elif key in page.front:
                report.finding(page.path, line, f'the key "{key}" stands twice')
            page.front[key] = (unquoted(top[2] or ""), line)
        elif key == "parameters":
            read_parameter(page, text, line, report)
    check_values(page, report)


def read_parameter(page, text, line, report):
    name = re.match(r"  ([A-Za-z0-9_-]+):", text)
    if name:
        page.parameters[name[1]] = line
        if not re.fullmatch("[a-z0-9_]+", name[1]):
            report.finding(page.path, line, f'the parameter "{name[1]}" is not in lower_snake_case')
    form = re.search(r"\bform: *([a-z]+)", text)
    if form and form[1] not in FORMS:
        report.finding(page.path, line, f'the form "{form[1]}" is none of {", ".join(FORMS)}')


def unquoted(text):
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def check_values(page, report):
    folder = page.path.relative_to(docs).parts[0]
    expected = {
        "id": (lambda text: re.fullmatch(rf"{folder}-[a-z0-9.-]+", text), f"an id that begins with {folder}-"),
        "title": (bool, "a title"),
        "product": (lambda text: text == folder, f'the folder\'s name, "{folder}"'),
        "versions": (lambda text: re.fullmatch(rf"\*|{COMPARATOR}( {COMPARATOR})*", text), 'a range such as ">=14 <17"'),
        "platforms": (is_list, "a list in brackets"),
        "audience": (lambda text: text in AUDIENCES, f"one of {', '.join(AUDIENCES)}"),
        "tags": (is_list, "a list in brackets"),
        "owner": (lambda text: re.fullmatch("[a-z]+(-[a-z]+)*", text), "a team, as in database-team"),
        "reviewed": (is_day, "a day that exists, as YYYY-MM-DD"),
    }
    for key, (holds, what) in expected.items():
        if key in page.front and not holds(page.front[key][0]):
            text, line = page.front[key]
            report.finding(page.path, line, f'"{key}" is "{text}"; write {what}')
    for key in ("id", "title", "audience"):
        if key not in page.front:
            report.finding(page.path, page.yaml_line, f'the handbook\'s pages all have the key "{key}"; add it')


def is_list(text):
    return re.fullmatch(r"\[[^\[\]]+\]", text)


def is_day(text):
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", text) and datetime.date.fromisoformat(text)
    except ValueError:
        return False


def judge_yaml(handbook, report):
    """Lets Docket read every page's front matter, on pages that have nothing else: it is quick, and the lines stay.

    Pages that have a finding already are left to it.
    """
    docket, model = root / ".build/release/docket", root / "models/all-MiniLM-L6-v2"
    if not docket.exists() or not model.exists():
        report.skip("pages whose YAML docket did not judge: it is not built, or has no model", len(handbook))
        return
    faulty = set(report.faulty)
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for number, page in enumerate(handbook.values()):
            name = f"{number}.md"
            paths[name] = page
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(f"---\n{page.yaml}\n---\n\n# {page.title}\n")
        command = [docket, "ingest", folder, "--data", f"{folder}/data", "--indexes", f"{folder}/indexes"]
        result = subprocess.run(
            [*command, "--model", model, "--threads", "1", "--json"], capture_output=True, text=True, timeout=DOCKET_SECONDS_MAX)
        if result.returncode not in (0, 6):
            report.skip(f"pages whose YAML docket did not judge: it ended with {result.returncode}", len(handbook))
            return
        for error in json.loads(result.stdout)["errors"]:
            page = paths[error["path"].rsplit("/")[-1]]
            if page.path not in faulty:
                report.finding(page.path, (error.get("line") or 1) - 2 + page.yaml_line, error["message"])
