internal import MediaProtocol

extension MergedReading {
    /// How a clip was recorded, of which cameras write a part beside it.
    ///
    /// What can be seen in the streams (sizes, scan, depth, sound) is the clip's own word and nobody else's. What its
    /// maker calls things by is the clip's where it says so, else the camera's sidecar's. Only the sidecar of a
    /// Blackmagic camera overrules its clip: it is where the camera and the developer of the raw file put what they
    /// settled on afterwards.
    static func record(_ merged: inout Reading, _ voices: [Voice]) {
        guard merged.kind != .photo else {
            merged.footage = nil
            return
        }
        let sidecars = voices.filter { $0.standing == .cameraSidecar }.map(\.reading)
        for sidecar in sidecars {
            merged.frameRate = merged.frameRate ?? sidecar.frameRate
            merged.frames = merged.frames ?? sidecar.frames
            merged.duration = merged.duration ?? sidecar.duration
        }
        guard sidecars.contains(where: { $0.footage != nil }) else { return }
        var footage = merged.footage ?? Footage()
        for sidecar in sidecars {
            guard let beside = sidecar.footage else { continue }
            if sidecar.format == overrulingSidecar { overrule(&footage, beside) }
            fill(&footage, beside)
        }
        merged.footage = footage
    }

    /// The format of the sidecar that counts before its clip.
    private static let overrulingSidecar = "BRAW sidecar"

    private static func overrule(_ footage: inout Footage, _ beside: Footage) {
        footage.gamma = beside.gamma ?? footage.gamma
        footage.gamut = beside.gamut ?? footage.gamut
        footage.look = beside.look ?? footage.look
    }

    private static func fill(_ footage: inout Footage, _ beside: Footage) {
        footage.clipName = footage.clipName ?? beside.clipName
        footage.cameraLetter = footage.cameraLetter ?? beside.cameraLetter
        footage.timecodeRate = footage.timecodeRate ?? beside.timecodeRate
        footage.captureRate = footage.captureRate ?? beside.captureRate
        footage.gamma = footage.gamma ?? beside.gamma
        footage.gamut = footage.gamut ?? beside.gamut
        footage.look = footage.look ?? beside.look
        footage.umid = footage.umid ?? beside.umid
        footage.mediaID = footage.mediaID ?? beside.mediaID
    }
}
