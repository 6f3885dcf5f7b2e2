import Catalog
import Foundation
import Testing

@testable import Export

@Suite("The page of a review")
struct ReviewScriptTests {
    /// As much of a browser as the script touches: elements that take everything, answers that were kept, and a table
    /// that is caught as it is saved.
    private static let browser = #"""
        "use strict";
        const handlers = {};
        function element(dataset, id) {
          return {
            dataset, value: "Anna", checked: false, className: "", textContent: "",
            classList: { add() {}, toggle() {} }, style: {},
            querySelector() { return element({}); }, querySelectorAll() { return []; },
            addEventListener(name, handler) { handlers[id + " " + name] = handler; },
            setAttribute() {}, removeAttribute() {}, getAttribute() { return ""; },
            scrollIntoView() {}, focus() {}, click() {}, remove() {}, appendChild() {},
          };
        }
        const [answers, purposes] = process.argv.slice(2);
        const proofs = Object.keys(JSON.parse(answers)).map(
          function (number) { return element({ number: number, check: "p" + number }); });
        global.document = {
          body: element({ review: "22AA-33BB", purposes: purposes }),
          querySelectorAll(what) { return what === "article" ? proofs : proofs.map(() => element({})); },
          getElementById(id) { return element({}, id); },
          createElement() { return element({}); }, addEventListener() {},
        };
        global.window = {
          localStorage: {
            getItem() { return JSON.stringify({ answers: JSON.parse(answers), name: "Anna" }); }, setItem() {},
          },
          addEventListener() {},
        };
        global.Image = class {};
        global.Blob = class { constructor(parts) { process.stdout.write(parts.join("")); } };
        global.URL = { createObjectURL() { return ""; }, revokeObjectURL() {} };
        global.setTimeout = function () {};
        """#

    /// The comments in the table that it saves, by proof and purpose.
    private func comments(_ answers: String, _ purposes: String) throws -> [String: String] {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).js")
        defer { try? FileManager.default.removeItem(at: file) }
        let script = Self.browser + ReviewScript.text.text + "\nhandlers[\"save click\"]();\n"
        try script.write(to: file, atomically: true, encoding: .utf8)
        let outcome = try Tool.run("node", file.path(), answers, purposes)
        try #require(outcome.code == 0, "\(outcome.text)")
        let rows = try AnswerSheet.rows(of: Array(outcome.text.utf8))
        return Dictionary(
            uniqueKeysWithValues: rows.map { ("\($0.proof) \($0.purpose) \($0.answer)", $0.comment) })
    }

    @Test(
        "puts a note with the no that it explains, and with a yes only where nothing is refused",
        .enabled(if: Tool.isThere("node")))
    func notes() throws {
        let found = try comments(
            """
            {"1":{"exhibit":"yes","press":"no","comment":"too dark"},
             "2":{"exhibit":"yes","press":"yes","comment":"no crop"},
             "3":{"exhibit":"yes","comment":"ask Iggy"},
             "4":{"exhibit":"no","comment":"never"},
             "5":{"comment":"later"}}
            """, "exhibit press")
        #expect(
            found == [
                "1 exhibit yes": "", "1 press no": "too dark",
                "2 exhibit yes": "no crop", "2 press yes": "no crop",
                "3 exhibit yes": "ask Iggy", "3 press ": "ask Iggy",
                "4 exhibit no": "never", "4 press ": "never",
                "5 exhibit ": "later", "5 press ": "later",
            ])
    }
}
