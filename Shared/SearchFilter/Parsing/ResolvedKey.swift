/// A key after its lookup in a grammar.
struct ResolvedKey {
    /// The key as written, without quotes.
    var name: String
    /// The entity as written.
    var writtenEntity: Entity
    /// The first name of that entity.
    var entityName: String
    /// The entity and key that it refers to.
    var entity: Entity
    var key: String
    var rule: ValueRule
}

extension EntityRule {
    /// Looks up a key.
    ///
    /// - Parameter written: the key as written, without the entity's name and dot.
    func resolve(_ written: String) throws(FilterError) -> ResolvedKey {
        let bare = written.unquotedKey
        let name = allowsQuotedKeys ? bare : written
        if let known = keys.first(where: { $0.name == name }) {
            return key(name, meaning: known.meaning ?? (entity, name), known.rule)
        }
        guard let otherKeys, bare.utf8.starts(with: otherKeysPrefix.utf8) else {
            throw unknownKey.error(["key": name, "keys": PythonRepr.set(keys.map(\.name))])
        }
        guard !otherKeysPrefix.isEmpty else { return try otherKey(bare, otherKeys) }
        let rest = String(decoding: bare.utf8.dropFirst(otherKeysPrefix.utf8.count), as: UTF8.self)
        return try otherKey(otherKeysPrefix + rest.unquoted("`"), otherKeys)
    }

    private func otherKey(_ name: String, _ rule: ValueRule) throws(FilterError) -> ResolvedKey {
        if name == otherKeysPrefix, let emptyKeyError { throw emptyKeyError.error() }
        return key(name, meaning: (entity, name), rule)
    }

    private func key(_ name: String, meaning: (entity: Entity, key: String), _ rule: ValueRule) -> ResolvedKey {
        ResolvedKey(
            name: name, writtenEntity: entity, entityName: names.first ?? "",
            entity: meaning.entity, key: meaning.key, rule: rule)
    }
}
