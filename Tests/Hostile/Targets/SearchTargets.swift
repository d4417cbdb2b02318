import SearchFilter

extension FuzzTarget {
    static let searches = [
        FuzzTarget(name: "filter") { bytes in
            var input = FuzzInput(bytes)
            let grammar = grammars[input.choice(grammars.count)]
            guard let comparisons = try? grammar.comparisons(in: input.text) else { return }
            require(comparisons.count <= FilterLimits.comparisons, "the limit on comparisons is enforced")
            _ = comparisons.filterText
        },
        FuzzTarget(name: "order-by") { bytes in
            var input = FuzzInput(bytes)
            let grammar = grammars[input.choice(grammars.count)]
            _ = try? grammar.order(by: input.text.split(separator: "\n").map(String.init))
            _ = try? grammar.order(byField: input.text, ascending: true)
        },
    ]

    private static let grammars: [Grammar] = [
        .runs, .experiments, .loggedModels, .registeredModels, .modelVersions, .traces, .evaluationDatasets,
    ]
}
