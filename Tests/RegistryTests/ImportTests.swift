import Database
import MLflowImport
import Primitives
import ServiceKit
import TestSupport
import Testing
import WireProtocol

@testable import Registry

@Suite struct ImportTests {
    /// The registry's tables as MLflow 2.5 creates them.
    private static let schema2 = """
        CREATE TABLE registered_models (name VARCHAR(256) NOT NULL PRIMARY KEY, creation_time BIGINT, last_updated_time BIGINT,
            description VARCHAR(5000));
        CREATE TABLE model_versions (name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, creation_time BIGINT,
            last_updated_time BIGINT, description VARCHAR(5000), user_id VARCHAR(256), current_stage VARCHAR(20),
            source VARCHAR(500), run_id VARCHAR(32), status VARCHAR(20), status_message VARCHAR(500), run_link VARCHAR(500),
            PRIMARY KEY (name, version));
        CREATE TABLE registered_model_tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), name VARCHAR(256) NOT NULL,
            PRIMARY KEY (key, name));
        CREATE TABLE model_version_tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), name VARCHAR(256) NOT NULL,
            version INTEGER NOT NULL, PRIMARY KEY (key, name, version));
        CREATE TABLE registered_model_aliases (alias VARCHAR(256) NOT NULL, version INTEGER NOT NULL, name VARCHAR(256) NOT NULL,
            PRIMARY KEY (name, alias));
        INSERT INTO registered_models VALUES ('m', 100, 200, NULL), ('n', 300, NULL, 'a model');
        INSERT INTO model_versions VALUES
            ('m', 1, 110, 120, NULL, 'alice', 'Production', 's3://b/1', 'r1', 'READY', NULL, 'http://run'),
            ('m', 2, 130, 140, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', NULL, 'READY', NULL, NULL),
            ('n', 1, 310, NULL, 'x', NULL, 'None', 's3://b/n', NULL, 'FAILED_REGISTRATION', 'why', NULL);
        INSERT INTO registered_model_tags VALUES ('team', 'red', 'm'), ('null', NULL, 'm');
        INSERT INTO model_version_tags VALUES ('lang', 'de', 'm', 1), ('lang', 'en', 'n', 1);
        INSERT INTO registered_model_aliases VALUES ('best', 1, 'm')
        """

    /// Imports into `database`, whose schema is up to date.
    private func run(
        from uri: String, to database: any Database, relocation: ArtifactRelocation? = nil
    ) async throws -> ImportCounts {
        let source = try MLflowSource(uri: uri)
        let counts = try await RegistryImport.run(
            from: source, to: database, relocation: relocation, events: TaskEventWriter { _ in })
        await source.close()
        return counts
    }

    @Test(arguments: TestEngine.available, TestEngine.available)
    func `Models, versions, tags and aliases are imported unchanged`(from: TestEngine, to: TestEngine) async throws {
        try await withDatabaseURI(from) { uri in
            try runScript(Self.schema2, on: uri)
            try await withDatabase(to) { database in
                try await Registry.migrate(database)
                for _ in 1...2 {
                    let counts = try await run(from: uri, to: database)
                    #expect(
                        counts.tables.map { "\($0.name) \($0.source) \($0.imported)" } == [
                            "registered_models 2 2", "registered_model_tags 2 2", "model_versions 3 3", "model_version_tags 2 2",
                            "registered_model_aliases 1 1",
                        ])
                }
                let store = RegisteredModelStore(database: database)
                #expect(
                    try await store.find("m").jsonString == """
                        {"name":"m","creation_timestamp":100,"last_updated_timestamp":200,"latest_versions":[{"name":"m",\
                        "version":"1","creation_timestamp":110,"last_updated_timestamp":120,"user_id":"alice",\
                        "current_stage":"Production","source":"s3://b/1","run_id":"r1","status":"READY",\
                        "tags":[{"key":"lang","value":"de"}],"run_link":"http://run"}],"tags":[{"key":"null","value":""},\
                        {"key":"team","value":"red"}],"aliases":[{"alias":"best","version":"1"}]}
                        """)
                #expect(
                    try await ModelVersionStore(database: database).find("n", 1).jsonString == """
                        {"name":"n","version":"1","creation_timestamp":310,"last_updated_timestamp":310,"current_stage":"None",\
                        "description":"x","source":"s3://b/n","status":"FAILED_REGISTRATION","status_message":"why",\
                        "tags":[{"key":"lang","value":"en"}]}
                        """)
            }
        }
    }

    @Test func `Numbers of deleted versions aren't reused, and storage locations are imported`() async throws {
        try await withDatabaseURI(.sqlite) { uri in
            try runScript(Self.schema2, on: uri)
            try runScript(
                "ALTER TABLE model_versions ADD COLUMN storage_location VARCHAR(500);"
                    + "UPDATE model_versions SET storage_location = 's3://elsewhere' WHERE name = 'n'", on: uri)
            try await withDatabase(.sqlite) { database in
                try await Registry.migrate(database)
                _ = try await run(from: uri, to: database)
                let store = ModelVersionStore(database: database)
                #expect(try await store.downloadURI(of: "n", 1) == "s3://elsewhere")
                let source = ResolvedSource(source: "s3://b/3", runID: "", modelID: "")
                let next = try await store.create(.init(name: "m", source: "s3://b/3"), from: source, time: UnixMilliseconds(1))
                #expect(next.version == 3)
            }
        }
    }

    @Test func `Sources of versions point to the copied artifacts`() async throws {
        try await withDatabaseURI(.sqlite) { uri in
            try runScript(Self.schema2 + "; UPDATE model_versions SET source = 's3://b/n/1' WHERE name = 'n'", on: uri)
            try await withDatabase(.sqlite) { database in
                try await Registry.migrate(database)
                _ = try await run(from: uri, to: database, relocation: ArtifactRelocation(from: "s3://b/n/"))
                let store = ModelVersionStore(database: database)
                #expect(try await store.downloadURI(of: "n", 1) == "mlflow-artifacts:/1")
                #expect(try await store.downloadURI(of: "m", 1) == "s3://b/1")
            }
        }
    }

    @Test func `A tag of a nonexistent version is skipped and counted as missing`() async throws {
        try await withDatabaseURI(.sqlite) { uri in
            try runScript(Self.schema2 + "; INSERT INTO model_version_tags VALUES ('lang', 'fr', 'gone', 1)", on: uri)
            try await withDatabase(.sqlite) { database in
                try await Registry.migrate(database)
                let counts = try await run(from: uri, to: database)
                #expect(counts.incomplete == [.init(name: "model_version_tags", source: 3, imported: 2)])
            }
        }
    }
}
