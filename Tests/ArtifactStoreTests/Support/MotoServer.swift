import ArtifactStore
import Foundation
import Logging
import Testing

/// An S3 server for all tests: moto, with a check that every signature matches the one computed by botocore.
///
/// It exits with the test process because it waits for the end of its standard input.
enum MotoServer {
    static let bucket = "unladen-test"
    /// A bucket with 2,500 objects, `many/file-0000` and so on: moto is slow with more.
    static let fullBucket = "unladen-test-full"

    static let skipReason: Comment =
        "Set UNLADEN_TEST_MOTO_PYTHON to a Python that has the package moto[server] to test against S3"

    static let isAvailable = running != nil

    /// The environment for ``openArtifactStore(uri:environment:threads:httpClient:retries:now:logger:)`` to use the server.
    static var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "AWS_REGION": "eu-central-1", "MLFLOW_S3_ENDPOINT_URL": "http://127.0.0.1:\(running?.port ?? 0)",
        ]
    }

    /// Runs `body` with a store under its own prefix, which contains characters that are easy to sign incorrectly.
    static func withStore<Result>(_ body: (any ArtifactStore) async throws -> Result) async throws -> Result {
        try await withStore(uri: "s3://\(bucket)/a b+c~é=&%/\(UUID().uuidString)/", body)
    }

    static func withStore<Result>(
        uri: String, environment extra: [String: String] = [:], _ body: (any ArtifactStore) async throws -> Result
    ) async throws -> Result {
        let store = try openArtifactStore(
            uri: uri, environment: environment.merging(extra) { $1 }, logger: .quiet)
        do {
            let result = try await body(store)
            try await store.shutdown()
            return result
        } catch {
            try await store.shutdown()
            throw error
        }
    }

    private struct Running {
        let port: Int
        /// The server's stdin, which stays open for as long as the server should run.
        let input: Pipe
        let process: Process
    }

    private static let running: Running? = try? start()

    private static func start() throws -> Running? {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["UNLADEN_TEST_MOTO_PYTHON"] ?? "python3"
        process.arguments = [python, "-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging(
            environmentOfChild
        ) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // One line with the port, or nothing if the script can't run.
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else { return nil }
        return Running(port: port, input: input, process: process)
    }

    private static let environmentOfChild = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION": "eu-central-1", "BUCKET": bucket, "FULL_BUCKET": fullBucket,
    ]

    private static let script = #"""
        import hashlib, io, os, sys
        from urllib.parse import parse_qsl
        from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from moto.s3.models import s3_backends
        from werkzeug.serving import make_server

        credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        region = os.environ["AWS_DEFAULT_REGION"]

        def headers_of(environ, names):
            headers = {}
            for name in names:
                key = name.upper().replace("-", "_")
                headers[name] = environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key]
            return headers

        def complaint(environ):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            url = "http://" + environ["HTTP_HOST"] + environ["REQUEST_URI"]
            query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
            if "X-Amz-Signature" in query:
                names = query["X-Amz-SignedHeaders"].split(";")
                url, given = url.split("&X-Amz-Signature=")
                signer, time = S3SigV4QueryAuth(credentials, "s3", region), query["X-Amz-Date"]
            else:
                authorization = environ.get("HTTP_AUTHORIZATION", "")
                fields = dict(f.strip().split("=", 1) for f in authorization.partition(" ")[2].split(","))
                names, given = fields["SignedHeaders"].split(";"), fields["Signature"]
                signer, time = S3SigV4Auth(credentials, "s3", region), environ["HTTP_X_AMZ_DATE"]
                if environ["HTTP_X_AMZ_CONTENT_SHA256"] != hashlib.sha256(body).hexdigest():
                    return "the payload has another hash"
                if any(k.startswith("HTTP_X_AMZ") and k[5:].lower().replace("_", "-") not in names for k in environ):
                    return "an x-amz header isn't signed"
            request = AWSRequest(environ["REQUEST_METHOD"], url, headers_of(environ, names))
            request.context["timestamp"] = time
            wanted = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
            return None if wanted == given else "the signature is another"

        application = DomainDispatcherApplication(create_backend_app)

        def checked(environ, start_response):
            problem = complaint(environ)
            if problem is None:
                return application(environ, start_response)
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [f"<Error><Code>SignatureDoesNotMatch</Code><Message>{problem}</Message></Error>".encode()]

        backend = s3_backends["123456789012"]["aws"]
        for name in (os.environ["BUCKET"], os.environ["FULL_BUCKET"]):
            backend.create_bucket(name, region)
        for index in range(2500):
            backend.put_object(os.environ["FULL_BUCKET"], f"many/file-{index:04d}", b"x")
        server = make_server("127.0.0.1", 0, checked, threaded=True)
        print(server.server_port, flush=True)
        import threading
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        """#
}
