package import JSON
package import WireProtocol

/// An error of MLflow 2.5's gateway: a status and FastAPI's `detail`.
package struct MLflow25Error: Error, Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// A string, or the list of problems of a body.
    package var detail: JSONValue

    /// An error with a message as its detail.
    package init(_ status: Int, _ detail: ErrorMessage) {
        self.status = status
        self.detail = .string(detail.text)
    }

    /// The problems of a body, in FastAPI's format with pydantic 1.
    init(_ problems: [MLflow25Problem]) {
        status = 422
        detail = .array(problems.map(\.json))
    }

    /// An error for a body that isn't JSON.
    package static func invalidJSON(_ error: JSONSyntaxError) -> MLflow25Error {
        var rejection = MLflow25Error(422, "")
        rejection.detail = [
            [
                "type": "json_invalid", "loc": ["body", .integer(Int64(error.offset))], "msg": "JSON decode error", "input": [:],
                "ctx": ["error": .string(error.reason)],
            ]
        ]
        return rejection
    }

    /// An error for a provider that doesn't support the route's type, with MLflow's messages.
    package static func notAvailable(_ routeType: MLflow25RouteType, provider: String) -> MLflow25Error {
        let models =
            switch MLflow25Provider(provider) {
            case .anthropic: "Anthropic models"
            case .cohere: "Cohere"
            case .openAI, .other: provider
            }
        return MLflow25Error(404, "The \(routeType.rawValue.dropFirst(7)) route is not available for \(models).")
    }
}

extension MLflow25Error: ServiceErrorConvertible {
    package var serviceError: ServiceError {
        ServiceError(
            ErrorCode(httpStatus: status), ErrorMessage(detail.stringValue ?? "The request is invalid."), status: status,
            details: ErrorDetails(fastAPIDetail: detail))
    }
}

/// A problem with one value of a body.
struct MLflow25Problem {
    /// The path of the value: names of members and indices in lists.
    var location: [JSONValue]
    var kind: Kind

    enum Kind {
        case missing, null, notString, notNumber, notInteger, notArray, notObject
        case tooFew
        case tooSmall(minimum: Int64)
        case tooLarge(maximum: Int64)
    }

    var json: JSONValue {
        let (message, type, limit) = kind.texts
        var object: JSONObject = ["loc": .array(location), "msg": .string(message), "type": .string(type)]
        if let limit { object["ctx"] = ["limit_value": .integer(limit)] }
        return .object(object)
    }
}

extension MLflow25Problem.Kind {
    /// Pydantic 1's message and type, and the limit that was exceeded.
    fileprivate var texts: (message: String, type: String, limit: Int64?) {
        switch self {
        case .missing: ("field required", "value_error.missing", nil)
        case .null: ("none is not an allowed value", "type_error.none.not_allowed", nil)
        case .notString: ("str type expected", "type_error.str", nil)
        case .notNumber: ("value is not a valid float", "type_error.float", nil)
        case .notInteger: ("value is not a valid integer", "type_error.integer", nil)
        case .notArray: ("value is not a valid list", "type_error.list", nil)
        case .notObject: ("value is not a valid dict", "type_error.dict", nil)
        case .tooFew: ("ensure this value has at least 1 items", "value_error.list.min_items", 1)
        case .tooSmall(let minimum):
            ("ensure this value is greater than or equal to \(minimum)", "value_error.number.not_ge", minimum)
        case .tooLarge(let maximum):
            ("ensure this value is less than or equal to \(maximum)", "value_error.number.not_le", maximum)
        }
    }
}
