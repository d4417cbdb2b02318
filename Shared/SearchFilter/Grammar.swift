/// What a search can be filtered and ordered by, and how its errors read. Each searched kind of object has one; they
/// are in `Grammars/` and hold data only.
///
/// A filter is a sequence of comparisons with AND between them. (As in MLflow, a missing or surplus AND is overlooked.)
package struct Grammar: Sendable {
    let syntax: SyntaxRules
    let entities: [EntityRule]
    let ordering: OrderingRules
}

/// What the text of a filter must look like.
struct SyntaxRules: Sendable {
    var unparsable: MessageTemplate = "Error on parsing filter '{filter}'"
    var empty: MessageTemplate = "Invalid filter '{filter}'. Could not be parsed."
    var multipleStatements: MessageTemplate =
        "Search filter contained multiple expression {filter!r}. Provide AND-ed expression list."
    /// `{clauses}` and `{clausesQuoted}` name what is no comparison.
    var invalidClauses: MessageTemplate = "Invalid clause(s) in filter string: {clauses}"
    /// Raised if there's no such entity as the part of a key before its first dot.
    var unknownEntity: MessageTemplate
    /// Whether the name of an entity may stand in back-quotes.
    var allowsQuotedEntities = false
    /// Whether keys need no quotes around other characters than those of names: `metrics.train/loss > 1`.
    var keysAreFreeText = false
    /// Keys that are the names of types in SQL, which need special care to be seen as keys.
    var typeKeys: [String] = []
}

/// One entity of a grammar: how keys name it, and which keys it has.
struct EntityRule: Sendable {
    let entity: Entity
    /// What can stand before the dot of a key. Keys without a dot are of the entity `.attribute`.
    let names: [String]
    /// The keys that have a rule of their own.
    var keys: [KeyRule] = []
    /// The rule for every other key.
    var otherKeys: ValueRule?
    /// What every other key must begin with.
    var otherKeysPrefix = ""
    /// Raised if nothing follows the prefix, where that is refused.
    var emptyKeyError: MessageTemplate?
    /// Raised for a key without a rule.
    var unknownKey: MessageTemplate = "Invalid attribute key '{key}' specified. Valid keys are '{keys}'"
    /// Whether a known key may stand in quotes or back-quotes.
    var allowsQuotedKeys = true
    /// Whether `like` is the same as `LIKE`.
    var ignoresOperatorCase = true
    /// Raised for `IS NULL` and `IS NOT NULL`, if these are refused before any operator is looked at.
    var nullTestError: MessageTemplate?
}

/// A key with a fixed name.
struct KeyRule: Sendable {
    let name: String
    /// What a comparison with this key means, where that is something else.
    var meaning: (entity: Entity, key: String)?
    let rule: ValueRule

    init(_ name: String, _ rule: ValueRule, meaning entity: Entity = .attribute, _ key: String? = nil) {
        self.name = name
        self.rule = rule
        meaning = key.map { (entity, $0) }
    }
}

/// What results can be sorted by.
struct OrderingRules: Sendable {
    typealias Key = (name: String, meaning: (entity: Entity, key: String))

    /// The attributes, each with what it means.
    let keys: [Key]
    /// The other entities whose keys can be sorted by, all of them.
    var entities: [Entity] = []
    /// Raised for an attribute that isn't among the keys.
    var unknownKey: MessageTemplate = "Invalid attribute key '{key}' specified. Valid keys are '{keys}'"
    /// Raised for an entity that the grammar knows, but not here.
    var entityError: MessageTemplate = "Invalid order_by entity: {entity}"
    /// Whether keys can name their entity (`attribute.name`); if not, the whole text is the key.
    var namesEntities = true
    /// Whether an attribute may stand in quotes or back-quotes.
    var allowsQuotedKeys = true
    /// Whether sorting twice by one key is refused.
    var rejectsDuplicates = true
}
