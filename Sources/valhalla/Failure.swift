internal import Catalog
internal import Export
internal import Files
internal import Ingest
internal import Tracks
internal import Workers

/// What a command could not do, in words for the person, and a code for the script.
struct Failure: Error {
    /// What kind of failure it is; the exit code follows from it.
    enum Kind: String {
        case failed
        case notCleared = "not cleared"
        case noArchive = "no archive"
        case locked
        case usage
        case stopped

        /// What the program ends with.
        var code: Int32 {
            switch self {
            case .failed: 1
            case .notCleared: 4
            case .noArchive: 10
            case .locked: 11
            case .usage: 64
            case .stopped: 130
            }
        }
    }

    let kind: Kind
    /// What could not be done, without a full stop.
    let summary: String
    /// Particulars in columns, a row each.
    var rows: [[Table.Cell]] = []
    /// What to do next: words, and what to type, in turn.
    var next: [Next] = []
    /// What stands before the summary.
    var label = "valhalla:"
    /// Less than the summary, behind it.
    var aside: String?
    /// For programs: the particulars as objects.
    var items: [JSONObject] = []

    /// A piece of what to do next.
    enum Next {
        case words(String)
        case type(String)

        var text: String {
            switch self {
            case .words(let text), .type(let text): text
            }
        }
    }

    init(_ kind: Kind, _ summary: String, details: [String] = [], next: String? = nil) {
        self.kind = kind
        self.summary = summary
        rows = details.map { [Table.Cell($0)] }
        self.next = next.map { [.type($0)] } ?? []
    }

    /// A mistake in how the program was called.
    static func usage(_ summary: String, details: [String] = [], next: String? = nil) -> Failure {
        Failure(.usage, summary, details: details, next: next)
    }

    /// Writes the failure for a person.
    func write(to sink: Sink) {
        let isRefusal = kind == .notCleared
        sink.line(
            sink.paint(label, isRefusal ? .bad : nil) + " " + printable(summary)
                + (aside.map { "   " + sink.paint($0, .dim) } ?? "")
        )
        let columns = rows.map(\.count).max() ?? 0
        if columns > 0 {
            let table = Table(
                (0..<columns).map { _ in Table.Column("", yields: columns > 1) },
                to: sink,
                indent: 2,
                hasHead: false
            )
            for row in rows {
                table.add(row + Array(repeating: "", count: columns - row.count))
            }
            table.finish()
        }
        guard !next.isEmpty else { return }
        let words = next.map { piece in
            switch piece {
            case .words(let text): printable(text)
            case .type(let text): sink.paint(printable(text), .next)
            }
        }
        sink.line((label == "refused:" ? "  " : "  next:  ") + words.joined())
    }

    /// The failure for a program, on one line.
    var json: String {
        var object: JSONObject = [
            "error": .text(kind.rawValue), "code": .integer(Int64(kind.code)), "message": .text(summary),
        ]
        if !items.isEmpty {
            object.add("items", .list(items.map { .object($0) }))
        } else if !rows.isEmpty {
            object.add("details", JSONValue(rows.map { $0.map(\.text).joined(separator: "  ") }))
        }
        if !next.isEmpty { object.add("next", .text(next.map(\.text).joined())) }
        return object.line
    }
}

/// Nobody reads what is written any more, so there is no sense in going on.
struct NobodyReads: Error {}

extension Failure {
    /// Any error in words.
    init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as CatalogError: self.init(error)
        case let error as QueryError:
            self = .usage(
                error.message,
                details: Failure.lines(error.excerpt),
                next: "valhalla help query tells what can be asked"
            )
        case let error as FileError: self.init(error)
        case let error as ExportError:
            self.init(
                error.kind == .stopped ? .stopped : .failed,
                error.summary,
                details: error.details,
                next: error.next
            )
        case ImportError.doesNotAddUp(let counts):
            self.init(
                .failed,
                "the import does not add up, which is a mistake in this program",
                details: ["\(counts)"],
                next: "the same command may do it; please report this"
            )
        case let error as TrackError:
            self.init(
                .failed, "the track cannot be read",
                details: ["path:  \(error.path.display)", "cause: it \(error.reason)"],
                next: "take a GPX file as a receiver or its program writes it; nothing was changed")
        case let error as WorkerError:
            self.init(
                .failed,
                error.summary,
                details: ["path:  \(error.path)", "cause: \(error.cause)"],
                next: error.next
            )
        default: self.init(.failed, "\(error)")
        }
    }

    init(_ error: CatalogError) {
        let kind: Kind =
            switch error.kind {
            case .noArchive: .noArchive
            case .locked: .locked
            case .notCleared: .notCleared
            case .notFound, .refused, .broken: .failed
            }
        self.init(kind, error.summary, details: error.details, next: error.next)
    }

    init(_ error: FileError) {
        if error.cause == .stopped {
            self.init(.stopped, "stopped", next: error.next)
        } else {
            // The reason names what was done again, which the summary has said.
            let cause = error.reason.replacing("could not \(error.doing): ", with: "")
            self.init(
                .failed,
                "could not \(error.doing)",
                details: ["path:  \(error.path.display)", "cause: \(cause)"],
                next: error.next
            )
        }
    }

    /// An excerpt's lines without the indent that failures have anyway.
    static func lines(_ excerpt: String) -> [String] {
        excerpt.split(separator: "\n").map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : String($0) }
    }
}

/// What was typed cannot be meant so: an error of the catalogue's about a word is one of usage.
func reading<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as CatalogError where error.kind == .refused {
        throw Failure(.usage, error.summary, details: error.details, next: error.next)
    }
}
