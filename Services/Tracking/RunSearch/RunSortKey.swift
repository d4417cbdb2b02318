internal import Database
internal import SearchFilter

/// The values of one sort key for all candidate runs, by position.
struct RunSortKey {
    /// Sorts before the value, in both directions: first runs with a value, then with NaN, then without a value.
    private enum Class {
        static let value: UInt8 = 0
        static let notANumber: UInt8 = 1
        static let missing: UInt8 = 2
    }

    /// Either `numbers` or `texts` is used; the other is empty.
    private var numbers: [Double] = []
    private var texts: [String] = []
    private var classes: [UInt8]
    private let ascending: Bool

    private init(numbers count: Int, ascending: Bool) {
        numbers = Array(repeating: 0, count: count)
        classes = Array(repeating: Class.missing, count: count)
        self.ascending = ascending
    }

    private init(texts count: Int, ascending: Bool) {
        texts = Array(repeating: "", count: count)
        classes = Array(repeating: Class.missing, count: count)
        self.ascending = ascending
    }

    /// Reads the values of a key.
    ///
    /// - Parameters:
    ///   - candidates: the condition on `runs r` that selected the candidates.
    ///   - keys: returns the key IDs of a name in the searched experiments.
    static func read(
        _ order: OrderBy, candidates: SQL, positions: RunPositions, count: Int, keys: (String) throws -> [Int64],
        _ connection: any Connection
    ) throws -> RunSortKey {
        switch order.entity {
        case .metric:
            var key = RunSortKey(numbers: count, ascending: order.ascending)
            let rows: SQL = "SELECT run_id, value, is_nan FROM latest_metrics WHERE key_id IN (\(.list(try keys(order.key))))"
            try connection.query(rows) { row in
                if let position = positions[row.int(0)] { key.set(position, row.double(1), isNaN: row.bool(2)) }
            }
            return key
        case .parameter, .tag:
            var key = RunSortKey(texts: count, ascending: order.ascending)
            let table: SQL = order.entity == .tag ? "tags" : "params"
            try connection.query("SELECT run_id, value FROM \(table) WHERE key_id IN (\(.list(try keys(order.key))))") { row in
                if let position = positions[row.int(0)] { key.set(position, row.text(1)) }
            }
            return key
        default:
            let isNumber = ["start_time", "end_time"].contains(order.key)
            var key =
                isNumber
                ? RunSortKey(numbers: count, ascending: order.ascending) : RunSortKey(texts: count, ascending: order.ascending)
            try connection.query("SELECT r.id, \(RunConditions.column(order.key)) FROM runs r WHERE \(candidates)") { row in
                guard let position = positions[row.int(0)], !row.isNull(1) else { return }
                if isNumber { key.set(position, row.double(1), isNaN: false) } else { key.set(position, row.text(1)) }
            }
            return key
        }
    }

    private mutating func set(_ position: Int, _ value: Double, isNaN: Bool) {
        numbers[position] = value
        classes[position] = isNaN ? Class.notANumber : Class.value
    }

    private mutating func set(_ position: Int, _ value: String) {
        texts[position] = value
        classes[position] = Class.value
    }

    /// Whether one position sorts before another by this key; `nil` if they are equal.
    func precedes(_ left: Int, _ right: Int) -> Bool? {
        guard classes[left] == classes[right] else { return classes[left] < classes[right] }
        guard classes[left] == Class.value else { return nil }
        if !numbers.isEmpty {
            guard numbers[left] != numbers[right] else { return nil }
            return (numbers[left] < numbers[right]) == ascending
        }
        // Compares bytes, as SQLite does. Swift's `==` would compare by canonical equivalence.
        let (leftText, rightText) = (texts[left].utf8, texts[right].utf8)
        guard !leftText.elementsEqual(rightText) else { return nil }
        return leftText.lexicographicallyPrecedes(rightText) == ascending
    }
}
