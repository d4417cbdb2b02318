internal import Database

/// A row of `tags`.
struct TagRow: Sendable {
    var key: RunKey
    var value: String
}

/// SQL for tags of runs.
enum TagRows {
    /// Sets tags; the last of several with the same key wins.
    static func upsert(_ tags: [TagRow], _ connection: any Connection) throws {
        for insertion in insertions(of: tags, connection) {
            try connection.submit(insertion + " ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value")
        }
    }

    /// Inserts tags of runs that have none yet; the last of several with the same key wins.
    static func insert(_ tags: [TagRow], _ connection: any Connection) throws {
        for insertion in insertions(of: tags, connection) { try connection.submit(insertion) }
    }

    private static func insertions(of tags: [TagRow], _ connection: any Connection) -> [SQL] {
        let tags = withoutRepetition(tags)
        let columns = RunKey.columns(tags.map(\.key)) + [.texts(tags.map(\.value))]
        return connection.dialect.rows(columns).map { rows in "INSERT INTO tags (run_id, key_id, value) \(rows)" }
    }

    private static func withoutRepetition(_ tags: [TagRow]) -> [TagRow] {
        var positions: [RunKey: Int] = [:]
        var rows: [TagRow] = []
        for tag in tags {
            if let position = positions[tag.key] {
                rows[position].value = tag.value
            } else {
                positions[tag.key] = rows.count
                rows.append(tag)
            }
        }
        return rows
    }
}
