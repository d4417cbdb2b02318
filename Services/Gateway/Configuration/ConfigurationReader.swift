internal import Foundation
internal import JSON
internal import PluginHost
internal import ServiceKit
internal import Yams

/// Reads a configuration file.
struct ConfigurationReader {
    let catalog: AdapterCatalog

    /// A configuration is written by people; a larger file is another one. In bytes.
    private static let sizeLimit = 4 << 20

    /// Reads and checks a file.
    ///
    /// - Throws: `InvalidConfiguration` with all mistakes.
    func read(_ path: String) throws(InvalidConfiguration) -> GatewayConfiguration {
        let problems = ProblemList(file: path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InvalidConfiguration(problems: [.init(file: path, line: 1, message: "the file can't be read")])
        }
        guard data.count <= Self.sizeLimit else {
            throw InvalidConfiguration(problems: [.init(file: path, line: 1, message: "the file is too long for a configuration")])
        }
        return try read(String(decoding: data, as: UTF8.self), problems)
    }

    func read(_ text: String, _ problems: ProblemList) throws(InvalidConfiguration) -> GatewayConfiguration {
        let configuration = document(text, problems).map { root in
            let reading = ConfigurationReading(catalog: catalog, problems: problems)
            return reading.configuration(ConfigurationNode(node: root, path: "", problems: problems))
        }
        try problems.check()
        return configuration ?? GatewayConfiguration()
    }

    private func document(_ text: String, _ problems: ProblemList) -> Node? {
        do {
            if let line = try AliasKeys.line(in: text) {
                problems.add(line, "an alias can't be, or be in, the name of a key")
                return nil
            }
            guard let root = try Yams.compose(yaml: text) else {
                problems.add(1, "the file is empty; expected 'endpoints:' or 'routes:'")
                return nil
            }
            guard YAMLLimits.allow(root) else {
                problems.add(
                    1, "the file has more than \(YAMLLimits.maximumNodes) values, counted wherever an alias stands for them, or nests them"
                        + " deeper than \(YAMLLimits.maximumDepth) levels")
                return nil
            }
            return root
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
                problems.add(mark.line, "no valid YAML: \(problem)")
            case .duplicatedKeysInMapping(let duplicates, let context):
                let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
                problems.add(context.mark.line, "a key stands twice: \(names)")
            case .reader(let problem, _, _, _): problems.add(1, "no valid YAML: \(problem)")
            default: problems.add(1, "no valid YAML")
            }
        } catch {
            problems.add(1, "no valid YAML")
        }
        return nil
    }
}

/// One reading of a file: what is known so far, for the checks.
struct ConfigurationReading {
    let catalog: AdapterCatalog
    let problems: ProblemList

    func configuration(_ root: ConfigurationNode) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        guard let top = root.members() else { return configuration }
        let defaults = policy(top, of: CallPolicy())
        for node in top["endpoints"]?.elements() ?? [] {
            if let endpoint = endpoint(node, defaults, &configuration.limits) { configuration.endpoints.append(endpoint) }
        }
        for node in top["routes"]?.elements() ?? [] {
            guard let members = node.members() else { continue }
            if members["destinations"] != nil {
                if let split = split(members, defaults) { configuration.splits.append(split) }
            } else if let route = route25(members, defaults, &configuration.limits) {
                configuration.endpoints.append(route)
            }
        }
        configuration.teams = (top["teams"]?.elements() ?? []).compactMap(team)
        for node in top["keys"]?.elements() ?? [] { if let key = key(node) { configuration.keys.append(key) } }
        for node in top["limits"]?.elements() ?? [] { if let rule = limit(node) { configuration.limits.append(rule) } }
        for node in top["budgets"]?.elements() ?? [] { if let rule = budget(node) { configuration.limits.append(rule) } }
        if let prices = top["prices"]?.members() { read(prices, into: &configuration.prices) }
        configuration.requireKeys = top["require_keys"]?.boolean()
        configuration.adminKey = top["admin_key"].flatMap { secret($0) } ?? Environment["UNLADEN_ADMIN_KEY"]
        if let usage = top["usage"]?.members() {
            configuration.usageRetention = usage["retention"]?.duration(needsUnit: true)
            usage.noteUnknown()
        }
        configuration.traces = top["traces"].flatMap(traces)
        if configuration.endpoints.isEmpty, top["endpoints"] == nil, top["routes"] == nil {
            root.problem("expected 'endpoints:' or 'routes:'")
        }
        top.noteUnknown()
        ConfigurationChecks(configuration: configuration, problems: problems).run()
        return configuration
    }

    /// The text of a secret.
    func secret(_ node: ConfigurationNode) -> String? {
        guard let text = node.text() else { return nil }
        do {
            return try SecretReference.resolve(text)
        } catch {
            node.problem(error.message)
            return nil
        }
    }

    /// A name that can stand in a path.
    func name(_ node: ConfigurationNode) -> String? {
        guard let name = node.text() else { return nil }
        let allowed = name.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-.".unicodeScalars.contains($0) }
        guard allowed, name.utf8.count <= 200 else {
            node.problem("a name may have letters, digits, '_', '-' and '.' only, 200 at most; found '\(name.prefix(40))'")
            return nil
        }
        return name
    }
}
