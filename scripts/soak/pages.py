"""Pages that change at random, and docket run on them: what the scripts of this folder stand on."""
import json
import os
import pathlib
import random
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKET = os.environ.get("DOCKET_BINARY") or str(ROOT / ".build/release/docket")
MODELS = [ROOT / "Tests/TextEmbeddingTests/Fixtures" / name for name in ("tiny-bert-mean", "tiny-bert-cls")]
PAGES = 24
# What every page ends with, and nothing else has: the version of its words.
END = re.compile(r"\bv(\d+) end\b")


class Wrong(Exception):
    pass


class Pages:
    """A folder of pages that are edited at random, and what docket is to say of them."""

    def __init__(self, folder, seed):
        self.folder, self.random = folder, random.Random(seed)
        self.model = 0
        self.docs = folder / "docs"
        self.docs.mkdir()
        self.version = 0
        # By file name: the page's id, and the version of its words.
        self.files = {}
        # By id: who may read the page, as its file says.
        self.audiences = {}
        # Ids of pages that were removed by name while their files stayed.
        self.removed = set()
        for number in range(PAGES):
            self.write(f"p{number}.{self.extension()}", f"page-{number}", "public")

    def run(self, *arguments, fail=None, model=None):
        environment = dict(os.environ, DOCKET_MODEL=str(MODELS[self.model if model is None else model]), DOCKET_THREADS="1")
        environment.pop("DOCKET_FAIL_POINT", None)
        if fail:
            environment["DOCKET_FAIL_POINT"] = fail
        return subprocess.run([DOCKET, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)

    def must(self, *arguments, model=None):
        run = self.run(*arguments, model=model)
        if run.returncode != 0:
            raise Wrong(f"docket {' '.join(arguments)}: exit {run.returncode}: {run.stderr.strip() or run.stdout.strip()}")
        return run.stdout

    def extension(self):
        return self.random.choice(["md", "md", "md", "html", "rst", "txt"])

    def words(self, most=60):
        return " ".join(f"w{self.random.randrange(50)}" for _ in range(self.random.randrange(3, most)))

    def write(self, name, identity, audience):
        self.version += 1
        head = f"---\nid: {identity}\naudience: {audience}\n---\n"
        shape = getattr(self, "as_" + name.rsplit(".", 1)[1])
        (self.docs / name).write_text(shape(head, identity, f"v{self.version} end"))
        self.files[name] = (identity, self.version)
        self.audiences[identity] = audience

    def as_md(self, head, identity, end):
        parts = [f"# Title {identity}", f"{identity} {self.words()}"]
        for _ in range(self.random.randrange(3)):
            kind = self.random.randrange(4)
            if kind == 0:
                rows = [f"| {self.words(6)} | {self.words(12)} |" for _ in range(self.random.randrange(1, 30))]
                parts += [f"## Table {self.words(4)}", "\n".join(["| code | meaning |", "|---|---|", *rows])]
            elif kind == 1:
                code = "\n".join(f"run --flag {self.words(6)}" for _ in range(self.random.randrange(1, 20)))
                parts += [f"Then {self.words(6)}:", f"```bash\n{code}\n```"]
            elif kind == 2:
                parts.append("\n".join(f"{n}. {self.words(12)}" for n in range(1, self.random.randrange(2, 12))))
            else:
                parts += [f"### Part {self.words(4)}", f"> {self.words()}\n\n- [ ] {self.words(8)}\n- [x] *{self.words(8)}*"]
        return head + "\n\n".join([*parts, "## More", end]) + "\n"

    def as_html(self, head, identity, end):
        rows = "".join(f"<tr><td>{self.words(5)}</td><td>{self.words(5)} &amp; more</td></tr>" for _ in range(self.random.randrange(8)))
        return (
            f"<!--\n{head}-->\n<!doctype html><html><head><title>Title {identity}</title></head><body><nav>go elsewhere</nav><main>"
            f"<h1>Title {identity}</h1><p>{identity} {self.words()}</p><ul><li>{self.words(9)}</li></ul>"
            f"<table><tr><th>code</th><th>meaning</th></tr>{rows}</table><h2>More</h2><p>{end}</p></main></body></html>\n"
        )

    def as_rst(self, head, identity, end):
        title = f"Title {identity}"
        return (
            f"{head}{title}\n{'=' * len(title)}\n\n{identity} {self.words()}\n\n.. code-block:: sh\n\n   run {self.words(9)}\n\n"
            f"* {self.words(9)}\n* {self.words(9)}\n\n.. note:: {self.words(9)}\n\nMore\n----\n\n{end}\n"
        )

    def as_txt(self, head, identity, end):
        title = f"TITLE {identity.upper()}"
        return f"{head}{title}\n{'=' * len(title)}\n\n{identity} {self.words()}\n\n{self.words()}\n\n{end}\n"

    def edit(self):
        name = self.random.choice(sorted(self.files))
        identity, _ = self.files[name]
        kind = self.random.randrange(5)
        if kind == 0 and len(self.files) > 8:
            (self.docs / name).unlink()
            del self.files[name]
        elif kind == 1:
            moved = f"m{self.random.randrange(10**6)}.{name.rsplit('.', 1)[1]}"
            if moved not in self.files:
                os.rename(self.docs / name, self.docs / moved)
                self.files[moved] = self.files.pop(name)
        elif kind == 2:
            number = self.random.randrange(10**6)
            self.write(f"n{number}.{self.extension()}", f"page-n{number}", "public")
        else:
            self.write(name, identity, self.random.choice(["public", "internal"]))

    def bring_back(self):
        """Names the file of a page that was removed to an ingest, which takes it in again; nothing where there is none."""
        names = [name for name, (identity, _) in sorted(self.files.items()) if identity in self.removed]
        if not names:
            return
        name = self.random.choice(names)
        self.removed.discard(self.files[name][0])
        self.must("ingest", f"docs/{name}")

    def expected(self):
        return {value for value in self.files.values() if value[0] not in self.removed}

    def answer(self, *options):
        """A search for everything: its run, with whichever model the index is of."""
        for model in (self.model, 1 - self.model):
            run = self.run("search", "--json", "--limit", "1000", "anything", *options, model=model)
            if run.returncode in (0, 1):
                break
        return run

    @staticmethod
    def pages_in(answer):
        """The pages that an answer shows, each with the version of its words."""
        found = set()
        for passage in json.loads(answer.stdout)["passages"]:
            version = END.search(passage["text"])
            if version:
                found.add((passage["document"], int(version[1])))
        return found

    def shown(self):
        run = self.answer()
        if run.returncode not in (0, 1):
            raise Wrong(f"search: exit {run.returncode}: {run.stderr.strip()}")
        return self.pages_in(run)

    def servable(self):
        """The generation that is served, and the other one that could be, or None."""
        status = json.loads(self.must("status", "--json"))
        others = [number for number in status["servable"] if number != status["generation"]]
        return status["generation"], others[0] if others else None
