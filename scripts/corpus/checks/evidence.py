"""The evidence tables of corpus/README.md: for each message that a page pastes, the command that printed it."""
import ctypes
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from .pages import docs
from .report import corpus

SECONDS_MAX = 10
# A row that starts its own server waits for it, too.
SERVICE_SECONDS_MAX = 30
# The messages are those of one release: others word some of them differently.
RELEASE = ("debian", "12")
PR_SET_CHILD_SUBREAPER = 36
readme = corpus / "README.md"


@dataclasses.dataclass
class Row:
    line: int
    page: str
    message: str
    command: str
    needs: str

    @property
    def service(self):
        """The packages with which a row starts its own server; None for what only a person can set up."""
        if not self.needs.startswith("service: "):
            return None
        packages = self.needs[len("service: "):].split(" (")[0].split(",")
        return packages if all(re.fullmatch("[a-z0-9.+-]+", package) for package in packages) else None


def read_all(handbook, report):
    """The rows, after a finding for each that is malformed or whose message does not stand in its page."""
    rows, inside = [], False
    for number, line in enumerate(readme.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            inside = line == "## Evidence"
        if not inside or not line.startswith("| ") or line.startswith(("| page |", "| --- |")):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) != 4 or not is_code(cells[1]) or not (is_code(cells[2]) or cells[2] == "documented"):
            report.finding(readme, number, "is not page, `message`, `command` or documented, and needs")
            continue
        row = Row(number, cells[0], cells[1][1:-1].strip(), cells[2].strip("`"), cells[3])
        page = handbook.get(docs / row.page)
        if page is None:
            report.finding(readme, number, f"there is no page {row.page}")
        elif row.message not in page.text:
            report.finding(readme, number, f"the message does not stand in {row.page}: {row.message}")
        if (row.command == "documented") != row.needs.startswith("documented: "):
            report.finding(readme, number, "a documented row has the command documented and names its source")
        rows.append(row)
    return rows


def is_code(cell):
    return len(cell) > 2 and cell[0] == cell[-1] == "`"


def run(rows, with_services, report):
    runnable = [row for row in rows if may_run(row, with_services, report)]
    if not runnable:
        return
    adopt_orphans()
    passed = 0
    for row in runnable:
        output = printed_by(row)
        if row.message in output:
            passed += 1
        else:
            last = (output.strip().splitlines() or ["nothing"])[-1]
            report.finding(readme, row.line, f"the command did not print: {row.message} (its last line: {last[:200]})")
    report.note(f"ran {len(runnable)} evidence rows, {passed} printed their message")


def may_run(row, with_services, report):
    """Whether this machine can run the row; if not, the reason is counted."""
    if row.needs.startswith("documented: "):
        return skipped("evidence rows: documented, not run", report)
    needs = [] if row.needs == "none" else row.needs.split(",")
    if row.needs.startswith("service: "):
        if row.service is None:
            return skipped("evidence rows: need what a person sets up", report)
        if not with_services:
            return skipped("evidence rows: start a server of their own (--services runs them)", report)
        needs = row.service + ["root"]
    if release() != RELEASE:
        return skipped(f"evidence rows: written for {' '.join(RELEASE)}, this is {' '.join(release())}", report)
    if "root" in needs and os.geteuid() != 0:
        return skipped("evidence rows: need root", report)
    missing = [package for package in needs if package != "root" and package not in installed_packages()]
    if missing:
        return skipped(f"evidence rows: need the package {', '.join(missing)}", report)
    return True


def skipped(reason, report):
    report.skip(reason)
    return False


def release():
    path = pathlib.Path("/etc/os-release")
    text = path.read_text() if path.exists() else ""
    values = dict(re.findall(r'^(ID|VERSION_ID)="?([^"\n]*)"?$', text, re.MULTILINE))
    return values.get("ID", "an unknown system"), values.get("VERSION_ID", "")


packages = None


def installed_packages():
    global packages
    if packages is None:
        command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\n"]
        listed = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
        packages = {line.split()[1] for line in listed if line.startswith("installed ")}
    return packages


def printed_by(row):
    """What the row's command printed, in a folder of its own; whatever it started is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="docket-evidence-")
    # Servers give up root and must still reach their files; the sticky bit is what /tmp has.
    os.chmod(folder, 0o1777)
    kept = {key: os.environ[key] for key in ("PATH", "USER", "LOGNAME") if key in os.environ}
    kept["PATH"] = kept.get("PATH", "") + ":/usr/sbin:/sbin"
    environment = {**kept, "HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8"}
    seconds = SERVICE_SECONDS_MAX if row.service else SECONDS_MAX
    try:
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                ["bash", "-c", row.command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
            try:
                process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_orphans()
            output.seek(0)
            return output.read().decode("utf-8", errors="replace")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def adopt_orphans():
    """What a command leaves running becomes a child of this process, so that it can be found and ended."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans():
    while True:
        for child in children():
            os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children():
    """The processes whose parent is this one, from the fourth field of /proc/PID/stat."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            yield int(path.parent.name)
