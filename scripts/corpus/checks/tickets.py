"""The tickets: strict keys and values, unique ids, and a row of kinds.tsv for each."""
import datetime
import re

from .report import check_keys, corpus, line_of, read_json

folder = corpus / "tickets"
SPLITS = ("dev", "test")
REQUIRED = ("id", "created_at", "subject", "body")
OPTIONAL = ("channel", "requester", "product", "version", "platform", "error_codes", "parameters", "thread")
CHANNELS = ("email", "form", "chat", "api")
KINDS = ("answerable", "unanswerable", "version", "internal", "injection")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def check(report):
    """Every ticket by id: (split, subject, body)."""
    tickets = {}
    for split in SPLITS:
        for path in sorted((folder / split).iterdir()):
            text = path.read_text(encoding="utf-8")
            ticket = read_json(text, path, 1, report)
            if ticket is None or not check_keys(ticket, REQUIRED, OPTIONAL, path, 1, report):
                continue
            check_values(ticket, path, text, report)
            if ticket["id"] in tickets:
                report.finding(path, line_of(text, '"id"'), f"the id {ticket['id']} is another ticket's, too")
            tickets[ticket["id"]] = (split, ticket["subject"], ticket["body"])
    check_kinds(tickets, report)
    return tickets


def check_values(ticket, path, text, report):
    def expect(holds, key, what):
        if not holds:
            report.finding(path, line_of(text, f'"{key}"'), f'"{key}" is not {what}')

    def are_texts(values):
        return all(isinstance(value, str) and value for value in values)

    expect(re.fullmatch(UUID, str(ticket["id"])), "id", "a UUID in lower case")
    expect(is_time(ticket["created_at"]), "created_at", "an RFC 3339 time in UTC")
    expect(ticket.get("channel", "api") in CHANNELS, "channel", "one of " + ", ".join(CHANNELS))
    for key in ("subject", "body", "product", "version", "platform"):
        expect(isinstance(ticket.get(key, ""), str), key, "a text")
    expect(are_texts(ticket.get("error_codes", [])), "error_codes", "a list of texts")
    expect(are_texts(ticket.get("parameters", {}).values()), "parameters", "names with texts")
    check_keys(ticket.get("requester", {}), (), ("name", "email"), path, line_of(text, '"requester"'), report)
    for message in ticket.get("thread", []):
        line = line_of(text, '"thread"')
        if check_keys(message, ("at", "body"), ("from",), path, line, report):
            expect(is_time(message["at"]), "thread", "a list of messages with RFC 3339 times")
            expect(message.get("from", "requester") in ("requester", "agent"), "thread", "from requester or agent")


def is_time(text):
    try:
        return isinstance(text, str) and datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False


def check_kinds(tickets, report):
    path = folder / "kinds.tsv"
    seen = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        cells = line.split("\t")
        if len(cells) != 4 or cells[2] not in KINDS:
            report.finding(path, number, f"is not id, split, kind ({', '.join(KINDS)}) and symptom")
        elif cells[0] not in tickets or tickets[cells[0]][0] != cells[1]:
            report.finding(path, number, f"no ticket of {cells[1]} has the id {cells[0]}")
        elif cells[0] in seen:
            report.finding(path, number, f"the ticket {cells[0]} stands twice")
        seen.add(cells[0])
    for missing in sorted(tickets.keys() - seen):
        report.finding(path, 1, f"the ticket {missing} has no line")
