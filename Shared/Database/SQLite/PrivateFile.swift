internal import Glibc

/// Database files are for their owner only: they hold what a team logs, and hashes of keys.
enum PrivateFile {
    /// Makes an empty file for its owner only, unless there is one. SQLite takes it for a new database, and gives the files that it puts
    /// beside it (`-wal`, `-shm`) the same permissions; left to itself, it would let everybody read them.
    ///
    /// What is there keeps its permissions, as somebody may have chosen them. When the file can't be made, opening it tells why.
    static func create(_ path: String) {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }
}
