"""Findings, notes and skips, and where the handbook lies."""
import collections
import json
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parents[3]
corpus = root / "corpus"


class Report:
    """Findings fail the run; notes and skips do not."""

    def __init__(self):
        self.finding_count = 0
        self.faulty = set()
        self.skipped = collections.Counter()

    def finding(self, path, line, message):
        self.finding_count += 1
        self.faulty.add(path)
        print(f"{path.relative_to(root)}:{line}: {message}", flush=True)

    def note(self, message):
        print(message, file=sys.stderr, flush=True)

    def skip(self, reason, count=1):
        self.skipped[reason] += count

    def finish(self):
        """The exit code, after a word on what was left out."""
        for reason, count in sorted(self.skipped.items()):
            self.note(f"skipped {count}: {reason}")
        self.note(f"{self.finding_count} findings" if self.finding_count != 1 else "1 finding")
        return 5 if self.finding_count else 0


def line_of(text, part):
    """The 1-based line where `part` first stands in `text`; 1 where it does not."""
    place = text.find(part)
    return 1 if place < 0 else text.count("\n", 0, place) + 1


def read_json(text, path, line, report):
    """The object in `text`, or None after a finding; a key that stands twice is one, too."""

    def unique(pairs):
        keys = [key for key, _ in pairs]
        for key in {key for key in keys if keys.count(key) > 1}:
            report.finding(path, line, f'the key "{key}" stands twice; keep one')
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=unique)
    except ValueError as error:
        report.finding(path, line, f"is not JSON: {error}")
        return None
    if not isinstance(value, dict):
        report.finding(path, line, "is not a JSON object")
        return None
    return value


def read_json_lines(path, report):
    """The (line, object) pairs of a file with one JSON object a line."""
    if not path.exists():
        report.finding(path, 1, "is missing")
        return
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        value = read_json(text, path, number, report)
        if value is not None:
            yield number, value


def check_keys(value, required, optional, path, line, report):
    """Whether `value` has the required keys and no unknown one."""
    for key in sorted(set(required) - value.keys()):
        report.finding(path, line, f'the key "{key}" is missing')
    for key in sorted(value.keys() - set(required) - set(optional)):
        report.finding(path, line, f'unknown key "{key}"')
    return set(required) <= value.keys()
