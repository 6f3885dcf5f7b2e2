import MediaProtocol

Service.begin(
    name: "valhalla-read",
    does: "reads the metadata of photographs, of the small files beside them, and of tracks."
)
let reader = FileReader()
let tracks = TrackReader()
Service.run { request, part in
    switch request {
    case .read(let path):
        reader?.reply(toPath: path) ?? .failed(reason: "there is no memory to begin with")
    case .manifest(let path): ManifestFile.reply(toPath: path, part: part)
    case .track(let path, let first): tracks.reply(toPath: path, first: first)
    case .paper: .failed(reason: "valhalla-read draws no pages; valhalla-media does")
    case .revise(let revision): SidecarPacket.reply(to: revision)
    case .render, .proof, .inspect, .remux, .meanColor, .preview:
        .failed(reason: "valhalla-read only reads; valhalla-media renders and inspects")
    }
}
