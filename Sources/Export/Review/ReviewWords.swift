internal import Catalog

extension ReviewPackage {
    /// What the texts and names of a review may say: of an asset its number, its length and, where that was asked for, its
    /// title and caption.
    func said(_ gated: GatedReview, _ request: ReviewRequest, _ made: MadeFiles) -> SaidWords {
        var said = SaidWords()
        said.add(literally: "the photographer")
        said.add(literally: "small", "jpg", "review", "html", "answers", "csv", "README", "txt")
        said.add(PublicText.line(gated.question.artist))
        said.add(PublicText.line(request.house))
        said.add(each: PublicText.paragraphs(request.note))
        said.add(request.code)
        said.add(request.day)
        said.add(each: AnswerSheet.columns)
        for purpose in gated.question.purposes {
            said.add(purpose.rawValue)
            said.add(ReviewPackage.capitalised(purpose))
        }
        said.add(gated.shown.count)
        for item in gated.shown {
            said.add(item.number)
            said.add(padded(item.number, max(3, String(gated.shown.count).count)))
            if item.asset.kind == .clip { said.add(item.asset.duration.map { Measure.duration($0) }) }
            guard request.hasCaptions else { continue }
            said.add(PublicText.line(item.asset.title))
            said.add(PublicText.line(item.asset.caption))
        }
        for proof in proofs {
            said.add(check(of: proof, made))
            for picture in [proof.path, proof.small].compactMap({ made.picture($0) }) {
                said.add(picture.width)
                said.add(picture.height)
            }
        }
        said.add(policyHash(of: ReviewStyle.text.text))
        said.add(policyHash(of: ReviewScript.text.text))
        return said
    }
}
