import Catalog
import Foundation
import Testing

/// Every answer of the gate to a square of questions, as a document that people read: `make truth-table` writes it.
@Suite("The truth table of the gate")
struct TruthTableTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "truth-table.md")

    @Test("is what the gate answers")
    func table() throws {
        let found = Self.text()
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try found.write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("the table was recorded: look at the difference, and run without RECORD")
            return
        }
        let wanted = try String(contentsOf: Self.file, encoding: .utf8)
        let (lines, others) = (found.split(separator: "\n"), wanted.split(separator: "\n"))
        for (line, other) in zip(lines, others) { #expect(line == other) }
        #expect(lines.count == others.count)
    }

    // MARK: Situations

    private typealias Situation = (words: String, dossier: Dossier)

    /// Day 10 is the first of a window, day 20 the first behind it; questions are asked on days 5, 15 and 25.
    private static let days: [(name: String, at: Int64)] = [("before", 5), ("within", 15), ("after", 25)]
    private static let recipients = ["Le Monde", "Der Spiegel"]
    private static let territories: [String?] = [nil, "US", "DE"]

    private static func decision(
        _ id: Int64, _ kind: DecisionKind, _ purpose: Purpose? = .press, by person: String = "Josh Homme",
        from: Int64? = nil, until: Int64? = nil, territory: String? = nil, lifts: Int64? = nil,
        retracts: Int64? = nil,
        authority: Int64? = 1, despite: String? = nil, status: ReleaseStatus? = nil, subject: String? = nil,
        scope: DecisionScope? = nil, terms: (inout Terms) -> Void = { _ in }
    ) -> Decision {
        var conditions = Terms()
        terms(&conditions)
        return Decision(
            id: id, kind: kind, purpose: purpose, person: person, decidedAt: id, from: from, until: until,
            territory: territory, reason: nil, evidence: nil, retracts: retracts, lifts: lifts,
            authority: authority,
            despite: despite, terms: conditions, status: status, subject: subject, scope: scope)
    }

    private static func own(_ decisions: Decision..., warnings: [Warning] = [], people: [Dossier.Person] = [])
        -> Dossier
    {
        Dossier(own: Dossier.Sheet(decisions: decisions, warnings: warnings, people: people))
    }

    private static var situations: [Situation] {
        let cleared = decision(1, .cleared)
        let reuse = Warning(field: "caption", words: "do not reuse", text: "Do not reuse")
        let iggy = Dossier.Person(name: "Iggy Pop", purpose: nil)
        let all: [Situation] = [
            ("unreviewed", own()),
            ("submitted for press", own(decision(1, .submitted))),
            ("cleared for press by an artist", own(cleared)),
            ("cleared for everything", own(decision(1, .cleared, nil))),
            ("cleared for press by nobody with the right", own(decision(1, .cleared, authority: nil))),
            ("cleared in an archive that had named nobody yet", own(decision(1, .cleared, authority: 0))),
            (
                "cleared, and the clearance taken back",
                own(cleared, decision(2, .retracted, nil, retracts: 1))
            ),
            ("cleared within a window", own(decision(1, .cleared, from: 10, until: 20))),
            ("cleared for the US", own(decision(1, .cleared, territory: "US"))),
            ("cleared everywhere but in DE", own(decision(1, .cleared) { $0.notIn = "DE" })),
            (
                "cleared for DE before, for the US from within on",
                own(
                    decision(1, .cleared, until: 10, territory: "DE"),
                    decision(2, .cleared, from: 10, territory: "US"))
            ),
            ("cleared for Le Monde alone", own(decision(1, .cleared) { $0.recipient = "Le Monde" })),
            (
                "cleared for once, and delivered once",
                Dossier(
                    own: .init(
                        decisions: [decision(1, .cleared) { $0.uses = 1 }],
                        uses: [.init(delivery: 2, purpose: "press", grounds: [1])]))
            ),
            (
                "cleared, and a part of it came in since",
                Dossier(own: .init(decisions: [cleared]), filesSince: 2)
            ),
            (
                "cleared, a part came in, and cleared anew",
                Dossier(own: .init(decisions: [cleared, decision(3, .cleared)]), filesSince: 2)
            ),
            ("cleared, then held", own(cleared, decision(2, .held, nil, by: "Iggy Pop"))),
            ("held, then cleared", own(decision(2, .held, nil, by: "Iggy Pop"), decision(3, .cleared, nil))),
            (
                "cleared, and held for press",
                own(decision(1, .cleared, nil), decision(2, .held, by: "Iggy Pop"))
            ),
            ("cleared, and held within a window", own(cleared, decision(2, .held, nil, from: 10, until: 20))),
            (
                "cleared, held, and lifted by who held",
                own(
                    cleared, decision(2, .held, nil, by: "Iggy Pop", authority: nil),
                    decision(3, .lifted, nil, by: "Iggy Pop", lifts: 2, authority: nil))
            ),
            (
                "cleared, held, and lifted by somebody else",
                own(
                    cleared, decision(2, .held, nil, by: "Iggy Pop"),
                    decision(3, .lifted, nil, by: "Mallory", lifts: 2, authority: nil))
            ),
            (
                "cleared, held, and another hold lifted",
                own(cleared, decision(2, .held, nil, by: "Iggy Pop"), decision(4, .lifted, nil, lifts: 3))
            ),
            ("cleared, then withdrawn", own(cleared, decision(2, .withdrawn, nil))),
            (
                "cleared, withdrawn, and submitted anew",
                own(
                    cleared, decision(2, .withdrawn, nil), decision(3, .lifted, nil, lifts: 2),
                    decision(4, .submitted))
            ),
            (
                "cleared, withdrawn, submitted anew and cleared",
                own(
                    cleared, decision(2, .withdrawn, nil), decision(3, .lifted, nil, lifts: 2),
                    decision(4, .submitted),
                    decision(5, .cleared))
            ),
            (
                "cleared, and under embargo until within",
                own(decision(1, .cleared, nil), decision(2, .restricted, nil, from: 10))
            ),
            (
                "cleared, and kept for Le Monde until after",
                own(
                    cleared, decision(2, .restricted) { ($0.recipient, $0.exclusiveUntil) = ("Le Monde", 20) }
                )
            ),
            (
                "cleared, and restricted to the US",
                own(cleared, decision(2, .restricted, nil, territory: "US"))
            ),
            ("cleared, and never again", own(cleared, decision(2, .restricted, nil) { $0.uses = 0 })),
            (
                "cleared, and its session held",
                own(cleared, decision(2, .held, nil, scope: .session("Desert")))
            ),
            (
                "cleared, and what it was made from held",
                Dossier(
                    own: .init(decisions: [cleared]), parents: [.init(decisions: [decision(2, .held, nil)])])
            ),
            (
                "what it was made from cleared",
                Dossier(parents: [.init(decisions: [decision(2, .cleared, nil)])])
            ),
            ("cleared, and its caption says: do not reuse", own(cleared, warnings: [reuse])),
            (
                "cleared despite its caption",
                own(decision(1, .cleared, despite: "|do not reuse|"), warnings: [reuse])
            ),
            ("cleared, and Iggy Pop, who is in it, has not agreed", own(cleared, people: [iggy])),
            (
                "cleared, and Iggy Pop, who is in it, agreed until after",
                own(cleared, decision(2, .approved, nil, by: "Iggy Pop", until: 20), people: [iggy])
            ),
            (
                "cleared, and somebody else agreed for Iggy Pop",
                own(cleared, decision(2, .approved, nil, by: "Mallory"), people: [iggy])
            ),
            (
                "cleared, and refused by who is in it",
                own(cleared, decision(2, .refused, nil, by: "Iggy Pop"))
            ),
            (
                "cleared, with a release for exhibits alone",
                own(
                    decision(1, .cleared, nil),
                    decision(2, .released, .exhibit, status: .limited, subject: "Iggy Pop") {
                        $0.release = .model
                    })
            ),
            (
                "cleared, where a release is asked for and none is known",
                own(cleared, decision(2, .restricted, nil) { $0.release = .model })
            ),
        ]
        return all
    }

    // MARK: Writing

    private static func text() -> String {
        var lines = [
            "# The truth table of the gate", "",
            "What `Gate.rule` answers, written by `make truth-table` and held by a test. Each cell is asked with no country",
            "named, for the United States, and for Germany; *yes* for all three is one *yes*. A window goes from *within* to",
            "*after*. Internal outputs are never denied and always carry NOT CLEARED, so they have no column.",
            "",
            "| what is known | for | to | before | within | after |", "|---|---|---|---|---|---|",
        ]
        var answers = 0
        for (words, dossier) in situations {
            for purpose in [Purpose.press, .exhibit] {
                let rows = recipients.map { recipient in
                    days.map { day in cell(dossier, purpose, recipient, day.at) }
                }
                answers += recipients.count * days.count * territories.count
                let isSame = rows.allSatisfy { $0 == rows[0] }
                for (recipient, row) in zip(isSame ? ["anyone"] : recipients, rows) {
                    lines.append(
                        "| \(words) | \(purpose.rawValue) | \(recipient) | \(row.joined(separator: " | ")) |")
                }
            }
        }
        lines += ["", "\(answers) answers.", ""]
        return lines.joined(separator: "\n")
    }

    private static func cell(_ dossier: Dossier, _ purpose: Purpose, _ recipient: String, _ at: Int64)
        -> String
    {
        let answers = territories.map { territory in
            answer(
                Gate.rule(
                    on: dossier,
                    GateQuestion(purpose: purpose, recipient: recipient, territory: territory, at: at)))
        }
        if answers.allSatisfy({ $0 == answers[0] }) { return answers[0] }
        return zip(["–", "US", "DE"], answers).map { "\($0): \($1)" }.joined(separator: "; ")
    }

    private static func answer(_ ruling: Ruling) -> String {
        ruling.isAllowed ? "**yes**" : ruling.denials.map(word).joined(separator: ", ")
    }

    private static func word(_ denial: Denial) -> String {
        switch denial {
        case .held(let decision): decision.scope == nil ? "held" : "session held"
        case .withdrawn: "withdrawn"
        case .refused: "refused"
        case .notApproved: "not agreed"
        case .embargo: "embargo"
        case .release: "release too narrow"
        case .noRelease: "no release"
        case .warned: "warning words"
        case .changedSince: "changed since"
        case .otherPurposes: "another purpose"
        case .notYet: "not yet"
        case .ended: "ended"
        case .otherTerritory: "another country"
        case .otherRecipient: "another recipient"
        case .usedUp: "used up"
        case .submitted: "submitted"
        case .undecided: "undecided"
        }
    }
}
