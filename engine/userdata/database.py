"""Opens ``userdata.sqlite``: private folder, durable commits, versions with a copy set aside before each step.

It never deletes what it cannot read: a newer file stays untouched, a damaged one is set aside by another name.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from engine.errors import StoreError, StoreNewer
from engine.userdata import backups, schema
from engine.userdata.decisions import Decisions
from engine.userdata.journal import Journal
from engine.userdata.lock import FolderLock
from engine.userdata.marks import MarkTable
from engine.userdata.protected import ProtectedFolders

log = logging.getLogger(__name__)

NAME = "userdata.sqlite"
_MAGIC = b"SQLite format 3\0"
_BUSY_S = 5.0
_OUR_NAMES = ("userdata", "actions.lock", "backups", "logs", "window")


class Database:
    """One connection, usable from any thread; calls are serialised. Errors of SQLite come out as StoreError."""

    def __init__(self, connection: sqlite3.Connection, *, writable: bool) -> None:
        self.connection = connection
        self.writable = writable
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for queries."""
        with self._lock, _translated():
            yield self.connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction of its own: durable when the block ends, undone when it raises."""
        if not self.writable:
            raise StoreError("The user data was opened for reading only.", code="store.read-only")
        with self._lock, _translated():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk may have ended the transaction already
                    self.connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connection; harmless when done twice."""
        with self._lock:
            self.connection.close()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _store_error(error) from error


def _store_error(error: sqlite3.Error) -> StoreError:
    name = str(getattr(error, "sqlite_errorname", ""))
    for start, code, sentence in (
        ("SQLITE_FULL", "store.full", "The disk with the user data is full."),
        ("SQLITE_READONLY", "store.read-only", "The user data cannot be written."),
        ("SQLITE_CANTOPEN", "store.read-only", "The user data cannot be opened."),
        ("SQLITE_PERM", "store.read-only", "The user data cannot be written."),
        ("SQLITE_BUSY", "store.locked", "Another imgfp is writing the user data."),
        ("SQLITE_IOERR", "store.io", "The disk with the user data reports errors."),
    ):
        if name.startswith(start):
            return StoreError(sentence, code=code, hint="Check that disk, then try again.")
    hint = "Copies lie in the folder backups beside it."
    return StoreError(f"The user data cannot be read ({error}).", code="store.damaged", hint=hint)


class UserData:
    """Decisions, marks, protected folders and journal of one user.

    Attributes
    ----------
    folder: the data folder. decisions: what the user said of clusters, marks: of single files. protected: folders of which
    nothing may move. journal: what was done. writable: False after `open_reading`.
    warnings: sentences for the user about what happened while opening, e.g. that a damaged file was replaced by a copy.
    """

    def __init__(self, folder: Path, database: Database, warnings: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.database = database
        self.warnings = warnings
        self.decisions = Decisions(database)
        self.marks = MarkTable(database)
        self.protected = ProtectedFolders(database)
        self.journal = Journal(database)

    @property
    def writable(self) -> bool:
        return self.database.writable

    @staticmethod
    def open(folder: Path) -> UserData:
        """Open for reading and writing; folder and file are made when missing, older versions are migrated.

        Raises StoreNewer (left untouched), StoreError (not writable, damaged beyond repair), StoreLocked.
        """
        folder = Path(folder)
        try:
            _make_private(folder)
        except OSError as error:
            raise _unwritable(folder, error) from error
        with FolderLock(folder, "userdata.lock", wait_s=_BUSY_S, what="Another imgfp is opening the user data."):
            warnings: list[str] = []
            try:
                connection = _open_sound(folder, warnings)
            except OSError as error:
                raise _unwritable(folder, error) from error
            except sqlite3.Error as error:
                raise _store_error(error) from error
        return UserData(folder, Database(connection, writable=True), tuple(warnings))

    @staticmethod
    def open_reading(folder: Path) -> UserData:
        """Open what is there without writing anything; where nothing is, an empty one. Raises StoreNewer, StoreError."""
        folder = Path(folder)
        file = folder / NAME
        try:
            connection = _connect_reading(file) if file.exists() else _connect_empty()
        except OSError as error:
            raise StoreError(f"The user data in {folder} cannot be read ({error.strerror}).", code="store.io") from error
        except sqlite3.Error as error:
            raise _store_error(error) from error
        return UserData(folder, Database(connection, writable=False))

    def close(self) -> None:
        """Close the database; harmless when done twice."""
        self.database.close()

    def __enter__(self) -> UserData:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _unwritable(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The data folder {folder} cannot be written ({error.strerror}).",
        code="store.full" if error.errno == 28 else "store.read-only",
        hint="Decisions and the undo journal need it. Make it writable, or name another with IMGFP_DATA_DIR.",
    )


def _make_private(folder: Path) -> None:
    missing = []
    place = folder.absolute()
    while not place.exists():
        missing.append(place)
        place = place.parent
    for new in reversed(missing):
        new.mkdir(mode=0o700, exist_ok=True)
        backups.sync_folder(new.parent)
    facts = os.stat(folder)
    ours = all(name.startswith(_OUR_NAMES) for name in os.listdir(folder))  # a folder of the user's stays as it is
    if ours and facts.st_uid == os.geteuid() and stat.S_IMODE(facts.st_mode) & 0o077:
        os.chmod(folder, 0o700)


def _open_sound(folder: Path, warnings: list[str]) -> sqlite3.Connection:
    file = folder / NAME
    try:
        return _open_file(folder)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # full, locked, read-only: not the file's fault
            raise
        log.error("event=userdata-damaged reason=%s", error)
    sound = next((copy for copy in reversed(backups.copies(folder)) if _is_sound(copy)), None)
    if sound is None:
        raise StoreError(
            f"The user data {file} is damaged and there is no sound copy.",
            code="store.damaged",
            hint="It was left alone. Move it elsewhere to begin with empty user data.",
        )
    aside = _set_aside(folder)
    source = sqlite3.connect(f"file:{quote(os.fsencode(sound))}?mode=ro&immutable=1", uri=True)
    try:
        _create(folder)
        target = sqlite3.connect(file)
        try:
            source.backup(target)
        finally:
            target.close()
    finally:
        source.close()
    warnings.append(f"The user data was damaged. It was set aside as {aside.name}, and the copy {sound.name} is used instead.")
    return _open_file(folder)


def _set_aside(folder: Path) -> Path:
    stamp = f"damaged-{time.strftime('%Y%m%d-%H%M%S')}-{os.urandom(2).hex()}"
    aside = folder / f"userdata.{stamp}.sqlite"
    for tail in ("-wal", "-shm", ""):  # SQLite finds a log by the name of its database
        with contextlib.suppress(FileNotFoundError):
            os.rename(folder / (NAME + tail), folder / (aside.name + tail))
    backups.sync_folder(folder)
    return aside


def _is_sound(copy: Path) -> bool:
    try:
        connection = sqlite3.connect(f"file:{quote(os.fsencode(copy))}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return False
    try:
        version = _version(connection)
        _check_health(connection)
        return 0 < version <= len(schema.MIGRATIONS) and schema.tables_of(connection) == schema.expected_tables(version)
    except (sqlite3.Error, StoreError):
        return False
    finally:
        connection.close()


def _create(folder: Path) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    os.close(os.open(folder / NAME, flags, 0o600))
    backups.sync_folder(folder)


def _open_file(folder: Path) -> sqlite3.Connection:
    file = folder / NAME
    if not os.path.lexists(file):
        _create(folder)
    _refuse_strange(file)
    log_file = folder / (NAME + "-wal")
    unclean = log_file.exists() and log_file.stat().st_size > 0
    connection = sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        version = _version(connection)
        _harden(connection)
        if unclean:
            _check_health(connection)
        _set_durable(connection)
        _migrate(connection, folder, version)
        if backups.is_due(folder) and version:
            _check_health(connection)
            backups.copy_aside(connection, folder, len(schema.MIGRATIONS))
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_strange(file: Path) -> None:
    """Judge by the first bytes, before SQLite may touch the file."""
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise sqlite3.DatabaseError("not a regular file")
        head = os.pread(descriptor, 100, 0)
    finally:
        os.close(descriptor)
    if not head:
        return
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise sqlite3.DatabaseError("not a database")
    version, application = int.from_bytes(head[60:64], "big"), int.from_bytes(head[68:72], "big")
    if application == schema.APPLICATION_ID and version > len(schema.MIGRATIONS):
        raise _newer(file)


def _newer(file: Path) -> StoreNewer:
    return StoreNewer(f"The user data {file} was written by a newer imgfp. It was left alone.", hint="Use that version of imgfp.")


def _version(connection: sqlite3.Connection) -> int:
    """Schema version, 0 for an empty file. Raises StoreNewer, or sqlite3.DatabaseError for a database that is not ours."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if empty and not version:
        return 0
    if application != schema.APPLICATION_ID:
        raise sqlite3.DatabaseError("a database of another program")
    if version > len(schema.MIGRATIONS):
        raise _newer(Path(NAME))
    if schema.tables_of(connection) != schema.expected_tables(version):
        raise sqlite3.DatabaseError("its tables are not those of this version")
    return version


def _harden(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA foreign_keys=ON")


def _set_durable(connection: sqlite3.Connection) -> None:
    # With a write-ahead log FULL syncs at every commit. A rollback journal needs EXTRA for the same promise: there the
    # commit is the removal of a name, and FULL does not sync the folder after it.
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    connection.execute("PRAGMA synchronous=FULL" if mode == "wal" else "PRAGMA synchronous=EXTRA")


def _check_health(connection: sqlite3.Connection) -> None:
    answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise sqlite3.DatabaseError(str(answer))


def _migrate(connection: sqlite3.Connection, folder: Path | None, version: int) -> None:
    target = len(schema.MIGRATIONS)
    if version == target:
        return
    if version and folder is not None:
        _check_health(connection)
        backups.copy_aside(connection, folder, version)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in schema.MIGRATIONS[version:]:
            step(connection)
        connection.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={target}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _connect_empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _migrate(connection, None, 0)
    return connection


def _connect_reading(file: Path) -> sqlite3.Connection:
    _refuse_strange(file)
    try:
        connection = _connect_only(file, "mode=ro")
    except sqlite3.OperationalError:  # a log that cannot be shared because nothing may be written beside it
        connection = _connect_only(file, "mode=ro&immutable=1")
    version = _version(connection)
    _harden(connection)
    if version == len(schema.MIGRATIONS):
        return connection
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.backup(memory)  # older: migrated in memory, the file stays as it is
    connection.close()
    _migrate(memory, None, version)
    return memory


def _connect_only(file: Path, how: str) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(file.absolute()))}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
