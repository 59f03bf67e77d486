"""The triage labels: known values, intents in balance, halves that are told apart by id, and nothing copied from a ticket."""
import collections

from .report import check_keys, corpus, read_json_lines
from .tickets import SPLITS

folder = corpus / "triage"
KEYS = ("id", "text", "intent", "sentiment", "urgency")
INTENTS = (
    "how_to", "incident", "error_code", "access_request", "change_request", "policy_question", "complaint", "other")
URGENCIES = ("low", "normal", "high", "critical")
MESSAGE_COUNT_MIN = 600
# The rarest intent has at least this share of what an even spread would give it.
BALANCE_MIN = 0.9
# So many letters in a row that a message shares with a ticket are no accident.
COPIED_LENGTH = 40


def check(tickets, report):
    told = [plain(subject + "\n" + body) for _, subject, body in tickets.values()]
    ids, texts, intents, splits = {}, {}, collections.Counter(), collections.Counter()
    for number, split in enumerate(SPLITS):
        path = folder / f"{split}.jsonl"
        for line, message in read_json_lines(path, report):
            if not check_keys(message, KEYS, (), path, line, report):
                continue
            check_values(message, path, line, report)
            for key, seen in ((message["id"], ids), (plain(message["text"]), texts)):
                other, other_line = seen.setdefault(key, (path, line))
                if (other, other_line) != (path, line):
                    report.finding(path, line, f"the id or the text stands in line {other_line} of {other.name}, too")
            if message["id"][-1:].isdigit() and int(message["id"][-1]) % 2 == number:
                report.finding(path, line, f"odd ids are dev, even ones test; {message['id']} is in {split}")
            if copies(plain(message["text"]), told):
                report.finding(path, line, f"shares {COPIED_LENGTH} letters in a row with a ticket")
            intents[message["intent"], split] += 1
            splits[split] += 1
    check_balance(intents, splits, report)


def check_balance(intents, splits, report):
    if sum(splits.values()) < MESSAGE_COUNT_MIN:
        report.finding(folder, 1, f"has {sum(splits.values())} messages, at least {MESSAGE_COUNT_MIN} are wanted")
    for split in SPLITS:
        for intent in INTENTS:
            if intents[intent, split] < BALANCE_MIN * splits[split] / len(INTENTS):
                report.finding(folder / f"{split}.jsonl", 1, f'has only {intents[intent, split]} messages of "{intent}"')


def check_values(message, path, line, report):
    sentiment = message["sentiment"]
    rules = (
        (isinstance(message["text"], str) and message["text"].strip(), '"text" is a text'),
        (message["intent"] in INTENTS, f'"intent" is one of {", ".join(INTENTS)}'),
        (message["urgency"] in URGENCIES, f'"urgency" is one of {", ".join(URGENCIES)}'),
        (isinstance(sentiment, (int, float)) and -1 <= sentiment <= 1, '"sentiment" is a number from -1 to 1'),
    )
    for holds, rule in rules:
        if not holds:
            report.finding(path, line, f"breaks a rule: {rule}")


def plain(text):
    return " ".join(text.lower().split())


def copies(text, told):
    starts = range(0, max(len(text) - COPIED_LENGTH + 1, 0))
    return any(text[start:start + COPIED_LENGTH] in other for start in starts for other in told)
