internal import WireProtocol

/// A response in MLflow's form: `errors` is `null` or an array of strings, and both members are always present.
struct GraphQLResponse: JSONWritable, Sendable {
    /// Writes the value of `data`; `nil` if the request wasn't executed.
    var data: GraphQLResult?
    var errors: [GraphQLError] = []

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("data")
            if let data { data(&json) } else { json.null() }
            json.name("errors")
            if errors.isEmpty {
                json.null()
            } else {
                json.array { json in for error in errors { json.string(error.message) } }
            }
        }
    }
}

/// A function that writes a resolved value.
typealias GraphQLResult = @Sendable (inout JSONWriter) -> Void

extension GraphQLPlan {
    /// Executes the operation. Resolves its fields one after another, so that they don't compete for the request's resources. A
    /// field that fails is `null`, and its error is reported in `errors`.
    func execute(
        _ resolve: (GraphQLSelectedField) async throws(GraphQLError) -> GraphQLResult
    ) async -> GraphQLResponse {
        var results: [(key: String, write: GraphQLResult)] = []
        var errors: [GraphQLError] = []
        for field in selection.fields {
            do throws(GraphQLError) {
                if field.name == "__typename" {
                    results.append((field.responseKey, { [typeName] json in json.string(typeName) }))
                } else {
                    results.append((field.responseKey, try await resolve(field)))
                }
            } catch {
                errors.append(error)
                results.append((field.responseKey, { json in json.null() }))
            }
        }
        return GraphQLResponse(
            data: { [results] json in
                json.object { json in
                    for result in results {
                        json.name(result.key)
                        result.write(&json)
                    }
                }
            }, errors: errors)
    }
}
