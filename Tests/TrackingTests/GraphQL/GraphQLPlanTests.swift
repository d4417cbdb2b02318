import Testing
import WireProtocol

@testable import Tracking

/// Which parts of a request are executed, and why a request is rejected.
@Suite struct GraphQLPlanTests {
    private func plan(
        _ query: String, _ variables: JSONObject = [:], operation: String? = nil, limits: GraphQLLimits = .standard
    ) throws -> GraphQLPlan {
        try GraphQLPlan(
            GraphQLRequest(query: query, operationName: operation, variables: variables), schema: MLflowSchema.schema,
            limits: limits)
    }

    private func errors(
        _ query: String, _ variables: JSONObject = [:], operation: String? = nil, limits: GraphQLLimits = .standard
    ) -> [String] {
        do {
            _ = try plan(query, variables, operation: operation, limits: limits)
            return []
        } catch let error as GraphQLRequestError {
            return error.errors.map(\.message)
        } catch {
            return ["\(error)"]
        }
    }

    /// The response keys in order, such as `a{b c{d}}`.
    private func keys(_ selection: GraphQLSelectionSet) -> String {
        selection.fields.map { field in
            field.responseKey + (field.selection.fields.isEmpty ? "" : "{\(keys(field.selection))}")
        }.joined(separator: " ")
    }

    // MARK: Execution

    @Test func `Fragments are spread in place, and equal fields are merged`() throws {
        let plan = try plan(
            """
            query { ...Q z: __typename }
            fragment Q on Query {
              mlflowGetRun(input: {runId: "r"}) { run { ...R info { runName } ... on MlflowRunExtension { data { __typename } } } }
            }
            fragment R on MlflowRunExtension { info { runId } }
            """)
        #expect(keys(plan.selection) == "mlflowGetRun{run{info{runId runName} data{__typename}}} z")
        #expect(plan.typeName == "Query")
    }

    @Test func `An alias renames a field, so the same field can be selected twice`() throws {
        let plan = try plan(
            """
            { a: mlflowGetRun(input: {runId: "1"}) { run { x: info { y: runId } } }
              b: mlflowGetRun(input: {runId: "2"}) { apiError { code } } }
            """)
        #expect(keys(plan.selection) == "a{run{x{y}}} b{apiError{code}}")
        #expect(plan.selection.fields.map { $0.input?["run_id"] } == ["1", "2"])
    }

    @Test func `Directives exclude fields and fragments`() throws {
        let query = """
            query($yes: Boolean!, $no: Boolean = false) {
              a: __typename @include(if: $yes) b: __typename @skip(if: $yes) c: __typename @skip(if: $no) @include(if: true)
              ... @include(if: $no) { d: __typename } ...F @skip(if: $yes) ... @skip(if: false) { e: __typename }
            }
            fragment F on Query { f: __typename }
            """
        #expect(keys(try plan(query, ["yes": true]).selection) == "a c e")
        #expect(keys(try plan(query, ["yes": false, "no": true]).selection) == "b d f e")
    }

    @Test func `Input from literals, variables and defaults gets the member names of REST`() throws {
        let expected: JSONObject = ["experiment_ids": ["1"], "max_results": 5, "run_view_type": "ALL"]
        let queries: [(String, JSONObject)] = [
            ("{ mlflowSearchRuns(input: {experimentIds: \"1\", maxResults: 5, runViewType: ALL}) { __typename } }", [:]),
            (
                "query($i: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $i) { __typename } }",
                ["i": ["experimentIds": ["1"], "maxResults": 5, "runViewType": "ALL"]]
            ),
            (
                """
                query($e: [String] = ["1"], $m: Int, $v: MlflowViewType!, $f: String) {
                  mlflowSearchRuns(input: {experimentIds: $e, maxResults: $m, runViewType: $v, filter: $f}) { __typename }
                }
                """, ["m": 5, "v": "ALL"]
            ),
        ]
        for (query, variables) in queries { #expect(try plan(query, variables).selection.fields.first?.input == expected) }
    }

    @Test func `A 64-bit integer is accepted as a number or as a string`() throws {
        let query = "query($m: LongString) { mlflowSearchModelVersions(input: {maxResults: $m}) { __typename } }"
        for value in ["7", 7] as [JSONValue] {
            #expect(try plan(query, ["m": value]).selection.fields.first?.input == ["max_results": 7])
        }
    }

    @Test func `The named operation is executed if there are several`() throws {
        let query = "query A { a: __typename } mutation B { b: __typename }"
        #expect(try plan(query, operation: "B").typeName == "Mutation")
        #expect(errors(query) == ["Must provide operation name if query contains multiple operations."])
        #expect(errors(query, operation: "C") == ["Unknown operation named 'C'."])
        #expect(errors("fragment F on Query { __typename }").contains("Fragment 'F' is never used."))
    }

    // MARK: Rejection

    @Test(arguments: [
        ("{ a }", ["Cannot query field 'a' on type 'Query'."]),
        ("{ __schema { types { name } } }", ["Cannot query field '__schema' on type 'Query'."]),
        ("mutation { mlflowDeleteRun { a } }", ["Cannot query field 'mlflowDeleteRun' on type 'Mutation'."]),
        ("subscription { a }", ["Schema is not configured to execute subscription operation."]),
        (
            #"{ mlflowGetRun(input: {runId: 1}) { run { info } } }"#,
            [
                "String cannot represent a non string value: 1",
                "Field 'info' of type 'MlflowRunInfo' must have a selection of subfields. Did you mean 'info { ... }'?",
            ]
        ),
        (
            #"{ mlflowGetRun(input: {x: "1"}, y: 1) { run { experiment { name { z } } } } }"#,
            [
                "Field 'x' is not defined by type 'MlflowGetRunInput'.", "Unknown argument 'y' on field 'Query.mlflowGetRun'.",
                "Field 'name' must not have a selection since type 'String' has no subfields.",
            ]
        ),
        ("{ mlflowGetRun(input: {runId: \"a\", runId: \"b\"}) { __typename } }", ["There can be only one input field named 'runId'."]),
        ("{ __typename @foo }", ["Unknown directive '@foo'."]),
        ("{ __typename @component(name: \"x\") }", ["Directive '@component' may not be used on field."]),
        (
            "query @component { __typename }",
            ["Directive '@component' argument 'name' of type 'String!' is required, but it was not provided."]
        ),
        (
            "{ __typename @skip(if: 1) @skip(if: true) }",
            [
                "Boolean cannot represent a non boolean value: 1", "The directive '@skip' can only be used once at this location.",
            ]
        ),
        ("fragment F on Query { ...G } fragment G on Query { ...F } { ...F }", ["Cannot spread fragment 'F' within itself via 'G'."]),
        ("fragment F on Query { ...F } { ...F }", ["Cannot spread fragment 'F' within itself."]),
        (
            "fragment F on MlflowRunInfo { runId } { ...F ...X }",
            [
                "Fragment 'F' cannot be spread here as objects of type 'Query' can never be of type 'MlflowRunInfo'.",
                "Unknown fragment 'X'.",
            ]
        ),
        (
            "{ ... on Foo { a } ... on String { a } }",
            [
                "Unknown type 'Foo'.", "Fragment cannot be spread here as objects of type 'Query' can never be of type 'String'.",
            ]
        ),
        ("query($x: Int) { __typename }", ["Variable '$x' is never used."]),
        ("query Q { mlflowGetRun(input: {runId: $x}) { __typename } }", ["Variable '$x' is not defined by operation 'Q'."]),
        ("query($x: Foo) { mlflowGetRun(input: $x) { __typename } }", ["Unknown type 'Foo'."]),
        ("query($x: MlflowRun) { mlflowGetRun(input: $x) { __typename } }", ["Unknown type 'MlflowRun'."]),
        (
            "query($x: MlflowRunInfo) { mlflowGetRun(input: $x) { __typename } }",
            ["Variable '$x' cannot be non-input type 'MlflowRunInfo'."]
        ),
        (
            "query($x: Int) { mlflowGetRun(input: {runId: $x}) { __typename } }",
            ["Variable '$x' of type 'Int' used in position expecting type 'String'."]
        ),
        (
            "query($x: Boolean) { __typename @skip(if: $x) }",
            ["Variable '$x' of type 'Boolean' used in position expecting type 'Boolean!'."]
        ),
        ("query A { __typename } query A { __typename }", ["There can be only one operation named 'A'."]),
        ("query A { __typename } { __typename }", ["This anonymous operation must be the only defined operation."]),
        (
            "query($a: Int, $a: Int) { mlflowSearchRuns(input: {maxResults: $a}) { __typename } }",
            ["There can be only one variable named '$a'."]
        ),
    ])
    func `An invalid document is rejected with the errors of MLflow's library`(query: String, expected: [String]) {
        #expect(errors(query) == expected)
    }

    @Test func `Two different fields can't share a response key`() {
        let advice = "Use different aliases on the fields to fetch both if this was intentional."
        #expect(
            errors("{ a: mlflowGetRun(input: {runId: \"x\"}) { __typename } a: mlflowGetRun(input: {runId: \"y\"}) { __typename } }")
                == ["Fields 'a' conflict because they have differing arguments. \(advice)"])
        #expect(
            errors("{ mlflowGetRun(input: {runId: \"x\"}) { run { info { a: runId a: runName } } } }")
                == ["Fields 'a' conflict because 'runId' and 'runName' are different fields. \(advice)"])
    }

    @Test(
        arguments: [
            ([:], "Variable '$d' of required type 'MlflowSearchRunsInput!' was not provided."),
            (["d": .null], "Variable '$d' of non-null type 'MlflowSearchRunsInput!' must not be null."),
            (["d": 5], "Variable '$d' got invalid value 5; Expected type 'MlflowSearchRunsInput' to be a mapping."),
            (
                ["d": ["experimentIds": ["a", 1]]],
                "Variable '$d' got invalid value 1 at 'd.experimentIds[1]'; String cannot represent a non string value: 1"
            ),
            (["d": ["foo": 1]], "Variable '$d' got invalid value {\"foo\":1}; Field 'foo' is not defined by type 'MlflowSearchRunsInput'."),
            (
                ["d": ["runViewType": "X"]],
                "Variable '$d' got invalid value \"X\" at 'd.runViewType'; Value 'X' does not exist in 'MlflowViewType' enum."
            ),
            (
                ["d": ["maxResults": 1.5]],
                "Variable '$d' got invalid value 1.5 at 'd.maxResults'; Int cannot represent non-integer value: 1.5"
            ),
            (
                ["d": ["maxResults": 3_000_000_000]],
                "Variable '$d' got invalid value 3000000000 at 'd.maxResults'; "
                    + "Int cannot represent non 32-bit signed integer value: 3000000000"
            ),
        ] as [(JSONObject, String)])
    func `The error for a variable of the wrong type contains the path of the value`(variables: JSONObject, error: String) {
        let query = "query($d: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $d) { __typename } }"
        #expect(errors(query, variables) == [error])
    }

    @Test func `A document reports a bounded number of errors`() {
        #expect(errors("{ \((0..<9).map { "a\($0)" }.joined(separator: " ")) __typename { x } }").count == 10)
        let many = (0..<900).map { "x\($0)" }.joined(separator: " ")
        #expect(errors("{ mlflowGetRun(input: {runId: \"x\"}) { \(many) } }").count == GraphQLLimits.standard.errors)
    }
}
