import MediaProtocol

Service.begin(
    name: "valhalla-read",
    does: "reads the metadata of photographs and of the small files beside them."
)
let reader = FileReader()
Service.run { request, part in
    switch request {
    case .read(let path):
        reader?.reply(toPath: path) ?? .failed(reason: "there is no memory to begin with")
    case .manifest(let path): ManifestFile.reply(toPath: path, part: part)
    case .render, .inspect, .remux, .meanColor, .preview:
        .failed(reason: "valhalla-read only reads; valhalla-media renders and inspects")
    }
}
