"""What the user says of a cluster, remembered by content: different, keep all, or forget it."""

from __future__ import annotations

from engine.config import Limits, ScanOptions
from engine.errors import UsageError
from engine.jobs.digests import digests_of
from engine.jobs.scan_job import ScanJob, ScanListener
from engine.names import display_text
from engine.report import Report
from engine.store import FingerprintStore
from engine.userdata import DecisionFile, UserData


def decide(
    report: Report, cluster: int, choice: str, store: FingerprintStore, user: UserData, limits: Limits, listener: ScanListener
) -> str:
    """Remember `choice` (``different``, ``keep-all`` or ``forget``) for the members of one cluster of a report.

    Raises UsageError when the report is of a quick scan or has no such cluster, or a member changed or went away since: what is
    remembered must be what the user saw.
    """
    if report.settings.scan_pass != "full":
        raise UsageError("This report is of a quick scan, and a thumbnail is no proof.", hint="Scan in full first.")
    found = report.cluster(cluster)
    if found is None:
        raise UsageError(f"The report has no cluster {cluster}.", hint="Look at its clusters[].id.")
    seen = {report.files[m.file].path: report.files[m.file] for m in found.members}
    library = ScanJob(store, ScanOptions(workers=1), listener, limits).run_files(list(seen))
    members = [file for file in library.files if file.path in seen]
    digests = digests_of((file for file in members if file.is_picture), limits, listener.cancelled)
    for file in members:
        before = seen[file.path]
        if file.id not in digests or (before.size, before.mtime_ns) != (file.stat.size, file.stat.mtime_ns):
            raise UsageError(
                f"{display_text(file.path)} changed or went away since the report was written.", hint="Scan again first."
            )
    files = [DecisionFile(digests[f.id], f.facts.picture_digest if f.facts else None, f.path, f.stat.size) for f in members]
    if choice == "forget":
        user.decisions.forget(files)
    else:
        user.decisions.remember("different" if choice == "different" else "keep-all", files)
    words = {"different": "will not be shown together again", "keep-all": "are all kept", "forget": "are undecided again"}
    return f"Remembered: {len(files)} photos {words[choice]}."
