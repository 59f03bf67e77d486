"""Pages that change at random, and docket run on them: what the scripts of this folder stand on."""
import json
import os
import pathlib
import random
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKET = os.environ.get("DOCKET_BINARY") or str(ROOT / ".build/release/docket")
MODELS = [ROOT / "Tests/TextEmbeddingTests/Fixtures" / name for name in ("tiny-bert-mean", "tiny-bert-cls")]
PAGES = 24


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
        self.removed = set()
        for number in range(PAGES):
            self.write(f"p{number}.md", f"page-{number}", "public")

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

    def write(self, name, identity, audience):
        self.version += 1
        words = f"{identity} words{self.version} " + " ".join(f"w{self.random.randrange(50)}" for _ in range(self.random.randrange(5, 60)))
        text = f"---\nid: {identity}\naudience: {audience}\n---\n# Title {identity}\n\n{words}\n\n## More\n\nv{self.version} end\n"
        (self.docs / name).write_text(text)
        self.files[name] = (identity, self.version)

    def edit(self):
        name = self.random.choice(sorted(self.files))
        identity, _ = self.files[name]
        kind = self.random.randrange(5)
        if kind == 0 and len(self.files) > 8:
            (self.docs / name).unlink()
            del self.files[name]
        elif kind == 1:
            moved = f"m{self.random.randrange(10**6)}.md"
            if moved not in self.files:
                os.rename(self.docs / name, self.docs / moved)
                self.files[moved] = self.files.pop(name)
        elif kind == 2:
            number = self.random.randrange(10**6)
            self.write(f"n{number}.md", f"page-n{number}", "public")
        else:
            self.write(name, identity, self.random.choice(["public", "internal"]))

    def expected(self):
        return {value for value in self.files.values() if value[0] not in self.removed}

    def shown(self):
        """The pages that a search shows, each with the version of its words."""
        for model in (self.model, 1 - self.model):
            run = self.run("search", "--json", "--limit", "1000", "anything", model=model)
            if run.returncode in (0, 1):
                break
        else:
            raise Wrong(f"search: exit {run.returncode}: {run.stderr.strip()}")
        found = set()
        for passage in json.loads(run.stdout)["passages"]:
            if passage["text"].rstrip().endswith("end"):
                version = passage["text"].split()[-2]
                found.add((passage["document"], int(version[1:])))
        return found
