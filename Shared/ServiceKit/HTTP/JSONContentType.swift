package import HTTPTypes

extension HTTPFields {
    /// Whether the body is declared as JSON, with or without parameters.
    ///
    /// What has a JSON body demands it: a browser lets a page of another site send only a few types without asking (`text/plain` is one,
    /// JSON isn't; fetch.spec.whatwg.org, "CORS-safelisted request-header").
    package var declaresJSON: Bool {
        guard let type = self[.contentType]?.prefix(while: { $0 != ";" }) else { return false }
        return type.trimmingSpaces.lowercased() == "application/json"
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start }
        return start[...last]
    }
}
