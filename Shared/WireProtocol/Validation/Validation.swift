/// MLflow's rules for names of metrics, params and tags, and for lengths, with its messages (`mlflow/utils/validation.py`).
package enum Validation {
    /// - Parameter path: where the name stands in the request, as messages show it (`metrics[0].name`).
    package static func check(_ name: String, path: String) throws {
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            throw invalidValue(
                name, path: path,
                "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and"
                    + " slashes (/).")
        }
        try checkPath(name, path: path)
    }

    /// Checks that a name which serves as a path leads to itself and nowhere else.
    static func checkPath(_ name: String, path: String) throws {
        // No name may be as long, and to take a path of megabytes apart needs many times its memory.
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

    /// Checks that a text can be the id of a run: a letter or digit, then up to 255 letters, digits, `_` and `-`.
    package static func checkRunID(_ id: String) throws {
        let rest = id.unicodeScalars.dropFirst()
        guard let first = id.unicodeScalars.first, first.isASCII, first != "_", isWordScalar(first), rest.count <= 255,
            rest.allSatisfy({ $0 == "-" || isWordScalar($0) })
        else {
            throw ServiceError.invalidParameter("Invalid value \(JSONValue.string(id).pythonExcerpt()) for parameter 'run_id' supplied.")
        }
    }

    /// Checks a length in characters (Unicode scalars, as Python counts).
    package static func checkLength(_ text: String, of entity: String, limit: Int) throws {
        guard !isLonger(text, than: limit) else {
            throw ServiceError.invalidParameter("'\(entity)' exceeds the maximum length of \(limit) characters")
        }
    }

    /// Checks the description of a registered model or of a version. MLflow's own tables have room for 5,000 characters on most databases.
    package static func checkDescription(_ text: String) throws {
        try checkLength(text, of: "description", limit: 100_000)
    }

    /// The first `limit` characters: what MLflow stores of long param and tag values (`MLFLOW_TRUNCATE_LONG_VALUES`).
    package static func truncate(_ text: String, to limit: Int) -> String {
        isLonger(text, than: limit) ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) : text
    }

    package static func invalidValue(_ value: String, path: String, _ reason: String) -> ServiceError {
        .invalidParameter("Invalid value \(JSONValue.string(value).pythonExcerpt()) for parameter '\(path)' supplied: \(reason)")
    }

    static func isLonger(_ text: String, than limit: Int) -> Bool {
        text.utf8.count > limit && text.unicodeScalars.count > limit
    }

    /// Letters, digits and the few signs that MLflow allows; `\w` of its pattern is Unicode's.
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
    /// Lengths in characters, and counts per request.
    package enum Limit {
        package static let pathBytes = 16_384
        package static let key = 250
        package static let paramValue = 6000
        package static let runTagValue = 8000
        package static let experimentName = 500
        package static let experimentTagValue = 20000
        package static let registryTagValue = 100_000
        /// As wide as MLflow's column.
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
