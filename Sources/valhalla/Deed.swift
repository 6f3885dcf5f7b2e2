internal import Catalog

/// A change to assets in words: `tag` … `with people/Iggy Pop`, `tagged` … `with people/Iggy Pop`.
struct Deed {
    /// As a question has it.
    let base: String
    /// As it is told afterwards.
    let past: String
    /// Behind the assets.
    let tail: String
    /// Why it leaves some assets as they are.
    var rest = "so already"

    /// Before, with the assets in the middle: `Tag 412 photographs, 18 clips with people/Iggy Pop`.
    func proposed(_ assets: String) -> String { sentence(base, assets) }

    /// Afterwards.
    func done(_ assets: String) -> String { sentence(past, assets) }

    /// The same, with more said of the assets.
    func of(_ words: String) -> Deed { Deed(base: base, past: past, tail: "\(words) \(tail)", rest: rest) }

    private func sentence(_ verb: String, _ assets: String) -> String {
        capitalised(verb) + " " + assets + (tail.isEmpty ? "" : " " + tail)
    }
}

extension Desk {
    /// Does something to the assets that a query chooses: tells which, asks where a person is there to answer, does
    /// it in one change, and tells what came of it.
    ///
    /// `body` returns how many of `possible` things it changed; `possible` is the number of assets unless it is given.
    func change(
        _ deed: Deed,
        _ catalog: Catalog,
        _ query: Query,
        kind: ChangeKind = .edit,
        possible: ((Int) -> Int)? = nil,
        body: (Change, [AssetID]) throws -> Int
    ) throws -> Outcome {
        let assets = try catalog.assets(query)
        guard !assets.isEmpty else {
            throw Failure(
                .failed,
                "nothing to \(deed.base.prefix { $0 != " " }): nothing matches \(query.description)",
                next: "valhalla find \(Typed.inShell(query.description)) shows what does"
            )
        }
        return try change(deed, catalog, assets, kind: kind, possible: possible, body: body)
    }

    /// The same for assets that were chosen already.
    func change(
        _ deed: Deed,
        _ catalog: Catalog,
        _ assets: [AssetID],
        kind: ChangeKind = .edit,
        possible: ((Int) -> Int)? = nil,
        body: (Change, [AssetID]) throws -> Int
    ) throws -> Outcome {
        let kinds = try catalog.kinds(of: assets)
        let possible = possible.map { $0(assets.count) } ?? assets.count
        let said = counted(kinds)

        if globals.dryRun || isAsking {
            let changed = try rehearse(catalog, kind) { try body($0, assets) }
            guard changed > 0 else {
                return finish(deed, said, assets.count, changed: 0, of: possible, change: nil)
            }
            if globals.dryRun, globals.json {
                return finish(deed, said, assets.count, changed: changed, of: possible, change: nil)
            }
            try preview(deed.proposed(said), assets, catalog, to: globals.dryRun ? out : err)
            if changed < possible { remark("  \(remainder(deed, changed, possible))") }
            if globals.dryRun {
                out.line("Nothing was changed.")
                return .done
            }
            guard console.ask("Go on?") else { return declined() }
        }
        var changed = 0
        try catalog.change(command, kind: kind) { change in
            changed = try body(change, assets)
            change.summary = deed.done(said)
        }
        let number = changed > 0 ? try catalog.log(limit: 1).first?.number : nil
        return finish(deed, said, assets.count, changed: changed, of: possible, change: number)
    }

    /// A change that is not about assets: `lines` tell what it is.
    func change(
        _ proposal: String,
        done: String,
        _ catalog: Catalog,
        kind: ChangeKind = .edit,
        details: [String] = [],
        body: (Change) throws -> Void
    ) throws -> Outcome {
        if globals.dryRun || isAsking {
            try rehearse(catalog, kind) { change in
                try body(change)
                return 0
            }
            if globals.dryRun, globals.json {
                json(["done": .text(done), "dryRun": .bool(true)])
                return .done
            }
            let sink = globals.dryRun ? out : err
            sink.line(proposal)
            for line in details { sink.line("  " + line) }
            if globals.dryRun {
                out.line("Nothing was changed.")
                return .done
            }
            guard console.ask("Go on?") else { return declined() }
        }
        let before = try catalog.log(limit: 1).first?.number
        try catalog.change(command, kind: kind) { change in
            try body(change)
            change.summary = done
        }
        let number = try catalog.log(limit: 1).first?.number
        if globals.json {
            json(["done": .text(done), "change": JSONValue(number == before ? nil : number)])
        } else {
            tell(number == before ? "Nothing to change." : done)
        }
        return .done
    }

    /// True when a person is there to answer, and wants to be asked.
    var isAsking: Bool { console.isAttended && !globals.yes && !globals.dryRun }

    /// The person said no.
    func declined() -> Outcome {
        console.remark("Nothing was changed.")
        return .done
    }

    /// Does it and takes it back at once, to know what it would do.
    @discardableResult
    func rehearse(_ catalog: Catalog, _ kind: ChangeKind, _ body: (Change) throws -> Int) throws -> Int {
        struct Rehearsed: Error {}
        var changed: Int?
        do {
            try catalog.change(command, kind: kind) { change in
                changed = try body(change)
                throw Rehearsed()
            }
        } catch {
            if changed == nil { throw error }
        }
        return changed ?? 0
    }

    /// Shows what is to be done, with the first few assets.
    func preview(_ sentence: String, _ assets: [AssetID], _ catalog: Catalog, to sink: Sink) throws {
        sink.line(sentence + ":")
        let shown = 5
        let table = Table(
            [.init("ID"), .init("TAKEN"), .init("NAME", yields: true), .init("TITLE", yields: true)],
            to: sink,
            indent: 2,
            hasHead: false
        )
        for id in assets.prefix(assets.count == shown + 1 ? shown + 1 : shown) {
            let asset = try catalog.asset(id)
            table.add([
                .init(asset.shortName, .strong), .init(asset.time.table), .init(asset.name),
                .init(asset.title ?? ""),
            ])
        }
        table.finish()
        if assets.count > shown + 1 { sink.line("  and \(grouped(assets.count - shown)) more") }
    }

    private func remainder(_ deed: Deed, _ changed: Int, _ possible: Int) -> String {
        "\(grouped(changed)) of \(grouped(possible)); the rest: \(deed.rest)"
    }

    private func finish(
        _ deed: Deed,
        _ said: String,
        _ matched: Int,
        changed: Int,
        of possible: Int,
        change: Int?
    ) -> Outcome {
        if globals.json {
            var object: JSONObject = [
                "done": .text(deed.done(said)), "matched": JSONValue(matched), "changed": JSONValue(changed),
                "change": JSONValue(change),
            ]
            if globals.dryRun { object.add("dryRun", .bool(true)) }
            json(object)
        } else if changed == 0 {
            tell("Nothing to change on \(said): \(deed.rest).")
        } else {
            tell(deed.done(said) + (changed < possible ? " (\(remainder(deed, changed, possible)))" : ""))
        }
        return .done
    }
}
