internal import Catalog
internal import Files

extension CaptureTime {
    /// The corrected clock of the camera, as a table has it; empty when it is not known.
    var table: String {
        takenMilliseconds.map { WallClock(milliseconds: $0).table } ?? ""
    }

    /// The corrected clock with its offset where that is known, as programs read it: `2016-05-13T18:42:07-07:00`.
    var iso: String? {
        takenMilliseconds.map { taken in
            WallClock(milliseconds: taken).iso + (offsetMinutes.map { offsetWords($0, minus: "-") } ?? "")
        }
    }
}

extension Asset {
    /// Maker and model, without the maker said twice: `Canon EOS 5D Mark II`.
    var camera: String? { Asset.camera(make: make, model: model) }

    /// Width and height in pixels: `5952 × 3968`.
    var dimensions: String? {
        guard let width, let height else { return nil }
        return "\(width) × \(height)"
    }

    /// The size of a photograph: `23.6 megapixels`.
    var megapixels: String? {
        guard let width, let height, kind == .photo else { return nil }
        return "\(tenths(Double(width) * Double(height) / 1_000_000)) megapixels"
    }

    /// The aperture: `f/2.8`.
    var apertureWords: String? {
        aperture.map { "f/" + plainNumber($0) }
    }
}

extension FoundAsset {
    /// What it is cleared for: `exhibit, edit`, `held`, `exhibit; some held`, or a dash.
    var clearance: Table.Cell {
        let purposes = clearedFor.map(\.rawValue).joined(separator: ", ")
        guard isHeld else { return Table.Cell(clearedFor.isEmpty ? "–" : purposes) }
        return Table.Cell(clearedFor.isEmpty ? "held" : purposes + "; some held", .bad)
    }

    /// The object of `find --json`: its keys are a promise.
    var json: JSONObject {
        var object = facts
        asset.footage.add(to: &object, of: asset)
        object.add("cleared_for", JSONValue(clearedFor.map(\.rawValue)))
        object.add("held", .bool(isHeld))
        return object
    }

    private var facts: JSONObject {
        [
            "id": .text(asset.shortName),
            "sha256": .text(asset.digest.hex),
            "kind": .text(asset.kind.rawValue),
            "name": .text(asset.name),
            "format": .text(asset.format),
            "size": .integer(asset.size),
            "unreadable": JSONValue(asset.unreadable),
            "damage": JSONValue(asset.damage),
            "taken": JSONValue(asset.time.iso),
            "instant": JSONValue(asset.time.instantMilliseconds.map(isoInstant)),
            "camera_clock": JSONValue(asset.time.wallMilliseconds.map { WallClock(milliseconds: $0).iso }),
            "correction_ms": .integer(asset.time.correctionMilliseconds),
            "offset_minutes": JSONValue(asset.time.offsetMinutes),
            "offset_source": JSONValue(asset.time.offsetSource),
            "sessions": JSONValue(sessions),
            "tags": JSONValue(tags.map(\.description)),
            "title": JSONValue(asset.title),
            "caption": JSONValue(asset.caption),
            "creator": JSONValue(asset.creator),
            "credit": JSONValue(asset.credit),
            "copyright": JSONValue(asset.copyright),
            "usage_terms": JSONValue(asset.usageTerms),
            "instructions": JSONValue(asset.instructions),
            "place": JSONValue(asset.place),
            "rating": JSONValue(asset.rating),
            "label": JSONValue(asset.label),
            "pick": JSONValue(asset.pick.map { $0 > 0 ? "picked" : "rejected" }),
            "width": JSONValue(asset.width),
            "height": JSONValue(asset.height),
            "make": JSONValue(asset.make),
            "model": JSONValue(asset.model),
            "serial": JSONValue(asset.serial),
            "lens": JSONValue(asset.lens),
            "exposure": JSONValue(asset.exposure),
            "aperture": JSONValue(asset.aperture),
            "iso": JSONValue(asset.iso),
            "focal_length": JSONValue(asset.focalLength),
            "latitude": JSONValue(asset.latitude),
            "longitude": JSONValue(asset.longitude),
            "altitude": JSONValue(asset.altitude),
            "position_source": JSONValue(asset.position.map { $0.source ?? "file" }),
            "color_profile": JSONValue(asset.colorProfile),
            "duration": JSONValue(asset.duration),
            "frames": JSONValue(asset.frames),
            "frame_rate": JSONValue(asset.frameRate),
            "codec": JSONValue(asset.codec),
            "timecode": JSONValue(asset.timecode),
            "reel": JSONValue(asset.reel),
            "audio": JSONValue(asset.audio),
            "segments": JSONValue(asset.segments),
            "incomplete": JSONValue(asset.incomplete),
            "burst": JSONValue(asset.burst.map { Burst.words($0).identifier }),
        ]
    }
}

extension ItemDetails {
    /// `60 × 90 cm`, height first.
    var sizeWords: String? {
        guard let heightCentimetres, let widthCentimetres else { return nil }
        return "\(plainNumber(heightCentimetres)) × \(plainNumber(widthCentimetres)) cm"
    }

    /// The edition: `1 of 7, and 2 artist’s proofs`.
    var editionWords: String? {
        var parts: [String] = []
        if let editionOf { parts.append(edition.map { "\($0) of \(editionOf)" } ?? "of \(editionOf)") }
        if let proofs { parts.append(counted(proofs, "artist’s proof")) }
        return parts.isEmpty ? nil : parts.joined(separator: ", and ")
    }
}
