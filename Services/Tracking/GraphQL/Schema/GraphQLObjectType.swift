internal import Primitives
internal import WireProtocol

/// An object type of the schema: its fields, and how to write each for a value of type `Source`.
struct GraphQLObjectType<Source>: Sendable {
    let definition: GraphQLObjectDefinition
    private let writers: [String: GraphQLFieldWriter<Source>]

    init(_ name: String, _ fields: [GraphQLOutputField<Source>]) {
        definition = GraphQLObjectDefinition(name: name, fields: fields.map(\.definition))
        writers = Dictionary(fields.map { ($0.definition.name, $0.writer) }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns a function that writes the selected fields of an object.
    func writer(for selection: GraphQLSelectionSet) -> @Sendable (Source, inout JSONWriter) -> Void {
        let fields = selection.fields.map { field -> (String, @Sendable (Source, inout JSONWriter) -> Void) in
            (field.responseKey, writers[field.name]?(field.selection) ?? typeName)
        }
        return { source, json in
            json.object { json in
                for (key, write) in fields {
                    json.name(key)
                    write(source, &json)
                }
            }
        }
    }

    /// Writes `__typename`, the only field that the list doesn't contain.
    private var typeName: @Sendable (Source, inout JSONWriter) -> Void {
        { [name = definition.name] _, json in json.string(name) }
    }
}

/// A function that, for a selection set, returns the function that writes a field.
typealias GraphQLFieldWriter<Source> = @Sendable (GraphQLSelectionSet) -> @Sendable (Source, inout JSONWriter) -> Void

/// A field of an object type, and how to read and write its value.
struct GraphQLOutputField<Source>: Sendable {
    let definition: GraphQLFieldDefinition
    let writer: GraphQLFieldWriter<Source>

    private init(
        _ name: String, _ type: GraphQLTypeReference, _ object: GraphQLObjectDefinition? = nil,
        writer: @escaping GraphQLFieldWriter<Source>
    ) {
        definition = GraphQLFieldDefinition(name: name, type: type, object: object)
        self.writer = writer
    }

    /// A string; `null` if there is no value.
    static func string(_ name: String, _ value: @escaping @Sendable (Source) -> String?) -> Self {
        text(name, .named("String"), value)
    }

    /// A value of an enumeration, by its name.
    static func enumeration(_ name: String, _ type: String, _ value: @escaping @Sendable (Source) -> String?) -> Self {
        text(name, .named(type), value)
    }

    /// A 64-bit integer as a string, because JavaScript's integers have only 53 bits.
    static func long(_ name: String, _ value: @escaping @Sendable (Source) -> Int64?) -> Self {
        text(name, .named("LongString")) { value($0).map { String($0) } }
    }

    /// A time in milliseconds since 1970, as a 64-bit integer.
    static func time(_ name: String, _ value: @escaping @Sendable (Source) -> UnixMilliseconds?) -> Self {
        long(name) { value($0)?.rawValue }
    }

    /// A number; `null` if it isn't finite, which JSON can't express.
    static func float(_ name: String, _ value: @escaping @Sendable (Source) -> Double) -> Self {
        Self(name, .named("Float")) { _ in
            { source, json in
                let number = value(source)
                if number.isFinite { json.number(number) } else { json.null() }
            }
        }
    }

    static func bool(_ name: String, _ value: @escaping @Sendable (Source) -> Bool) -> Self {
        Self(name, .named("Boolean")) { _ in { source, json in json.bool(value(source)) } }
    }

    static func strings(_ name: String, _ values: @escaping @Sendable (Source) -> [String]) -> Self {
        Self(name, .list(.named("String"))) { _ in
            { source, json in json.array { json in for value in values(source) { json.string(value) } } }
        }
    }

    static func object<Child>(
        _ name: String, _ type: GraphQLObjectType<Child>, _ value: @escaping @Sendable (Source) -> Child?
    ) -> Self {
        Self(name, .named(type.definition.name), type.definition) { selection in
            let write = type.writer(for: selection)
            return { source, json in
                if let child = value(source) { write(child, &json) } else { json.null() }
            }
        }
    }

    static func list<Child>(
        _ name: String, _ type: GraphQLObjectType<Child>, _ values: @escaping @Sendable (Source) -> [Child]
    ) -> Self {
        Self(name, .list(.nonNull(.named(type.definition.name))), type.definition) { selection in
            let write = type.writer(for: selection)
            return { source, json in json.array { json in for child in values(source) { write(child, &json) } } }
        }
    }

    private static func text(
        _ name: String, _ type: GraphQLTypeReference, _ value: @escaping @Sendable (Source) -> String?
    ) -> Self {
        Self(name, type) { _ in
            { source, json in
                if let text = value(source) { json.string(text) } else { json.null() }
            }
        }
    }
}
