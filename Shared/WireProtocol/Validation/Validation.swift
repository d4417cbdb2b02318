/// MLflow's validation of names of metrics, params and tags, and of lengths, with its messages (`mlflow/utils/validation.py`).
package enum Validation {
    /// Checks the name of a metric, a param or a tag.
    ///
    /// - Parameter path: the path of the name in the request, for error messages (`metrics[0].name`).
    package static func check(_ name: String, path: String) throws {
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            throw invalidValue(
                name, path: path,
                "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and"
                    + " slashes (/).")
        }
        try checkPath(name, path: path)
    }

    /// Checks that a name, interpreted as a path, is normalized and relative.
    static func checkPath(_ name: String, path: String) throws {
        // Longer names are invalid anyway, and splitting a path of megabytes needs many times its memory.
        guard name.utf8.count <= Limit.pathBytes else {
            throw invalidValue(name, path: path, "Names may have at most \(Limit.pathBytes) bytes.")
        }
        let normal = normalizedPath(name)
        guard normal == name, normal != ".", !normal.hasPrefix(".."), !normal.hasPrefix("/") else {
            throw invalidValue(
                name, path: path,
                "Names may be treated as files in certain cases, and must not resolve to other names when treated as such."
                    + " This name would resolve to '\(normal)'")
        }
    }

    /// Checks that a string can be the ID of a run: a letter or digit, then up to 255 letters, digits, `_` and `-`.
    package static func checkRunID(_ id: String) throws {
        let rest = id.unicodeScalars.dropFirst()
        guard let first = id.unicodeScalars.first, first.isASCII, first != "_", isWordScalar(first), rest.count <= 255,
            rest.allSatisfy({ $0 == "-" || isWordScalar($0) })
        else {
            throw ServiceError.invalidParameter("Invalid value \(JSONValue.string(id).pythonExcerpt()) for parameter 'run_id' supplied.")
        }
    }

    /// Checks a length in characters (Unicode scalars, as in Python).
    package static func checkLength(_ text: String, of entity: String, limit: Int) throws {
        guard !isLonger(text, than: limit) else {
            throw ServiceError.invalidParameter("'\(entity)' exceeds the maximum length of \(limit) characters")
        }
    }

    /// Checks the description of a registered model or a model version. MLflow's own tables allow 5,000 characters on most databases.
    package static func checkDescription(_ text: String) throws {
        try checkLength(text, of: "description", limit: 100_000)
    }

    /// The first `limit` characters, as MLflow truncates long param and tag values (`MLFLOW_TRUNCATE_LONG_VALUES`).
    package static func truncate(_ text: String, to limit: Int) -> String {
        isLonger(text, than: limit) ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) : text
    }

    /// MLflow's error for an invalid value.
    package static func invalidValue(_ value: String, path: String, _ reason: String) -> ServiceError {
        .invalidParameter("Invalid value \(JSONValue.string(value).pythonExcerpt()) for parameter '\(path)' supplied: \(reason)")
    }

    static func isLonger(_ text: String, than limit: Int) -> Bool {
        text.utf8.count > limit && text.unicodeScalars.count > limit
    }

    /// Whether MLflow allows a character in names: `\w` of Python's Unicode patterns, and a few punctuation marks.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", ".", "-", " ", ":": true
        default: isWordScalar(scalar)
        }
    }

    /// Whether Python's `\w` matches a character: letters and numbers of any kind, and the underscore.
    static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": return true
        case _ where scalar.isASCII: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber:
            return true
        default: return false
        }
    }

    /// Python's `posixpath.normpath`: collapses empty, `.` and `..` segments; two leading slashes stay two.
    static func normalizedPath(_ path: String) -> String {
        guard !path.isEmpty else { return "." }
        let slashes = path.prefix { $0 == "/" }.count
        let root = slashes == 0 ? "" : slashes == 2 ? "//" : "/"
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment != ".." || (root.isEmpty && segments.last ?? ".." == "..") {
                segments.append(segment)
            } else if !segments.isEmpty {
                segments.removeLast()
            }
        }
        let normal = root + segments.joined(separator: "/")
        return normal.isEmpty ? "." : normal
    }
}

extension Validation {
    /// Maximum lengths in characters, and maximum counts per request.
    package enum Limit {
        package static let pathBytes = 16_384
        package static let key = 250
        package static let paramValue = 6000
        package static let runTagValue = 8000
        package static let experimentName = 500
        package static let experimentTagValue = 20000
        package static let registryTagValue = 100_000
        /// The width of MLflow's column.
        package static let modelName = 256
        package static let alias = 255
        package static let datasetName = 500
        package static let datasetDigest = 36
        package static let datasetSource = 65_535
        package static let datasetSchema = 1_048_575
        package static let datasetProfile = 16_777_215
        package static let inputTagKey = 255
        package static let inputTagValue = 500
        package static let metricsPerBatch = 1000
        package static let paramsPerBatch = 100
        package static let tagsPerBatch = 100
        package static let entitiesPerBatch = 1000
    }
}
