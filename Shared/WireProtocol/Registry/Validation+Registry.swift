/// MLflow's validation of names in the registry, with its messages (`mlflow/utils/validation.py`).
extension Validation {
    /// Checks the name of a registered model or a prompt.
    ///
    /// - Parameter parameter: the request's field that the error for a blank name mentions.
    package static func checkModelName(_ name: String, parameter: String = "name") throws {
        guard name.contains(where: { !$0.isWhitespace }) else {
            throw ServiceError.invalidParameter("Missing value for required parameter '\(parameter)'.")
        }
        guard !name.unicodeScalars.contains("/"), !name.unicodeScalars.contains(":") else {
            throw ServiceError.invalidParameter("Invalid model name '\(name)'. Names cannot contain '/' or ':'.")
        }
        try checkPath(name, path: "name")
        try checkLength(name, of: "name", limit: Limit.modelName)
    }

    /// Checks an alias to be read or deleted.
    package static func checkAlias(_ alias: String) throws {
        guard !alias.isEmpty else { throw ServiceError.invalidParameter("Registered model alias name cannot be empty.") }
        guard alias.unicodeScalars.allSatisfy({ $0 == "-" || isWordScalar($0) }) else {
            throw ServiceError.invalidParameter(
                "Invalid alias name: '\(alias)'. Names may only contain alphanumerics, underscores (_), and dashes (-).")
        }
        try checkLength(alias, of: "Registered model alias name", limit: Limit.alias)
    }

    /// Whether an alias refers to a model's newest version.
    package static func isLatest(alias: String) -> Bool { alias.lowercased() == "latest" }

    /// Checks an alias to be set.
    package static func checkNewAlias(_ alias: String) throws {
        try checkAlias(alias)
        guard !isLatest(alias: alias) else {
            throw ServiceError.invalidParameter("'latest' alias name (case insensitive) is reserved.")
        }
        let digits = alias.unicodeScalars.dropFirst()
        guard !["v", "V"].contains(alias.unicodeScalars.first) || digits.isEmpty || !digits.allSatisfy(isDigit) else {
            throw ServiceError.invalidParameter("Version alias name '\(alias)' is reserved.")
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    /// Checks a tag of a registered model.
    package static func checkRegistryTag(_ tag: KeyValue) throws {
        try check(tag.key, path: "key")
        try checkLength(tag.key, of: "key", limit: Limit.key)
        try checkLength(tag.value, of: "value", limit: Limit.registryTagValue)
    }

    /// Checks a tag of a model version, which may contain the text of a prompt.
    package static func checkVersionTag(_ tag: KeyValue) throws {
        guard tag.key != PromptTag.text || !isLonger(tag.value, than: Limit.registryTagValue) else {
            throw ServiceError.invalidParameter("Prompt text exceeds max length of \(Limit.registryTagValue) characters.")
        }
        try checkRegistryTag(tag)
    }

    /// Parses a version number, which requests contain as a string.
    package static func versionNumber(_ text: String) throws -> Int64 {
        let digits = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        if let number = Int64(String(digits)) { return number }
        // No model has a version with a number that overflows, so the largest number replaces it.
        if !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) { return .max }
        throw ServiceError.invalidParameter("Parameter 'version' must be an integer, got '\(text)'.")
    }
}
