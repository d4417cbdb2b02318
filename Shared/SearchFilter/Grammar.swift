/// The filter and order-by language of a search, including its error messages. Each kind of searchable object has one; they are in
/// `Grammars/` and contain only data.
///
/// A filter is a sequence of comparisons joined by AND. (As in MLflow, a missing or extra AND is ignored.)
package struct Grammar: Sendable {
    let syntax: SyntaxRules
    let entities: [EntityRule]
    let ordering: OrderingRules
}

/// The syntax of a filter, and its error messages.
struct SyntaxRules: Sendable {
    var unparsable: MessageTemplate = "Error on parsing filter '{filter}'"
    var empty: MessageTemplate = "Invalid filter '{filter}'. Could not be parsed."
    var multipleStatements: MessageTemplate =
        "Search filter contained multiple expression {filter!r}. Provide AND-ed expression list."
    /// `{clauses}` and `{clausesQuoted}` are the clauses that aren't comparisons.
    var invalidClauses: MessageTemplate = "Invalid clause(s) in filter string: {clauses}"
    /// Thrown if the part of a key before its first dot isn't the name of an entity.
    var unknownEntity: MessageTemplate
    /// Whether the name of an entity may be in backquotes.
    var allowsQuotedEntities = false
    /// Whether keys with other characters than those of identifiers need no quotes: `metrics.train/loss > 1`.
    var keysAreFreeText = false
    /// The keys that are also names of SQL types, which need special treatment.
    var typeKeys: [String] = []
}

/// An entity of a grammar: its names and its keys.
struct EntityRule: Sendable {
    let entity: Entity
    /// The names that may precede the dot of a key. Keys without a dot belong to the entity `.attribute`.
    let names: [String]
    /// The keys with their own rules.
    var keys: [KeyRule] = []
    /// The rule for all other keys.
    var otherKeys: ValueRule?
    /// The prefix that all other keys must have.
    var otherKeysPrefix = ""
    /// Thrown if nothing follows the prefix; `nil` allows an empty key.
    var emptyKeyError: MessageTemplate?
    /// Thrown for a key without a rule.
    var unknownKey: MessageTemplate = "Invalid attribute key '{key}' specified. Valid keys are '{keys}'"
    /// Whether a known key may be in quotes or backquotes.
    var allowsQuotedKeys = true
    /// Whether `like` equals `LIKE`.
    var ignoresOperatorCase = true
    /// Thrown for `IS NULL` and `IS NOT NULL`, if these are rejected before the operators are checked.
    var nullTestError: MessageTemplate?
}

/// A key with a fixed name.
struct KeyRule: Sendable {
    let name: String
    /// The entity and key that this key is an alias of, if any.
    var meaning: (entity: Entity, key: String)?
    let rule: ValueRule

    init(_ name: String, _ rule: ValueRule, meaning entity: Entity = .attribute, _ key: String? = nil) {
        self.name = name
        self.rule = rule
        meaning = key.map { (entity, $0) }
    }
}

/// The keys that results can be sorted by, and the error messages.
struct OrderingRules: Sendable {
    typealias Key = (name: String, meaning: (entity: Entity, key: String))

    /// The attributes and their meanings.
    let keys: [Key]
    /// The other entities. All of their keys are supported.
    var entities: [Entity] = []
    /// Thrown for an unknown attribute.
    var unknownKey: MessageTemplate = "Invalid attribute key '{key}' specified. Valid keys are '{keys}'"
    /// Thrown for an entity that the grammar supports in filters, but not here.
    var entityError: MessageTemplate = "Invalid order_by entity: {entity}"
    /// Whether keys may name their entity (`attribute.name`); if not, the whole string is the key.
    var namesEntities = true
    /// Whether an attribute may be in quotes or backquotes.
    var allowsQuotedKeys = true
    /// Whether duplicate sort keys are rejected.
    var rejectsDuplicates = true
}
