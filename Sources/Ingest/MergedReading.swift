internal import Files
internal import MediaProtocol

/// What the files of an asset say together.
///
/// In words about the picture the sidecar counts before the original, and the original before its companions. What the
/// camera measured is the original's; where that is silent, a camera's own sidecar and then the companions answer.
enum MergedReading {
    /// A file of the asset, by what its word weighs.
    struct Voice {
        /// How it stands to the original.
        enum Standing: Int, Comparable {
            /// XMP named after the whole file name.
            case sidecarOfFile
            /// XMP named after the stem.
            case sidecarOfStem
            /// XMP named after the companion, which may be worked on by itself.
            case sidecarOfCompanion
            /// What the camera wrote beside its clip.
            case cameraSidecar
            /// The same exposure in another form.
            case companion
            /// A still the camera made of it.
            case thumbnail
            /// A duplicate's own words: kept, but they say nothing about the original.
            case version

            static func < (left: Standing, right: Standing) -> Bool { left.rawValue < right.rawValue }
        }

        var standing: Standing
        var reading: Reading
    }

    /// The reading of the asset whose original gave `original`.
    static func of(_ original: Reading, with voices: [Voice]) -> Reading {
        let voices = voices.filter { $0.standing != .version }.sorted { $0.standing < $1.standing }
        if voices.isEmpty {
            // Most pictures lie by themselves, and then there is nothing to weigh.
            var alone = original
            record(&alone, [])
            return alone
        }
        let people = voices.filter { $0.standing <= .sidecarOfCompanion }.map(\.reading)
        let cameras = voices.filter { $0.standing > .sidecarOfCompanion }.map(\.reading)
        var merged = original
        describe(&merged, people + [original] + cameras)
        place(&merged, people + [original] + cameras)
        measure(&merged, cameras + people)
        record(&merged, voices)
        tellTime(
            &merged,
            cameraSidecar: voices.first { $0.standing == .cameraSidecar }?.reading,
            cameras + people
        )
        merged.damage = remarks(original, voices)
        return merged
    }

    /// Words, stars and people: the first who says anything about a field says it all.
    private static func describe(_ merged: inout Reading, _ voices: [Reading]) {
        func first<Value>(_ field: (Reading) -> Value?) -> Value? { voices.lazy.compactMap(field).first }
        merged.title = first(\.title)
        merged.caption = first(\.caption)
        merged.creator = first(\.creator)
        merged.credit = first(\.credit)
        merged.copyright = first(\.copyright)
        merged.usageTerms = first(\.usageTerms)
        merged.instructions = first(\.instructions)
        merged.place = first(\.place)
        merged.rating = first(\.rating)
        merged.label = first(\.label)
        merged.keywords = voices.first { !$0.keywords.isEmpty }?.keywords ?? []
        merged.people = voices.first { !$0.people.isEmpty }?.people ?? []
        // What a sidecar says in the place of the file's "do not reuse" does not unsay it.
        let said = Set([
            merged.title, merged.caption, merged.usageTerms, merged.instructions, merged.copyright,
        ])
        for voice in voices {
            let words = [voice.title, voice.caption, voice.usageTerms, voice.instructions, voice.copyright]
            for text in voice.caveats + words.filter({ !said.contains($0) }).compactMap(\.self)
            where !merged.caveats.contains(text) {
                merged.caveats.append(text)
            }
        }
    }

    /// Degrees north and east come from one voice together, or a point would be made up of two.
    private static func place(_ merged: inout Reading, _ voices: [Reading]) {
        guard let voice = voices.first(where: { $0.latitude != nil && $0.longitude != nil }) else { return }
        merged.latitude = voice.latitude
        merged.longitude = voice.longitude
        merged.altitude = voice.altitude
    }

    /// Fills what the original does not say.
    ///
    /// Pixels, codecs and profiles are its own and nobody else's.
    private static func measure(_ merged: inout Reading, _ voices: [Reading]) {
        for voice in voices {
            merged.make = merged.make ?? voice.make
            merged.model = merged.model ?? voice.model
            merged.serial = merged.serial ?? voice.serial
            merged.lens = merged.lens ?? voice.lens
            merged.exposure = merged.exposure ?? voice.exposure
            merged.aperture = merged.aperture ?? voice.aperture
            merged.iso = merged.iso ?? voice.iso
            merged.focalLength = merged.focalLength ?? voice.focalLength
            merged.timecode = merged.timecode ?? voice.timecode
            merged.reel = merged.reel ?? voice.reel
            merged.burst = merged.burst ?? voice.burst
            merged.contentIdentifier = merged.contentIdentifier ?? voice.contentIdentifier
        }
    }

    /// A clock that says where it stands is believed before one that does not.
    ///
    /// An MP4's own clock is UTC in some cameras and the wall's in others, and does not say which; the XML beside it does.
    private static func tellTime(_ merged: inout Reading, cameraSidecar: Reading?, _ others: [Reading]) {
        if let stated = cameraSidecar?.taken, stated.offsetMinutes != nil, merged.taken?.offsetMinutes == nil
        {
            merged.taken = stated
        }
        guard let own = merged.taken else {
            merged.taken = others.lazy.compactMap(\.taken).first
            return
        }
        if own.offsetMinutes == nil {
            let sameSecond = others.lazy.compactMap(\.taken).first {
                $0.offsetMinutes != nil && abs($0.milliseconds - own.milliseconds) < 1000
            }
            merged.taken?.offsetMinutes = sameSecond?.offsetMinutes
        }
    }

    private static func remarks(_ original: Reading, _ voices: [Voice]) -> String? {
        var remarks = [original.damage].compactMap(\.self)
        let ofFile = voices.first { $0.standing == .sidecarOfFile }?.reading
        let ofStem = voices.first { $0.standing == .sidecarOfStem }?.reading
        if let ofFile, let ofStem, disagree(ofFile, ofStem) {
            remarks.append("its two sidecars disagree; the one named after the whole file name counts")
        }
        return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }

    private static func disagree(_ left: Reading, _ right: Reading) -> Bool {
        func differ<Value: Equatable>(_ field: (Reading) -> Value?) -> Bool {
            guard let left = field(left), let right = field(right) else { return false }
            return left != right
        }
        return differ(\.title) || differ(\.caption) || differ(\.rating) || differ(\.label)
            || differ(\.creator)
            || differ(\.copyright)
            || (!left.keywords.isEmpty && !right.keywords.isEmpty && left.keywords != right.keywords)
    }
}
