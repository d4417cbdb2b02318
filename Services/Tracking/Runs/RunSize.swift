internal import WireProtocol

extension Run {
    /// The approximate size in memory, in bytes.
    var size: Int {
        let texts = (params + tags).reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        let datasets = inputs.datasets.reduce(0) { sum, input in
            sum + 512 + input.dataset.source.utf8.count + (input.dataset.schema?.utf8.count ?? 0) + (input.dataset.profile?.utf8.count ?? 0)
        }
        return 512 + 64 * (metrics.count + params.count + tags.count) + texts + datasets
    }

    /// Whether writing it as JSON may take more than a few milliseconds.
    var isLarge: Bool { metrics.count + params.count + tags.count > 2000 }
}
