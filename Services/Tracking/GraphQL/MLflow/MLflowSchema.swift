/// MLflow's GraphQL schema without introspection: the fields that its web UI uses, and other reads that our stores support.
enum MLflowSchema {
    static let schema = GraphQLSchema(
        query: GraphQLObjectDefinition(
            name: "Query",
            fields: [
                field("mlflowGetRun", MLflowResponseTypes.getRun, MLflowInputTypes.getRun),
                searchRuns,
                field("mlflowGetExperiment", MLflowResponseTypes.getExperiment, MLflowInputTypes.getExperiment),
                field("mlflowGetMetricHistoryBulkInterval", MLflowResponseTypes.metricHistory, MLflowInputTypes.metricHistory),
                field("mlflowListArtifacts", MLflowResponseTypes.listArtifacts, MLflowInputTypes.listArtifacts),
                field("mlflowSearchModelVersions", MLflowResponseTypes.searchModelVersions, MLflowInputTypes.searchModelVersions),
            ]),
        mutation: GraphQLObjectDefinition(
            name: "Mutation",
            fields: [
                field("mlflowSearchDatasets", MLflowResponseTypes.searchDatasets, MLflowInputTypes.searchDatasets),
                searchRuns,
            ]))

    private static let searchRuns = field("mlflowSearchRuns", MLflowResponseTypes.searchRuns, MLflowInputTypes.searchRuns)

    private static func field<Source>(
        _ name: String, _ type: GraphQLObjectType<Source>, _ input: GraphQLInputType
    ) -> GraphQLFieldDefinition {
        GraphQLFieldDefinition(
            name: name, type: .named(type.definition.name), object: type.definition,
            argument: GraphQLArgumentDefinition(name: "input", type: input))
    }
}
