package import JSON

/// What is wrong with an OpenAI-shaped request, one thing at least.
package struct OpenAIRequestError: Error, Sendable, Equatable {
    package private(set) var problems: [Problem]

    /// One thing that is wrong.
    package struct Problem: Sendable, Equatable {
        /// Where it is, from the body on.
        package var location: [PathComponent]
        package var kind: Kind
        /// The value that was sent; where one is missing, the object that lacks it.
        package var input: JSONValue
    }

    /// A step into the body: the name of a member, or a place in a list, from 0.
    package enum PathComponent: Sendable, Equatable {
        case member(String)
        case index(Int)
    }

    package enum Kind: Sendable, Equatable {
        case missing
        case wrongType(Expected)
        /// A list or a text that must not be empty.
        case empty
        case below(Int64)
        case above(Int64)
        case unknown(among: [String])
    }

    package enum Expected: Sendable, Equatable {
        case string, integer, number, bool, array, object
        /// One of several, as the message names them.
        case either(String)
    }

    init?(_ problems: [Problem]) {
        guard !problems.isEmpty else { return nil }
        self.problems = problems
    }

    /// The error in OpenAI's form, for status 400: the first thing that is wrong.
    package var openAI: JSONValue {
        let problem = problems.first
        return [
            "error": [
                "message": .string(problem?.message ?? ""), "type": "invalid_request_error",
                "param": problem.map { .string($0.parameter) } ?? .null, "code": problem.map { .string($0.code) } ?? .null,
            ]
        ]
    }

    /// The error as FastAPI tells it with pydantic 2, for status 422 on MLflow's paths: all that is wrong.
    package var mlflow: JSONValue { ["detail": .array(problems.map(\.pydantic))] }
}
