import Database
import ServiceDatabase
import ServiceKit
import Testing
import WireProtocol

/// What clients and operators learn about a driver's error.
@Suite struct DatabaseErrorTests {
    @Test(arguments: [
        (DatabaseError.Kind.unavailable, 503), (.conflict, 503), (.uniqueViolation, 400), (.foreignKeyViolation, 400), (.tooLarge, 400),
        (.newerSchema, 500), (.failure, 500),
    ])
    func `A client gets a status by the kind of the error, without the driver's message`(kind: DatabaseError.Kind, status: Int) {
        let error = ServiceError(DatabaseError(kind, "INSERT INTO secrets"))
        #expect(error.status == status)
        #expect(!error.message.contains("secrets"))
        #expect((error.cause as? DatabaseError)?.message == "INSERT INTO secrets")
    }

    @Test func `An operator gets the driver's message in one line, without a password`() {
        let error = DatabaseError(.failure, "  can't connect to postgresql://user:hunter2@db/x\nbecause\n")
        #expect(error.configurationError.description == #"can't connect to postgresql://[REDACTED]@db/x\nbecause"#)
    }
}
