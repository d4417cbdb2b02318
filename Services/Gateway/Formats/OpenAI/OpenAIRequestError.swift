package import JSON
package import WireProtocol

/// The problems of an invalid OpenAI-style request; at least one.
package struct OpenAIRequestError: Error, Sendable, Equatable {
    /// The problems, in the order of validation; at least one.
    package private(set) var problems: [Problem]

    /// A problem with one value.
    package struct Problem: Sendable, Equatable {
        /// The path of the value in the body.
        package var location: [PathComponent]
        /// The kind of the problem.
        package var kind: Kind
        /// The invalid value; for a missing member, the object that lacks it.
        package var input: JSONValue
    }

    /// A step of a path: the name of a member, or a zero-based index in a list.
    package enum PathComponent: Sendable, Equatable {
        case member(String)
        case index(Int)
    }

    /// The kind of a problem.
    package enum Kind: Sendable, Equatable {
        case missing
        case wrongType(Expected)
        /// An empty list or string that must not be empty.
        case empty
        case below(Int64)
        case above(Int64)
        case unknown(among: [String])
    }

    /// The expected type of a value.
    package enum Expected: Sendable, Equatable {
        case string, integer, number, bool, array, object
        /// One of several types, as named in messages.
        case either(String)
    }

    init?(_ problems: [Problem]) {
        guard !problems.isEmpty else { return nil }
        self.problems = problems
    }
}

extension OpenAIRequestError: ServiceErrorConvertible {
    /// Status 400. OpenAI's format shows the first problem.
    package var serviceError: ServiceError { serviceError(status: 400) }

    /// - Parameter status: 400, or 422 on MLflow's paths, where FastAPI's format shows all problems as pydantic 2 does.
    package func serviceError(status: Int) -> ServiceError {
        let problem = problems.first
        return ServiceError(
            .invalidParameterValue, ErrorMessage(problem?.message ?? ""), status: status, parameter: problem?.parameter,
            details: ErrorDetails(openAICode: problem?.code, fastAPIDetail: .array(problems.map(\.pydantic))))
    }
}
