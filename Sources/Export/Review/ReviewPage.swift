internal import Catalog
internal import Files

/// `review.html`: one file that opens from a disk without a network, shows the proofs and takes the answers.
///
/// Without its script it shows all proofs, and says how to answer by hand.
struct ReviewPage {
    private let review: ReviewPackage
    private let made: MadeFiles

    init(_ review: ReviewPackage, _ made: MadeFiles) {
        self.review = review
        self.made = made
    }

    var html: Wording {
        let style = ReviewStyle.text
        let script = ReviewScript.text
        // Nothing runs and nothing is loaded that was not written here, whatever a caption may say.
        let policy: Wording = """
            default-src 'none'; img-src 'self' file:; style-src '\(policyHash(of: style.text))'; \
            script-src '\(policyHash(of: script.text))'; base-uri 'none'; form-action 'none'
            """
        let purposes = review.purposes.map(\.rawValue).joined(separator: " ")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <meta name="color-scheme" content="dark">
            <title>For \(review.artist.escaped)</title>
            <style>\(style)</style>
            </head>
            <body data-review="\(review.code)" data-purposes="\(purposes)">
            <header>
            <h1>For \(review.artist.escaped)</h1>
            <p class="count" id="count" role="status">\(review.proofCount)</p>
            <p class="from">\(review.house.escaped), \(review.day.escaped)</p>
            </header>
            \(opening)<main id="proofs">
            \(review.proofs.map(article).joined(separator: "\n"))
            </main>
            <nav class="strip" id="strip" aria-label="All proofs">
            \(review.proofs.map(thumb).joined(separator: "\n"))
            </nav>
            <footer>
            <label for="name">Who answers</label>
            <input id="name" autocomplete="name" maxlength="120">
            <button type="button" id="save" class="save">Save answers</button>
            <p id="saved" role="status"></p>
            <p class="foot">Review \(review.code). Proofs, not cleared, for \(review.artist.escaped) alone.</p>
            </footer>
            <script>\(script)</script>
            </body>
            </html>

            """
    }

    private var opening: Wording {
        let paragraphs = review.note.map { "<p>\($0.escaped)</p>" as Wording }.joined(separator: "\n")
        let note: Wording =
            paragraphs.isEmpty
            ? "" : "<section class=\"note\" aria-label=\"A word before\">\n\(paragraphs)\n</section>\n"
        return """
            \(note)\
            <noscript><p class="note">This browser runs no script: look here, and answer in answers.csv beside this page. \
            README.txt tells how.</p></noscript>

            """
    }

    private func article(_ proof: ReviewPackage.Proof) -> Wording {
        let size = size(of: proof.path)
        let words = [proof.kind, proof.title.map { Wording($0) }, proof.caption.map { Wording($0) }]
            .compactMap { $0?.escaped }
        let number = proof.number
        return """
            <article id="p-\(number)" data-number="\(number)" data-check="\(review.check(of: proof, made))" \
            aria-labelledby="h-\(number)">
            <figure><img src="\(proof.path)"\(size) alt="Proof \(number)" loading="lazy" draggable="false"></figure>
            <div class="said"><h2 id="h-\(number)">Proof \(number)</h2>\
            \(words.map { "<p>\($0)</p>" as Wording }.joined())</div>
            <form class="ask" autocomplete="off">
            \(everything(number))\(review.purposes.map { question(number, $0) }.joined(separator: "\n"))
            <label class="word"><span>A note</span>\
            <textarea name="comment" rows="1" maxlength="2000" placeholder="A note, if you like"></textarea></label>
            </form>
            </article>
            """
    }

    /// One tap for all purposes, where there are several.
    private func everything(_ number: Int) -> Wording {
        guard review.purposes.count > 1 else { return "" }
        return """
            <div class="all" role="group" aria-label="For everything">
            <button type="button" data-all="yes" class="yes">Yes to all</button>
            <button type="button" data-all="no" class="no">No to all</button>
            </div>

            """
    }

    private func question(_ number: Int, _ purpose: Purpose) -> Wording {
        let key: Wording = "n-\(number)-\(purpose.rawValue)"
        let one: Wording = review.purposes.count == 1 ? " class=\"one\"" : ""
        let name = ReviewPackage.capitalised(purpose)
        let legend: Wording = "May it be \(ReviewPackage.meaning(of: purpose))?"
        return """
            <fieldset data-purpose="\(purpose.rawValue)"\(one)>
            <legend title="\(legend)">\(name)\
            <span class="hidden">: \(legend)</span></legend>
            <input type="radio" name="\(key)" id="\(key)-yes" value="yes"><label for="\(key)-yes" class="yes">Yes</label>
            <input type="radio" name="\(key)" id="\(key)-no" value="no"><label for="\(key)-no" class="no">No</label>
            </fieldset>
            """
    }

    private func thumb(_ proof: ReviewPackage.Proof) -> Wording {
        let size = size(of: proof.small)
        return """
            <a href="#p-\(proof.number)" data-to="\(proof.number)"><img src="\(proof.small)"\(size) alt="" \
            loading="lazy"><span class="mark" aria-hidden="true"></span>\
            <span class="hidden">Proof \(proof.number)<span class="state"></span></span></a>
            """
    }

    private func size(of path: String) -> Wording {
        made.picture(path).map { " width=\"\($0.width)\" height=\"\($0.height)\"" } ?? ""
    }
}
