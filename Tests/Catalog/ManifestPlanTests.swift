import Storage
import Testing

@testable import Catalog

@Suite("What was found by manifests")
struct ManifestPlanTests {
    @Test(
        "is looked up by its index, however much there is",
        arguments: [
            (
                Catalog.findingsOfHistory,
                "manifest_entry_outcome (history=? AND outcome=?)"
            ),
            (
                Catalog.findingColumns + " WHERE e.file = 1 ORDER BY e.history, e.path",
                "manifest_entry_file (file=?)"
            ),
            (
                "SELECT outcome FROM manifest_entry WHERE history = 1 AND path = 'a'",
                "PRIMARY KEY (history=? AND path=?)"
            ),
            (
                "SELECT history, outcome, count(*) FROM manifest_entry GROUP BY history, outcome",
                "COVERING INDEX manifest_entry_outcome"
            ),
        ]
    )
    func plans(sql: String, index: String) throws {
        let archive = try QueryAnswerTests.archive()
        let values = sql.filter { $0 == "?" }.map { _ in Value.integer(1) }
        let plan = try archive.connection.plan(sql, values).joined(separator: "\n")
        #expect(plan.contains(index), "\(plan)")
        #expect(!plan.contains("TEMP B-TREE") || sql.contains("e.file"), "\(plan)")
    }
}
