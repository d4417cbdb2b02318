internal import WireProtocol

extension GatewayCatalog {
    /// All models of all providers, without duplicates, in the order of the configuration file.
    var models: [Model] {
        var names: Set<String> = []
        return endpoints.flatMap { $0.models + $0.fallback }.filter { names.insert($0.endpoint).inserted }
    }
}
