import Storage

/// The uniting of two catalogues as far as decisions go: rows of the one that the other has not, and nothing else.
enum Union {
    static func of(decisionsIn other: String, into path: String) throws {
        let connection = try Connection(path: path, access: .write)
        try connection.run("ATTACH ? AS other", [.text(other)])
        try connection.transaction {
            try connection.run("INSERT OR IGNORE INTO machine SELECT * FROM other.machine")
            try connection.run("INSERT OR IGNORE INTO artist SELECT * FROM other.artist")
            try connection.run("INSERT OR IGNORE INTO clearance SELECT * FROM other.clearance ORDER BY id")
        }
    }
}
