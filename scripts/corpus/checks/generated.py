"""Files that a script makes from others are what it would make now."""
import subprocess

from .report import corpus, root

MAKERS = {"scripts/corpus/queries": "judgements/queries.jsonl", "scripts/corpus/make-pdf": "docs"}


def check(report):
    for maker, target in MAKERS.items():
        result = subprocess.run([root / maker, "--check"], capture_output=True, text=True)
        if result.returncode:
            report.finding(corpus / target, 1, (result.stderr.strip() or f"{maker} --check failed").split("\n")[-1])
