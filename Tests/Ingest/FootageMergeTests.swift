import MediaProtocol
import Testing

@testable import Ingest

@Suite("How a clip was recorded, by its files together")
struct FootageMergeTests {
    typealias Voice = MergedReading.Voice

    private func reading(_ kind: MediaKind, _ format: String, _ adjust: (inout Reading) -> Void) -> Reading {
        var reading = Reading(format: format, kind: kind)
        reading.footage = Footage()
        adjust(&reading)
        return reading
    }

    @Test("is the clip's word where it has one, else that of the camera's sidecar")
    func fill() {
        let clip = reading(.clip, "MP4") {
            $0.footage?.storedWidth = 3840
            $0.footage?.clipName = "embedded"
        }
        let xml = reading(.sidecar, "Sony XML") {
            $0.frames = 210
            $0.frameRate = Rational(25, 1)
            $0.footage?.clipName = "beside"
            $0.footage?.gamma = "S-Log3"
            $0.footage?.storedWidth = 1
            $0.footage?.captureRate = Rational(120, 1)
        }
        let merged = MergedReading.of(clip, with: [Voice(standing: .cameraSidecar, reading: xml)])
        #expect(merged.footage?.clipName == "embedded" && merged.footage?.gamma == "S-Log3")
        #expect(merged.footage?.storedWidth == 3840 && merged.footage?.captureRate == Rational(120, 1))
        #expect(merged.frames == 210 && merged.frameRate == Rational(25, 1))
    }

    @Test("is overruled by a Blackmagic sidecar, which is written afterwards")
    func overrule() {
        let clip = reading(.clip, "BRAW") {
            $0.footage?.gamma = "Blackmagic Design Film"
            $0.footage?.look = "none"
        }
        let sidecar = reading(.sidecar, "BRAW sidecar") { $0.footage?.gamma = "Rec.709" }
        let merged = MergedReading.of(clip, with: [Voice(standing: .cameraSidecar, reading: sidecar)])
        #expect(merged.footage?.gamma == "Rec.709" && merged.footage?.look == "none")
    }

    @Test("is nothing that a photograph has, though a clip belongs to it")
    func livePhoto() {
        let still = Reading(format: "HEIC", kind: .photo)
        let clip = reading(.clip, "QuickTime") {
            $0.frameRate = Rational(30, 1)
            $0.duration = 3
            $0.footage?.scan = .progressive
        }
        let merged = MergedReading.of(still, with: [Voice(standing: .companion, reading: clip)])
        #expect(merged.footage == nil && merged.frameRate == nil && merged.duration == nil)
    }
}
