/// The type of an argument or a variable.
indirect enum GraphQLInputType: Sendable {
    case scalar(GraphQLScalar)
    case enumeration(GraphQLEnumeration)
    case object(GraphQLInputObject)
    case list(GraphQLInputType)
    case nonNull(GraphQLInputType)

    var isNonNull: Bool {
        if case .nonNull = self { true } else { false }
    }

    /// The type without `!`.
    var nullable: GraphQLInputType {
        if case .nonNull(let type) = self { type } else { self }
    }

    /// Whether a variable of this type is allowed where `other` is expected.
    func isCompatible(with other: GraphQLInputType) -> Bool {
        switch (self, other) {
        case (.nonNull(let type), .nonNull(let other)): type.isCompatible(with: other)
        case (.nonNull(let type), _): type.isCompatible(with: other)
        case (_, .nonNull): false
        case (.list(let element), .list(let other)): element.isCompatible(with: other)
        case (.list, _), (_, .list): false
        default: description == other.description
        }
    }

    /// Adds this type's named types to `types`.
    func collect(into types: inout [String: GraphQLInputType]) {
        switch self {
        case .scalar, .enumeration: types[description] = self
        case .object(let object):
            types[object.name] = self
            for field in object.fields { field.type.collect(into: &types) }
        case .list(let type), .nonNull(let type): type.collect(into: &types)
        }
    }
}

extension GraphQLInputType: CustomStringConvertible {
    var description: String {
        switch self {
        case .scalar(let scalar): scalar.rawValue
        case .enumeration(let enumeration): enumeration.name
        case .object(let object): object.name
        case .list(let element): "[\(element)]"
        case .nonNull(let type): "\(type)!"
        }
    }
}

enum GraphQLScalar: String, Sendable, CaseIterable {
    case string = "String"
    case int = "Int"
    case float = "Float"
    case boolean = "Boolean"
    /// MLflow's 64-bit integer.
    case longString = "LongString"
}

struct GraphQLEnumeration: Sendable {
    let name: String
    let values: [String]
}

struct GraphQLInputObject: Sendable {
    struct Field: Sendable {
        let name: String
        let type: GraphQLInputType

        /// The name in MLflow's REST messages: `runId` is `run_id`.
        var wireName: String {
            name.reduce(into: "") { text, character in
                text += character.isUppercase ? "_" + character.lowercased() : String(character)
            }
        }
    }

    let name: String
    let fields: [Field]

    subscript(field: String) -> Field? { fields.first { $0.name == field } }
}
