internal import Foundation

/// Permanently removes deleted entities with their artifacts. The suite may be running.
package struct GarbageCollectionTask: Sendable {
    /// The minimum time since the deletion, such as `30d` or `12h`.
    package var olderThan: String
    package var stores: StoreLocations
    package var binaryDirectory: String

    package init(olderThan: String, stores: StoreLocations, binaryDirectory: String) {
        self.olderThan = olderThan
        self.stores = stores
        self.binaryDirectory = binaryDirectory
    }

    /// The tasks of the services. Only the tracking service keeps deleted entities; the registry deletes immediately.
    package var tasks: [ServiceTask] {
        [
            ServiceTask(
                service: "tracking",
                arguments: ["gc", "--older-than", olderThan] + stores.artifactFlags,
                stores: stores, binaryDirectory: binaryDirectory)
        ]
    }

    /// Runs the tasks and prints what was freed.
    ///
    /// - Returns: the exit code: 1 when something couldn't be removed, otherwise 0.
    package func run(reporter: any TaskReporter = ProgressPrinter()) async throws -> Int32 {
        let result = try await ServiceTask.run(tasks, reporter: reporter)
        print(Self.summary(of: result))
        return result.isComplete ? 0 : 1
    }

    /// A summary in one line, such as `freed 12 runs, 1 experiment, 52.4 MB of artifacts`.
    static func summary(of result: TaskResult) -> String {
        let parts = result.freed.filter { $0.amount > 0 }.map { freed in
            let name = freed.kind.replacing("_", with: " ")
            if name == "artifact bytes" { return freed.amount.formattedBytes + " of artifacts" }
            return "\(freed.amount) \(freed.amount == 1 && name.hasSuffix("s") ? String(name.dropLast()) : name)"
        }
        return parts.isEmpty ? "nothing to free" : "freed " + parts.joined(separator: ", ")
    }
}
