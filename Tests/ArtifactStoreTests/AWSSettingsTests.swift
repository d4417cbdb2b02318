import SignatureV4
import Testing

@testable import ArtifactStore

@Suite struct AWSSettingsTests {
    @Test func `Credentials and region are read from the environment`() throws {
        let settings = try AWSSettings(environment: [
            "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
            "AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "",
        ])
        #expect(
            settings.credentials == AWSCredentials(accessKeyID: "id", secretAccessKey: "secret", sessionToken: "token"))
        #expect(settings.region == "eu-west-1")
    }

    @Test func `The shared files supply what the environment lacks`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            # comment
            [default]
            aws_access_key_id = d1
            aws_secret_access_key=d2=/+
            \r
            [team]
            AWS_Access_Key_Id = t1
            aws_secret_access_key = t2
            aws_session_token = t3
            """, to: "credentials")
        try directory.write(
            """
            [default]
            region = eu-north-1
            s3 =
              addressing_style = path
            [profile team]
            region = ap-south-1
            """, to: "config")
        let files = [
            "AWS_SHARED_CREDENTIALS_FILE": directory.path + "/credentials", "AWS_CONFIG_FILE": directory.path + "/config",
        ]
        let standard = try AWSSettings(environment: files)
        #expect(standard.credentials == AWSCredentials(accessKeyID: "d1", secretAccessKey: "d2=/+"))
        #expect(standard.region == "eu-north-1")
        let team = try AWSSettings(environment: files.merging(["AWS_PROFILE": "team"]) { $1 })
        #expect(team.credentials == AWSCredentials(accessKeyID: "t1", secretAccessKey: "t2", sessionToken: "t3"))
        #expect(team.region == "ap-south-1")
        let environment = ["AWS_ACCESS_KEY_ID": "e1", "AWS_SECRET_ACCESS_KEY": "e2", "AWS_REGION": "sa-east-1"]
        let mixed = try AWSSettings(environment: files.merging(environment) { $1 })
        #expect(mixed.credentials == AWSCredentials(accessKeyID: "e1", secretAccessKey: "e2"))
        #expect(mixed.region == "sa-east-1")
    }

    @Test func `The files are in the home directory by default`() throws {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory(".aws")
        try directory.write("[default]\naws_access_key_id=h1\naws_secret_access_key=h2", to: ".aws/credentials")
        let settings = try AWSSettings(environment: ["HOME": directory.path])
        #expect(settings.credentials == AWSCredentials(accessKeyID: "h1", secretAccessKey: "h2"))
        #expect(settings.region == "us-east-1")
    }

    @Test func `Without credentials, the error explains how to set them`() throws {
        let error = #expect(throws: ArtifactError.self) { try AWSSettings(environment: ["AWS_PROFILE": "team"]) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("AWS_ACCESS_KEY_ID") == true)
        #expect(error?.message.contains("'team'") == true)
    }
}
