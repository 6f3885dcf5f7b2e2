import Catalog
import Files
import Foundation
import MediaProtocol
import Testing

/// What people decide, through the catalogue's own door.
@Suite("Clearance")
struct ClearanceTests {
    static let day: Int64 = 86_400_000
    let fixture: CatalogFixture
    var catalog: Catalog { fixture.catalog }

    init() throws {
        fixture = try CatalogFixture()
    }

    // MARK: Saying things

    private func name(_ artist: String = "Josh Homme") throws {
        try catalog.change("artists add") { try $0.add(artist: artist, .clear, in: nil, by: "Josh Homme") }
    }

    private func clear(
        _ assets: [AssetID], _ purpose: Purpose = .press, by person: String = "Josh Homme",
        adjust: (inout NewDecision) -> Void = { _ in }
    ) throws {
        var decision = NewDecision(.cleared, purpose: purpose, by: person)
        adjust(&decision)
        try catalog.change("clear", kind: .decision) { try $0.decide(decision, about: assets) }
    }

    private func decide(
        _ kind: DecisionKind, _ purpose: Purpose? = nil, by person: String = "Iggy Pop",
        about assets: [AssetID] = [],
        on scope: DecisionScope? = nil, adjust: (inout NewDecision) -> Void = { _ in }
    ) throws {
        var decision = NewDecision(kind, purpose: purpose, by: person)
        adjust(&decision)
        try catalog.change("decide", kind: .decision) { change in
            if let scope {
                try change.decide(decision, on: scope)
            } else {
                try change.decide(decision, about: assets)
            }
        }
    }

    private func ruling(
        _ asset: AssetID, _ purpose: Purpose = .press, to recipient: String = "Le Monde",
        in territory: String? = nil,
        at instant: Int64? = nil
    ) throws -> Ruling {
        try catalog.ruling(
            on: asset,
            GateQuestion(
                purpose: purpose, recipient: recipient, territory: territory,
                at: instant ?? fixture.now + 1_000))
    }

    private func refusal(_ body: () throws -> Void) throws -> CatalogError {
        try #require(throws: CatalogError.self) { try body() }
    }

    // MARK: Who may decide

    @Test("is given by nobody until somebody is named, and the refusal tells how to name them")
    func nobodyNamed() throws {
        let assets = try fixture.importing([1])
        let error = try refusal { try clear(assets) }
        #expect(error.kind == .notCleared)
        #expect(error.next?.contains("valhalla artists add \"Josh Homme\"") == true)
        #expect(!(try ruling(assets[0]).isAllowed))
    }

    @Test("is given by artists alone, and nothing is recorded where one asset is not theirs")
    func artistsAlone() throws {
        let desert = try fixture.importing([1], session: "Desert")
        let studio = try fixture.importing([2], session: "Studio")
        try catalog.change("artists") {
            try $0.add(artist: "Josh Homme", .clear, in: .session("Desert"), by: nil)
        }
        #expect(try refusal { try clear(desert, by: "Andreas Neumann") }.kind == .notCleared)
        #expect(try refusal { try clear(desert + studio) }.summary.contains("1 of the 2"))
        #expect(try catalog.decisions(about: desert[0]).isEmpty)
        try clear(desert, by: "josh homme")
        #expect(try ruling(desert[0]).isAllowed)
    }

    @Test("reaches with a tag's right what lies below the tag, and what carries it now")
    func projectRight() throws {
        let assets = try fixture.importing([1, 2], tags: ["tour/2016"])
        try catalog.change("artists") {
            try $0.add(artist: "Iggy Pop", .clear, in: .tag(try TagPath("tour")), by: nil)
        }
        try catalog.change("untag") { try $0.remove(tags: [try TagPath("tour/2016")], from: [assets[1]]) }
        try clear([assets[0]], by: "Iggy Pop")
        #expect(try refusal { try clear([assets[1]], by: "Iggy Pop") }.kind == .notCleared)
    }

    @Test("lets only an artist name the next one, or take a right away")
    func namingArtists() throws {
        try name()
        #expect(throws: CatalogError.self) {
            try catalog.change("artists") { try $0.add(artist: "Mallory", .clear, in: nil, by: "Mallory") }
        }
        #expect(throws: CatalogError.self) {
            try catalog.change("artists") { try $0.add(artist: "Mallory", .clear, in: nil, by: nil) }
        }
        try catalog.change("artists") { try $0.add(artist: "Iggy Pop", .clear, in: nil, by: "Josh Homme") }
        #expect(throws: CatalogError.self) {
            try catalog.change("artists") {
                try $0.remove(artist: "Iggy Pop", .clear, in: nil, by: "Mallory")
            }
        }
        let assets = try fixture.importing([1])
        try clear(assets, by: "Iggy Pop")
        try catalog.change("artists") { try $0.remove(artist: "Iggy Pop", .clear, in: nil, by: "Josh Homme") }
        #expect(try ruling(assets[0]).isAllowed, "what was cleared stays cleared")
        #expect(throws: CatalogError.self) { try clear(assets, .web, by: "Iggy Pop") }
    }

    // MARK: What it covers

    /// Brings a file to an asset that is there, as an import of it does.
    private func bring(_ content: Int, to asset: AssetID, besides original: Int?) throws {
        let run = try catalog.beginImport(source: Path("/more"), command: "import", session: nil, tags: [])
        let volume = try run.volume(key: "uuid:1", name: "SHOOT-A", mount: Path("/"))
        var group = CatalogFixture.photograph(content, volume: volume)
        group.asset = asset
        if let original {
            var part = group.files[0]
            part.role = .segment
            part.position = 2
            group.files = [
                FileRecord(
                    role: .original, name: "A.JPG", content: CatalogFixture.content(original), copies: []),
                part,
            ]
        }
        _ = try run.record(groups: [group], strays: [])
        try run.finish(ImportCounts())
    }

    @Test("is of the files that were there: a part that comes later does not leave on it")
    func laterPart() throws {
        try name()
        let assets = try fixture.importing([1, 2])
        try clear(assets)
        #expect(try catalog.count(try Query.parse("cleared:press")) == 2)
        try bring(3, to: assets[0], besides: 1)
        #expect(try catalog.files(of: assets[0]).map(\.role).contains(.segment))
        let denials = try ruling(assets[0]).denials
        #expect(denials.count == 1)
        guard case .changedSince? = denials.first else {
            Issue.record("it is denied for another reason: \(denials)")
            return
        }
        #expect(try ruling(assets[1]).isAllowed, "the other one is as it was")
        #expect(try catalog.count(try Query.parse("cleared:press")) == 1)
        #expect(try catalog.count(try Query.parse("blocked:press")) == 0, "an artist can clear it anew")
        try clear([assets[0]])
        #expect(try ruling(assets[0]).isAllowed)
        #expect(try catalog.count(try Query.parse("cleared:press")) == 2)
    }

    @Test("is of the original that was there: what is put in its place does not leave on it")
    func laterOriginal() throws {
        try name()
        let assets = try fixture.importing([1])
        try clear(assets)
        try bring(2, to: assets[0], besides: nil)
        #expect(try catalog.asset(assets[0]).digest == CatalogFixture.digests(2).sha256)
        #expect(!(try ruling(assets[0]).isAllowed))
        #expect(try catalog.count(try Query.parse("cleared:press")) == 0)
    }

    // MARK: What closes

    @Test("a hold is lifted by who held or by an artist, and by nobody else")
    func lifting() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets)
        try decide(.held, about: assets)
        let kept = try catalog.change("lift") {
            try $0.lift(from: assets, by: "Andreas Neumann", reason: "x")
        }
        #expect(kept.lifted == 0 && kept.kept.count == 1)
        #expect(!(try ruling(assets[0]).isAllowed))
        try catalog.change("lift") { try $0.lift(from: assets, by: "Iggy Pop", reason: "x") }
        #expect(try ruling(assets[0]).isAllowed)
        try decide(.held, about: assets)
        try catalog.change("lift") { try $0.lift(from: assets, by: "Josh Homme", reason: "x") }
        #expect(try ruling(assets[0]).isAllowed)
    }

    @Test("a hold for one purpose leaves the others")
    func purposeHold() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets, .press)
        try clear(assets, .exhibit)
        try decide(.held, .press, about: assets)
        #expect(!(try ruling(assets[0], .press).isAllowed))
        #expect(try ruling(assets[0], .exhibit).isAllowed)
    }

    @Test("a held session binds what joins it later, and goes on binding what is taken out of it")
    func heldSession() throws {
        let early = try fixture.importing([1], session: "Desert")
        let away = try fixture.importing([9], session: "Desert")
        try name()
        try catalog.change("session") { try $0.remove(away, fromSession: "Desert") }
        try decide(.held, on: .session("Desert"))
        let late = try fixture.importing([2, 3])
        try clear(early + late + away)
        #expect(try ruling(late[0]).isAllowed)
        try catalog.change("session") { try $0.add(late, toSession: "Desert") }
        #expect(!(try ruling(early[0]).isAllowed))
        #expect(!(try ruling(late[0]).isAllowed))
        #expect(try ruling(away[0]).isAllowed, "it had left before the session was held")
        try catalog.change("session") { try $0.remove(late, fromSession: "Desert") }
        #expect(!(try ruling(late[0]).isAllowed), "taking it out of the session is no way around the hold")
        #expect(try catalog.count(try Query.parse("blocked:press")) == 3)
        // For one asset, and then for the whole session.
        try catalog.change("lift") { try $0.lift(from: [late[0]], by: "Iggy Pop", reason: "x") }
        #expect(try ruling(late[0]).isAllowed)
        #expect(!(try ruling(late[1]).isAllowed))
        try catalog.change("lift") { try $0.lift(from: .session("Desert"), by: "Iggy Pop", reason: "x") }
        #expect(try ruling(early[0]).isAllowed)
        #expect(try ruling(late[1]).isAllowed)
    }

    @Test("a held tag binds what lies below it, and keeps its name")
    func heldTag() throws {
        let assets = try fixture.importing([1], tags: ["people/Crew/Driver"])
        try name()
        try clear(assets)
        try decide(.held, on: .tag(try TagPath("people/Crew")))
        #expect(!(try ruling(assets[0]).isAllowed))
        let error = try refusal {
            _ = try catalog.change("rename") {
                try $0.rename(tag: try TagPath("people"), to: try TagPath("persons"))
            }
        }
        #expect(error.kind == .notCleared)
        try catalog.change("untag") { try $0.remove(tags: [try TagPath("people")], from: assets) }
        #expect(!(try ruling(assets[0]).isAllowed))
    }

    @Test("nobody clears a session that others may still join")
    func scopedClearance() throws {
        _ = try fixture.importing([1], session: "Desert")
        try name()
        #expect(throws: CatalogError.self) { try decide(.cleared, by: "Josh Homme", on: .session("Desert")) }
    }

    @Test(
        "what closes a clip closes the grade and the still that were made from it, and a still of the still")
    func derived() throws {
        let assets = try fixture.importing([1, 2, 3])
        try name()
        try clear(assets)
        try catalog.change("derive") { try $0.derive([assets[1]], from: assets[0]) }
        try catalog.change("derive") { try $0.derive([assets[2]], from: assets[1]) }
        #expect(throws: CatalogError.self) {
            try catalog.change("derive") { try $0.derive([assets[0]], from: assets[2]) }
        }
        try decide(.held, about: [assets[0]])
        #expect(!(try ruling(assets[2]).isAllowed))
        #expect(try catalog.count(try Query.parse("cleared:press")) == 0)
        try catalog.change("derive") { try $0.underive([assets[1]], from: assets[0]) }
        #expect(!(try ruling(assets[2]).isAllowed), "the link was there when it was held")
        try catalog.change("lift") { try $0.lift(from: [assets[2]], by: "Iggy Pop", reason: "x") }
        #expect(try ruling(assets[2]).isAllowed)
        #expect(!(try ruling(assets[1]).isAllowed))
    }

    @Test("what was withdrawn needs an artist's new submission, and a new clearance")
    func withdrawing() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets)
        let counts = try catalog.change("withdraw", kind: .decision) { change in
            try (0..<2).map { _ in try change.withdraw(assets, for: nil, by: "Iggy Pop", reason: "x") }
        }
        #expect(counts == [1, 0], "what was withdrawn is not cleared any more")
        #expect(try catalog.count(try Query.parse("state:withdrawn")) == 1)
        #expect(try refusal { try clear(assets) }.summary.contains("withdrawn"))
        func submit(_ person: String, _ reason: String?) throws {
            try catalog.change("submit", kind: .decision) {
                try $0.submit(assets, for: .press, by: person, reason: reason)
            }
        }
        #expect(throws: CatalogError.self) { try submit("Andreas Neumann", "please") }
        #expect(throws: CatalogError.self) { try submit("Josh Homme", nil) }
        try submit("Josh Homme", "cropped")
        #expect(try catalog.count(try Query.parse("submitted:press")) == 1)
        #expect(!(try ruling(assets[0]).isAllowed), "the old clearance does not come back")
        try clear(assets)
        #expect(try ruling(assets[0]).isAllowed)
    }

    @Test("nobody submits what is held")
    func submitHeld() throws {
        let assets = try fixture.importing([1])
        try decide(.held, about: assets)
        #expect(throws: CatalogError.self) {
            try catalog.change("submit") { try $0.submit(assets, for: .press, by: "Josh Homme", reason: "x") }
        }
    }

    // MARK: Conditions

    @Test("a film opens on one day in Canada and on another in the United States")
    func premieres() throws {
        let assets = try fixture.importing([1])
        let (june29, july11) = (fixture.now + 29 * Self.day, fixture.now + 41 * Self.day)
        try name()
        try clear(assets) { ($0.territory, $0.from) = ("CA", june29) }
        try clear(assets) { ($0.territory, $0.from) = ("US", july11) }
        #expect(!(try ruling(assets[0], in: "CA", at: june29 - 1).isAllowed))
        #expect(try ruling(assets[0], in: "CA", at: june29).isAllowed)
        #expect(!(try ruling(assets[0], in: "US", at: june29).isAllowed))
        #expect(try ruling(assets[0], in: "US", at: july11).isAllowed)
        #expect(!(try ruling(assets[0], in: "MX", at: july11).isAllowed))
        #expect(!(try ruling(assets[0], at: july11).isAllowed), "a country that was not said may be any")
        guard case .notYet(let us)? = try ruling(assets[0], in: "US", at: june29).denials.first else {
            Issue.record("the reason is the date in that country")
            return
        }
        #expect(us.territory == "US")
    }

    @Test("an embargo on a session holds back what was cleared, until its instant")
    func embargo() throws {
        let assets = try fixture.importing([1], session: "Royal Albert Hall")
        let end = fixture.now + Self.day
        try name()
        try clear(assets)
        try decide(.restricted, on: .session("Royal Albert Hall")) { $0.from = end }
        guard case .embargo? = try ruling(assets[0], at: end - 1).denials.first else {
            Issue.record("it is under embargo")
            return
        }
        #expect(try ruling(assets[0], at: end).isAllowed)
        #expect(try catalog.count(try Query.parse("cleared:press")) == 0)
        fixture.now = end
        #expect(try catalog.count(try Query.parse("cleared:press")) == 1, "and nothing had to run for it")
    }

    @Test("an exclusive denies everybody else until its date, whatever was cleared")
    func exclusive() throws {
        let assets = try fixture.importing([1])
        let end = fixture.now + Self.day
        try name()
        try clear(assets)
        try decide(.restricted, .press, about: assets) {
            $0.terms.recipient = "Le Monde"
            $0.terms.exclusiveUntil = end
        }
        #expect(try ruling(assets[0], to: "le monde").isAllowed)
        #expect(!(try ruling(assets[0], to: "Der Spiegel").isAllowed))
        #expect(try ruling(assets[0], to: "Der Spiegel", at: end).isAllowed)
    }

    @Test("what is cleared for once leaves once, and what shall never be used again not at all")
    func uses() throws {
        let assets = try fixture.importing([1])
        try name()
        try catalog.change("select") {
            try $0.make(selection: "Wall", note: nil)
            try $0.add(assets, toSelection: "Wall")
        }
        func deliver(_ number: String) throws {
            let gated = try catalog.gate(
                selection: "Wall",
                GateQuestion(purpose: .press, recipient: "Le Monde", territory: nil, at: fixture.now))
            try fixture.deliver(gated, number)
        }
        try clear(assets) { $0.terms.uses = 1 }
        try deliver("2016-0001")
        #expect(try catalog.grounds(ofDelivery: "2016-0001", asset: assets[0]).count == 1)
        guard case .usedUp? = try ruling(assets[0]).denials.first else {
            Issue.record("it was to leave once")
            return
        }
        #expect(try catalog.count(try Query.parse("cleared:press")) == 0)
        try clear(assets)
        try deliver("2016-0002")
        #expect(try ruling(assets[0]).isAllowed)
        try decide(.restricted, about: assets) { $0.terms.uses = 0 }
        #expect(!(try ruling(assets[0]).isAllowed))
    }

    @Test("of all that was asked the strictest is carried to whoever writes it")
    func obligations() throws {
        let assets = try fixture.importing([1], session: "Desert")
        try name()
        try clear(assets) { $0.terms.credit = "© Andreas Neumann" }
        try decide(.restricted, on: .session("Desert")) { $0.terms.noCrop = true }
        let obligations = try #require(try ruling(assets[0]).grant?.obligations)
        #expect(obligations.credits == ["© Andreas Neumann"])
        #expect(obligations.noCrop && !obligations.noRetouch)
    }

    @Test("of all countries those are carried that everything allows, and each that anything forbids")
    func countries() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets)
        try decide(.restricted, about: assets) { $0.terms.notIn = "DE" }
        var obligations = try #require(try ruling(assets[0], in: "FR").grant?.obligations)
        #expect(obligations.onlyIn == nil)
        #expect(obligations.notIn == ["DE"])
        try decide(.restricted, about: assets) { $0.territory = "CA,DE,FR,US" }
        try decide(.restricted, about: assets) { $0.territory = "AT,DE,FR,US" }
        obligations = try #require(try ruling(assets[0], in: "FR").grant?.obligations)
        #expect(obligations.onlyIn == ["FR", "US"])
        #expect(obligations.notIn == [], "what nobody allowed need not be forbidden")
    }

    @Test("a hold that is over asks nothing of whoever shows it")
    func overHold() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets)
        try decide(.held, about: assets) { $0.until = self.fixture.now + 1_000 }
        let grant = try #require(try ruling(assets[0], at: fixture.now + Self.day).grant)
        #expect(grant.obligations.until == nil)
    }

    @Test(
        "knows the countries there are, and what people write for them",
        arguments: [
            ("us, ca", "CA,US"), ("GB", "GB"), ("de de", "DE"),
        ])
    func territories(typed: String, codes: String) throws {
        #expect(try Territory.list(typed) == codes)
    }

    @Test("refuses a country that is none", arguments: ["UK", "USA", "XX", "", "EU", "Germany"])
    func noTerritory(typed: String) throws {
        let error = try refusal { _ = try Territory.list(typed) }
        if typed == "UK" { #expect(error.summary.contains("did you mean GB?")) }
    }

    // MARK: People

    @Test("who is in a picture and must agree closes it until they do, for the purposes they have a say in")
    func approval() throws {
        let assets = try fixture.importing([1, 2], tags: ["people/Iggy Pop"])
        try name()
        try clear(assets, .press)
        try clear(assets, .exhibit)
        try catalog.change("artists") {
            try $0.add(artist: "Iggy Pop", .approve, in: nil, purpose: .press, by: nil)
        }
        #expect(try ruling(assets[0]).denials == [.notApproved(by: "Iggy Pop")])
        #expect(try ruling(assets[0], .exhibit).isAllowed)
        #expect(try catalog.count(try Query.parse("cleared:press")) == 0)
        try catalog.change("approve") {
            try $0.answer(NewDecision(.approved, purpose: nil, by: "Iggy Pop"), about: [assets[0]])
        }
        #expect(try ruling(assets[0]).isAllowed)
        try catalog.change("refuse") {
            try $0.answer(NewDecision(.refused, purpose: nil, by: "Iggy Pop"), about: [assets[0]])
        }
        #expect(!(try ruling(assets[0], .exhibit).isAllowed))
        let kept = try catalog.change("lift") { try $0.lift(from: assets, by: "Josh Homme", reason: "x") }
        #expect(kept.lifted == 0)
        #expect(!(try ruling(assets[0]).isAllowed), "a refusal is that person's alone")
        try catalog.change("approve") {
            try $0.answer(NewDecision(.approved, purpose: nil, by: "Iggy Pop"), about: [assets[0]])
        }
        #expect(try ruling(assets[0]).isAllowed)
        // The other one is not in the second picture: an artist may say so, and taking the tag away is not enough.
        try catalog.change("untag") {
            try $0.remove(tags: [try TagPath("people/Iggy Pop")], from: [assets[1]])
        }
        #expect(!(try ruling(assets[1]).isAllowed))
        var absent = NewDecision(.absent, purpose: nil, by: "Mallory")
        absent.subject = "Iggy Pop"
        #expect(throws: CatalogError.self) {
            try catalog.change("approve") { try $0.answer(absent, about: [assets[1]]) }
        }
        absent.person = "Josh Homme"
        try catalog.change("approve") { try $0.answer(absent, about: [assets[1]]) }
        #expect(try ruling(assets[1]).isAllowed)
    }

    @Test("a release that is missing or too narrow closes, and one that is wide enough does not")
    func releases() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets, .press)
        try clear(assets, .exhibit)
        func release(_ status: ReleaseStatus, of subject: String, for purpose: Purpose? = nil) throws {
            try decide(.released, purpose, about: assets) {
                $0.terms.release = .model
                ($0.status, $0.subject) = (status, subject)
            }
        }
        try decide(.restricted, .press, about: assets) { $0.terms.release = .model }
        #expect(!(try ruling(assets[0]).isAllowed))
        #expect(try ruling(assets[0], .exhibit).isAllowed)
        try release(.limited, of: "Iggy Pop", for: .press)
        #expect(try ruling(assets[0]).isAllowed)
        #expect(!(try ruling(assets[0], .exhibit).isAllowed))
        try release(.missing, of: "a passer-by")
        #expect(!(try ruling(assets[0]).isAllowed))
        try release(.unlimited, of: "A passer-by")
        #expect(try ruling(assets[0]).isAllowed)
    }

    // MARK: Words that came with the file

    @Test("words that forbid close until an artist clears despite them, and editing them away opens nothing")
    func warnings() throws {
        let assets = try fixture.importing([1]) { _, reading in
            reading.instructions = "DO NOT RE-USE without asking"
        }
        try name()
        #expect(try catalog.warnings(of: assets[0]).map(\.words) == ["do not re use"])
        #expect(try catalog.count(try Query.parse("blocked:press is:warned")) == 0, "nobody cleared it yet")
        #expect(try refusal { try clear(assets) }.next?.contains("--despite-words") == true)
        try catalog.change("set") { try $0.set([.text(.instructions, "fine")], of: assets) }
        try catalog.change("set") { try $0.set([.clear(.instructions)], of: assets) }
        try catalog.change("set") { try $0.set([.text(.instructions, "fine")], of: assets) }
        #expect(throws: CatalogError.self) { try clear(assets) }
        try clear(assets) { $0.despiteWarnings = true }
        #expect(try ruling(assets[0]).isAllowed)
        // Words that nobody had read when it was cleared.
        try catalog.change("set") { try $0.set([.text(.caption, "Embargoed until May")], of: assets) }
        guard case .warned(let warning)? = try ruling(assets[0]).denials.first else {
            Issue.record("there are new words")
            return
        }
        #expect(warning.words == "embargo")
    }

    @Test(
        "finds the words of five languages, whatever their accents, capitals and line breaks",
        arguments: [
            ("Please DO NOT\nREUSE.", "do not reuse"), ("Not for Publication!", "not for publication"),
            ("Sperrfrist: 31. Januar", "sperrfrist"),
            ("NICHT ZUR VERÖFFENTLICHUNG", "nicht zur veroffentlichung"),
            ("À ne pas réutiliser", "ne pas reutiliser"),
            ("Prohibida su publicación", "prohibida su publicacion"),
            ("VIETATA LA RIPRODUZIONE", "vietata la riproduzione"), ("strictly confidential", "confidential"),
            ("Vietato l’uso", "vietato l'uso"), ("(embargoed)", "embargo"),
            ("marked 'Do not reuse'", "do not reuse"), ("jusqu’à l’embargo", "embargo"),
            ("Sperr\u{AD}frist", "sperrfrist"), ("con\u{FB01}dential", "confidential"),
        ])
    func phrases(text: String, words: String) throws {
        let assets = try fixture.importing([1]) { _, reading in reading.caption = text }
        #expect(try catalog.warnings(of: assets[0]).map(\.words) == [words])
    }

    @Test(
        "finds none in what people say of pictures",
        arguments: [
            "A figure on the ridge", "All rights reserved.", "© 2016 Andreas Neumann",
            "Reusing the old amplifier",
            "The disembargoed", "Tutti i diritti riservati",
        ])
    func noPhrases(text: String) throws {
        let assets = try fixture.importing([1]) { _, reading in reading.caption = text }
        #expect(try catalog.warnings(of: assets[0]).isEmpty)
    }

    // MARK: Taking back

    @Test("a hold is not opened by somebody else's undo, and by who made it, to mend a mistake, it is")
    func undo() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets)
        try decide(.held, about: assets)
        let hold = try #require(try catalog.log().first)
        let other = try Catalog(
            path: fixture.databasePath,
            author: Author(machineIdentity: "other", machineName: "other", person: "Mallory")
        ) { [fixture] in fixture.now }
        let error = try refusal { try other.undo(hold, command: "undo") }
        #expect(error.kind == .notCleared)
        #expect(!(try ruling(assets[0]).isAllowed))
        // To close is anybody's right: the clearance may be taken back, but not given again.
        let clearance = try #require(try catalog.log().dropFirst().first)
        let taken = try other.undo(clearance, command: "undo")
        try catalog.undo(hold, command: "undo")
        #expect(!(try ruling(assets[0]).isAllowed))
        try other.undo(taken, command: "undo")
        #expect(try ruling(assets[0]).isAllowed, "who took it back may give it back: it is their own mistake")
    }

    @Test("two catalogues that decided apart unite to the stricter of both, in either order")
    func merging() throws {
        let assets = try fixture.importing([1])
        try name()
        try clear(assets)
        let folder = fixture.folder
        let copy = folder.appending(path: "copy.sqlite").path()
        try catalog.backUp(to: copy)
        let other = try Catalog(
            path: copy, author: Author(machineIdentity: "other", machineName: "other", person: "Iggy Pop")
        ) { [fixture] in fixture.now }
        try other.change("hold", kind: .decision) {
            try $0.decide(NewDecision(.held, purpose: nil, by: "Iggy Pop"), about: assets)
        }
        // An hour later, and knowing nothing of that hold, an artist lifts a hold and clears again.
        fixture.now += 3_600_000
        try decide(.held, by: "Josh Homme", about: assets)
        try catalog.change("lift") { try $0.lift(from: assets, by: "Josh Homme", reason: "x") }
        try clear(assets)
        #expect(try ruling(assets[0]).isAllowed)
        for (into, from) in [(fixture.databasePath, copy), (copy, fixture.databasePath)] {
            try Union.of(decisionsIn: from, into: into)
        }
        #expect(!(try ruling(assets[0]).isAllowed), "the hold that nobody here knew of is not lifted")
        let question = GateQuestion(purpose: .press, recipient: "x", territory: nil, at: fixture.now)
        #expect(!(try other.ruling(on: assets[0], question).isAllowed))
        // Opened again, the lists know it too.
        let again = try Catalog(
            path: fixture.databasePath,
            author: Author(machineIdentity: "laptop", machineName: "laptop", person: "Andreas Neumann")
        ) { [fixture] in fixture.now }
        #expect(try again.count(try Query.parse("cleared:press")) == 0)
        #expect(try again.count(try Query.parse("held:yes")) == 1)
    }

    @Test("many assets are ruled on at once as each by itself")
    func batch() throws {
        let assets = try fixture.importing(Array(1...40), session: "Desert")
        try name()
        try clear(Array(assets.prefix(30)))
        try decide(.held, about: Array(assets.suffix(15)))
        let question = GateQuestion(purpose: .press, recipient: "x", territory: nil, at: fixture.now + 1_000)
        let rulings = try catalog.rulings(on: assets, question)
        #expect(rulings.values.count(where: \.isAllowed) == 25)
        for asset in assets {
            let alone = try catalog.ruling(on: asset, question)
            #expect(rulings[asset] == alone)
        }
        #expect(
            !(try catalog.ruling(on: AssetID(rawValue: 1), question).isAllowed), "an asset that is not there")
    }
}
