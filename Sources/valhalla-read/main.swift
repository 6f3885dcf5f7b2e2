import CExiv2
import MediaProtocol

Service.begin(name: "valhalla-read", does: "reads the metadata of photographs and sidecars.")
cexiv2_start()
Service.run { request in
    guard case .read(let path) = request else {
        return .failed(reason: "valhalla-read only reads; valhalla-media renders and inspects")
    }
    return FileReader.read(path)
}
