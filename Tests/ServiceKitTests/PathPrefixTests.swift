import ServiceKit
import Testing

@Suite struct PathPrefixTests {
    @Test(arguments: [
        ("/mlflow/health", "/health"), ("/mlflow/", "/"), ("/mlflow/?a=b", "/?a=b"), ("/mlflow/a/../b", "/a/../b"),
        ("/mlflow//evil.example/x", "//evil.example/x"), ("/mlflow/mlflow/x", "/mlflow/x"),
    ])
    func `The prefix is stripped from a path below it`(target: String, inner: String) throws {
        #expect(try PathPrefix("/mlflow").stripped(from: target) == inner)
    }

    @Test(arguments: ["/", "/mlflow", "/mlflow?a=/", "/mlflowx/health", "/MLflow/health", "/x/mlflow/health", "mlflow/", "", "/%6dlflow/x"])
    func `Other paths are left unchanged`(target: String) throws {
        #expect(try PathPrefix("/mlflow").stripped(from: target) == nil)
    }

    @Test(arguments: ["/mlflow", "/a/b/c", "/a-b_c.d~e", "/API", "/apis", "/team/api"])
    func `A prefix consists of segments, each with a leading slash`(path: String) throws {
        #expect(try PathPrefix(path).path == path)
    }

    @Test(arguments: [
        "", "mlflow", "/", "/mlflow/", "//mlflow", "/a//b", "/.", "/a/..", "/../a", "/a?b", "/a#b", "/a%2fb", "/a b", "/ä", "/{a}", "/a\n",
        "http://x/a", "/api", "/ajax-api/x", "/static-files", "/health", "/graphql", "/v1",
    ])
    func `Anything else is a configuration error`(path: String) {
        #expect(throws: ConfigurationError.self) { try PathPrefix(path) }
    }
}
