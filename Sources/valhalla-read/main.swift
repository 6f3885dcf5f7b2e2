import MediaProtocol

Service.begin(
    name: "valhalla-read",
    does: "reads the metadata of photographs and of the small files beside them."
)
let reader = FileReader()
Service.run { request in
    switch request {
    case .read(let path):
        reader?.reply(toPath: path) ?? .failed(reason: "there is no memory to begin with")
    case .revise(let revision): SidecarPacket.reply(to: revision)
    case .render, .inspect, .remux, .meanColor:
        .failed(reason: "valhalla-read only reads; valhalla-media renders and inspects")
    }
}
