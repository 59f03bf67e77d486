"""The judgements: tickets, pages and sections that exist, one outcome a ticket, and facts that stand in the pages."""
from .report import check_keys, corpus, read_json_lines
from .tickets import SPLITS

folder = corpus / "judgements"
KEYS = ("ticket", "as", "outcome", "reason", "pages", "facts", "note")
OUTCOMES = ("answer", "ask", "refuse")
REASONS = ("nothing_found", "wrong_version", "not_visible", "unclear")
GRADES = ("1", "2")
FACT_COUNT_MAX = 4


def check(handbook, tickets, report):
    pages = {page.id: page for page in handbook.values()}
    for split in SPLITS:
        answering = check_qrels(split, pages, tickets, report)
        check_outcomes(split, pages, tickets, answering, report)


def check_qrels(split, pages, tickets, report):
    """The text of the sections that answer each ticket (grade 2)."""
    path = folder / "qrels" / f"{split}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines[:1] != ["query-id\tcorpus-id\tscore"]:
        report.finding(path, 1, "the header is not query-id, corpus-id, score, with tabs")
    answering, seen = {}, set()
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != 3 or cells[2] not in GRADES or line != line.strip():
            report.finding(path, number, f"is not a ticket, a section and one of {', '.join(GRADES)}, with tabs")
            continue
        ticket, section, grade = cells
        document, _, anchor = section.partition("#")
        if tickets.get(ticket, ("",))[0] != split:
            report.finding(path, number, f"no ticket of {split} has the id {ticket}")
        if (ticket, section) in seen:
            report.finding(path, number, f"{section} is judged twice for this ticket")
        seen.add((ticket, section))
        if document not in pages:
            report.finding(path, number, f"no page has the id {document}")
        elif anchor not in pages[document].sections:
            report.finding(path, number, f"{document} has no section #{anchor}")
        elif grade == "2":
            answering[ticket] = answering.get(ticket, "") + pages[document].sections[anchor] + "\n"
    return answering


def check_outcomes(split, pages, tickets, answering, report):
    path = folder / "outcomes" / f"{split}.jsonl"
    seen = set()
    for line, outcome in read_json_lines(path, report):
        if not check_keys(outcome, KEYS, (), path, line, report):
            continue
        ticket = outcome["ticket"]
        if tickets.get(ticket, ("",))[0] != split:
            report.finding(path, line, f"no ticket of {split} has the id {ticket}")
        if ticket in seen:
            report.finding(path, line, f"the ticket {ticket} has two outcomes")
        seen.add(ticket)
        check_values(outcome, path, line, report)
        for document in outcome["pages"]:
            if document not in pages:
                report.finding(path, line, f"no page has the id {document}")
        text = answering.get(ticket, "") + "".join(pages[id].body for id in outcome["pages"] if id in pages)
        for fact in outcome["facts"]:
            if fact not in text:
                report.finding(path, line, f'the fact "{fact}" stands neither in the named pages nor in a section of grade 2')
    for missing in sorted(id for id, ticket in tickets.items() if ticket[0] == split and id not in seen):
        report.finding(path, 1, f"the ticket {missing} has no outcome")


def check_values(outcome, path, line, report):
    refuses = outcome["outcome"] == "refuse"
    rules = (
        (outcome["as"] in ("internal", "public"), '"as" is internal or public'),
        (outcome["outcome"] in OUTCOMES, f'"outcome" is one of {", ".join(OUTCOMES)}'),
        (outcome["reason"] in REASONS + (None,), f'"reason" is null or one of {", ".join(REASONS)}'),
        (not refuses or outcome["reason"], "a refusal has a reason"),
        (outcome["outcome"] != "answer" or outcome["reason"] is None, "an answer has no reason"),
        (refuses == (not outcome["pages"]), "an answer names pages, a refusal none"),
        (refuses == (not outcome["facts"]), "an answer has facts, a refusal none"),
        (len(outcome["facts"]) <= FACT_COUNT_MAX, f"at most {FACT_COUNT_MAX} facts"),
        (outcome["note"], '"note" says why'),
    )
    for holds, rule in rules:
        if not holds:
            report.finding(path, line, f"breaks a rule: {rule}")
