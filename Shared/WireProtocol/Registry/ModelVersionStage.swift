/// The stage of a model version. Aliases have superseded stages, but old clients still use them.
package enum ModelVersionStage: String, Sendable, CaseIterable {
    case none = "None"
    case staging = "Staging"
    case production = "Production"
    case archived = "Archived"

    /// Parses a stage's name, ignoring case.
    package init(named name: String) throws {
        let lowered = name.lowercased()
        guard let stage = Self.allCases.first(where: { $0.rawValue.lowercased() == lowered }) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceError.invalidParameter("Invalid Model Version stage: \(name). Value must be one of \(names).")
        }
        self = stage
    }

    /// The stages of versions in active use.
    package static let active: [ModelVersionStage] = [.staging, .production]
}
