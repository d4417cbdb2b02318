import Dispatch
import Foundation
import Synchronization
import Testing

@testable import ServiceKit

@Suite struct SeriesTableTests {
    private struct Key: SeriesKey {
        let name: String
        let tableHash: UInt64
    }

    private final class Count: Sendable {
        let value = Atomic(0)
    }

    @Test(arguments: [true, false])
    func `Each key has its own metrics, also with the same hash`(collides: Bool) {
        let table = SeriesTable<Key, Count> { _ in Count() }
        let keys = (0..<600).map { Key(name: "\($0)", tableHash: collides ? 7 : "\($0)".tableHash) }
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for key in keys { table.with(key) { $0.value.add(1, ordering: .relaxed) } }
        }
        for key in keys { table.with(key) { #expect($0.value.load(ordering: .relaxed) == 4) } }
    }

    @Test func `The table releases its metrics`() {
        weak var metrics: Count?
        do {
            let table = SeriesTable<Key, Count> { _ in Count() }
            for name in ["a", "b"] { table.with(Key(name: name, tableHash: 0)) { metrics = $0 } }
            #expect(metrics != nil)
        }
        #expect(metrics == nil)
    }

    @Test func `Every byte of a name counts in its hash`() {
        let name = "/api/2.0/mlflow/runs/search"
        let hashes = name.indices.map { index in name.replacingCharacters(in: index...index, with: "#").tableHash }
        #expect(Set(hashes + [name.tableHash, "".tableHash, "\0".tableHash]).count == name.count + 3)
    }
}
