/// Whether an experiment or a run is active, or deleted but restorable.
package enum LifecycleStage: String, Sendable {
    case active
    case deleted

    /// Decodes a stage from a message; one that is absent or unknown counts as active.
    init(wire text: String?) { self = text.flatMap(Self.init) ?? .active }
}

/// The lifecycle stages that a search includes.
package enum ViewType: String, WireEnumeration {
    case activeOnly = "ACTIVE_ONLY"
    case deletedOnly = "DELETED_ONLY"
    case all = "ALL"

    package init?(number: Int64) {
        switch number {
        case 1: self = .activeOnly
        case 2: self = .deletedOnly
        case 3: self = .all
        default: return nil
        }
    }

    package var stages: [LifecycleStage] {
        switch self {
        case .activeOnly: [.active]
        case .deletedOnly: [.deleted]
        case .all: [.active, .deleted]
        }
    }
}
