internal import Database

/// A tag of a run as a row.
struct TagRow: Sendable {
    var run: Int64
    var key: Int64
    var value: String
}

enum TagRows {
    /// Sets tags; of two for the same key the later one counts.
    static func upsert(_ tags: [TagRow], _ connection: any Connection) throws {
        for slice in withoutRepetition(tags).inPowersOfTwo() {
            try connection.submit(insertion(of: slice) + " ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value")
        }
    }

    /// Sets the tags of runs that have none yet; of two for the same key the later one counts.
    static func insert(_ tags: [TagRow], _ connection: any Connection) throws {
        for slice in withoutRepetition(tags).inPowersOfTwo() { try connection.submit(insertion(of: slice)) }
    }

    private static func insertion(of tags: ArraySlice<TagRow>) -> SQL {
        "INSERT INTO tags (run_id, key_id, value) VALUES \(.rows(tags.map { [$0.run.sqlValue, $0.key.sqlValue, $0.value.sqlValue] }))"
    }

    private static func withoutRepetition(_ tags: [TagRow]) -> [TagRow] {
        var positions: [RunKey: Int] = [:]
        var rows: [TagRow] = []
        for tag in tags {
            let key = RunKey(run: tag.run, key: tag.key)
            if let position = positions[key] {
                rows[position].value = tag.value
            } else {
                positions[key] = rows.count
                rows.append(tag)
            }
        }
        return rows
    }
}
