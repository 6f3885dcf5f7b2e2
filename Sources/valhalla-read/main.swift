import MediaProtocol

Service.begin(
    name: "valhalla-read",
    does: "reads the metadata of photographs and of the small files beside them."
)
let reader = FileReader()
Service.run { request in
    guard case .read(let path) = request else {
        return .failed(reason: "valhalla-read only reads; valhalla-media renders and inspects")
    }
    return reader?.reply(toPath: path) ?? .failed(reason: "there is no memory to begin with")
}
