package import ArgumentParser
internal import Foundation

/// The flags that locate the web UI's files and set the path prefix of all routes.
package struct WebUIOptions: ParsableArguments, Sendable {
    @Option(
        help: """
            Directory with the built files of MLflow's web UI, or off. Default: mlflow-ui next to the executable, \
            ../share/unladen/mlflow-ui or ../../mlflow-ui. [UNLADEN_MLFLOW_UI]
            """)
    package var mlflowUi: String?

    @Option(
        help: """
            Additional path prefix, such as /mlflow, for the UI and the API, for a reverse proxy that doesn't strip it. \
            [UNLADEN_STATIC_PREFIX, MLFLOW_STATIC_PREFIX]
            """)
    package var staticPrefix: String?

    package init() {}

    /// The configured path prefix.
    ///
    /// - Throws: `ConfigurationError` when the prefix is invalid.
    package func prefix() throws -> PathPrefix? {
        try (staticPrefix ?? Environment["UNLADEN_STATIC_PREFIX", "MLFLOW_STATIC_PREFIX"]).map { try PathPrefix($0) }
    }

    /// Locates the web UI's files.
    ///
    /// - Parameter executableDirectory: the directory of the tracking service's executable.
    /// - Throws: `ConfigurationError` when the configured directory doesn't contain them.
    package func files(executableDirectory: String = Executable.directory) throws -> WebUIFiles {
        guard let named = mlflowUi ?? Environment["UNLADEN_MLFLOW_UI"] else {
            let executables = URL(fileURLWithPath: executableDirectory)
            let found = ["mlflow-ui", "../share/unladen/mlflow-ui", "../../mlflow-ui"]
                .map { executables.appendingPathComponent($0).standardizedFileURL.path }
                .first(where: WebUIFiles.areIn)
            return found.map(WebUIFiles.directory) ?? .missing
        }
        if named == "off" { return .off }
        let directory = URL(fileURLWithPath: named).standardizedFileURL.path
        guard WebUIFiles.areIn(directory) else {
            throw ConfigurationError("--mlflow-ui must be off or the directory of the built UI; there is no index.html in \(directory).")
        }
        return .directory(directory)
    }

    /// The flags to pass on to a child process, which reads the environment variables itself.
    package var arguments: [String] {
        (mlflowUi.map { ["--mlflow-ui", $0] } ?? []) + (staticPrefix.map { ["--static-prefix", $0] } ?? [])
    }
}

/// The location of the files of MLflow's web UI.
package enum WebUIFiles: Sendable, Hashable {
    /// The UI is disabled.
    case off
    /// No directory is configured, and the default directories don't contain the files.
    case missing
    /// The absolute path of the directory.
    case directory(String)

    fileprivate static func areIn(_ directory: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/index.html") }
}
