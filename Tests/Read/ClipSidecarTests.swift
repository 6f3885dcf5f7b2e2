import CameraXML
import Foundation
import MediaProtocol
import Testing
import Workers

@Suite("What lies beside a clip")
final class ClipSidecarTests {
    let worker = Worker(.reader(in: Array(Bundle.main.bundleURL.path().utf8)))
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func reading(_ text: String, _ name: String) throws -> Reading {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        let answers = try worker.answers(to: [.read(path: Array(file.path().utf8))])
        guard case .reply(.reading(let reading))? = answers.first else {
            throw CocoaError(.fileReadUnknown, userInfo: [NSLocalizedDescriptionKey: "\(answers)"])
        }
        return reading
    }

    @Test("Sony's XML knows the curve, the primaries, the sensor's rate, the LUT and the identifier")
    func sony() throws {
        let found = try reading(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">
              <TargetMaterial umidRef="060A2B340101010501010D43130000004E41F241907305CE784B87FFFEBA9815"/>
              <Duration value="210"/>
              <LtcChangeTable tcFps="30" halfStep="false"><LtcChange frameCount="0" value="42000001" status="increment"/></LtcChangeTable>
              <CreationDate value="2016-05-13T20:15:30+01:00"/>
              <VideoFormat><VideoFrame captureFps="59.94p" formatFps="29.97p"/></VideoFormat>
              <Device manufacturer="Sony" modelName="ILCE-7SM3" serialNo="3785021"/>
              <Lens modelName="FE 35mm F1.4 ZA"/>
              <AcquisitionRecord>
                <Group name="CameraUnitMetadataSet">
                  <Item name="CaptureGammaEquation" value="s-log3"/>
                  <Item name="CaptureColorPrimaries" value="s-gamut3-cine"/>
                </Group>
                <Group name="ExifGPS">
                  <Item name="LatitudeRef" value="N"/><Item name="Latitude" value="51:30:03.24"/>
                  <Item name="LongitudeRef" value="W"/><Item name="Longitude" value="0:10:38.64"/>
                </Group>
              </AcquisitionRecord>
              <RelevantFiles><RelatedTo rel="LUT" file="Look1.cube"/></RelevantFiles>
            </NonRealTimeMeta>
            """,
            "C0001M01.XML"
        )
        #expect(found.timecode == "01:00:00;02" && found.footage?.timecodeRate == 30)
        #expect(found.frames == 210 && found.frameRate == Rational(30_000, 1_001))
        #expect(found.footage?.captureRate == Rational(60_000, 1_001))
        #expect(found.footage?.gamma == "S-Log3" && found.footage?.gamut == "S-Gamut3.Cine")
        #expect(found.footage?.look == "Look1.cube")
        #expect(found.footage?.umid?.hasPrefix("060A2B34") == true)
        #expect(abs((found.latitude ?? 0) - 51.5009) < 1e-6 && abs((found.longitude ?? 0) + 0.1774) < 1e-6)
        #expect(found.taken?.offsetMinutes == 60)
    }

    @Test(
        "MEDIAPRO.XML lists the clips of a card with what belongs to each, whatever the order of the attributes"
    )
    func list() throws {
        let found = try reading(
            """
            <?xml version="1.0" encoding="UTF-8"?><MediaProfile xmlns="http://xmlns.sony.net/pro/metadata/mediaprofile">
            <Properties><System systemKind="ILCE-7SM3 ver.1.000"/><Attached mediaId="0123456789ABCDEF" mediaKind="ProfessionalDisc"/></Properties>
            <Contents>
            <Material uri="./CLIP/C0001.MP4" type="MP4" dur="210" umid="060A2B340101010501010D43130000004E41F241907305CE784B87FFFEBA9815">
              <Proxy uri="./SUB/C0001S03.MP4" type="MP4"/><RelevantInfo uri="./CLIP/C0001M01.XML" type="XML"/></Material>
            <Material type="MP4" dur="165" uri="./CLIP/C0002.MP4"><RelevantInfo uri="./CLIP/C0002M01.XML" type="XML"/></Material>
            <Material uri="./CLIP/C0003.MP4" dur="1"/><Material uri="./CLIP/C0004.MP4" dur="2"/>
            </Contents></MediaProfile>
            """,
            "MEDIAPRO.XML"
        )
        #expect(found.format == "MEDIAPRO" && found.footage?.mediaID == "0123456789ABCDEF")
        #expect(found.listing.map(\.path) == (1...4).map { "CLIP/C000\($0).MP4" })
        #expect(found.listing.map(\.frames) == [210, 165, 1, 2])
        #expect(found.listing[0].beside == ["SUB/C0001S03.MP4", "CLIP/C0001M01.XML"])
        #expect(found.listing[0].umid?.hasSuffix("FEBA9815") == true && found.listing[1].umid == nil)
    }

    @Test("The XML of a P2 card names the clip, the camera and where the timecode begins")
    func p2() throws {
        let found = try reading(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="no" ?>
            <P2Main xmlns="urn:schemas-Professional-Plug-in:P2:ClipMetadata:v3.1"><ClipContent>
              <ClipName>0001FM</ClipName>
              <GlobalClipID>060A2B340101010501010D4313000000D4E4DC0B4F2E05D2009280FFFE4CE58B</GlobalClipID>
              <Duration>240</Duration><EditUnit>1001/30000</EditUnit>
              <EssenceList><Video><FrameRate DropFrameFlag="true">59.94i</FrameRate><StartTimecode>01:02:03:04</StartTimecode></Video></EssenceList>
              <ClipMetadata><UserClipName>Interview 3</UserClipName>
                <Access><CreationDate>2016-05-13T20:15:30+01:00</CreationDate></Access>
                <Device><Manufacturer>Panasonic</Manufacturer><SerialNo.>H9TCA0031</SerialNo.><ModelName>AG-HPX250</ModelName></Device>
                <Shoot><Shooter>Andreas</Shooter><StartDate>2016-05-13T20:15:30+01:00</StartDate></Shoot>
              </ClipMetadata></ClipContent></P2Main>
            """,
            "0001FM.XML"
        )
        #expect(found.format == "P2 XML" && found.model == "AG-HPX250" && found.serial == "H9TCA0031")
        #expect(found.footage?.clipName == "0001FM" && found.title == "Interview 3")
        #expect(found.timecode == "01:02:03;04" && found.frames == 240)
        #expect(found.frameRate == Rational(30_000, 1_001))
        #expect(found.taken?.offsetMinutes == 60 && found.taken?.source == "P2Main.StartDate")
    }

    @Test("A Blackmagic sidecar tells the curve, the primaries and the look that were settled on")
    func blackmagic() throws {
        let found = try reading(
            #"{ "iso": 800, "gamma": "Blackmagic Design Film", "gamut": "Blackmagic Design","#
                + #" "post_3dlut_mode": "Sidecar", "post_3dlut_sidecar_name": "Gen 5 Film.cube" }"#,
            "A001_05131512_C001.sidecar"
        )
        #expect(found.format == "BRAW sidecar" && found.iso == 800)
        #expect(found.footage?.gamma == "Blackmagic Design Film" && found.footage?.look == "Gen 5 Film.cube")
    }

    @Test(
        "A drone's subtitles tell time and place in the forms of all its models",
        arguments: [
            "HOME(116.3344,34.1261) 2017.08.05 14:11:51\nGPS(116.3344,34.1261,19) BAROMETER:1.9",
            "FrameCnt : 1\n2017-08-05 14:11:51,000,000\n[latitude : 34.1261] [longtitude : 116.3344] [altitude: 19.0]",
            "2017-08-05 14:11:51.000\n[iso: 100] [latitude: 34.1261] [longitude: 116.3344] [rel_alt: 1.9 abs_alt: 19.0] ",
        ]
    )
    func drone(_ caption: String) throws {
        let found = try reading("1\n00:00:00,000 --> 00:00:01,000\n\(caption)\n\n", "DJI_0001.SRT")
        #expect(found.latitude == 34.1261 && found.longitude == 116.3344)
        #expect(found.taken?.milliseconds == 1_501_942_311_000 && found.taken?.offsetMinutes == nil)
    }

    @Test("A log of one clip speaks for it, and a log of several for none")
    func log() throws {
        let head =
            "Heading\nFIELD_DELIM\tTABS\nFPS\t24\n\nColumn\nName\tTape\tStart\tCamera_model\tSensor_FPS\n\nData\n"
        let row = "A001C001_160513_R1JL\tA001R1JL\t01:02:03:04\tALEXA Mini\t48.000\n"
        let one = try reading(head + row, "A001.ale")
        #expect(one.footage?.clipName == "A001C001_160513_R1JL" && one.reel == "A001R1JL")
        #expect(one.timecode == "01:02:03:04" && one.footage?.captureRate == Rational(48, 1))
        #expect(try reading(head + row + row, "B001.ale").footage == nil)
    }

    @Test("an identifier of zeros or of another length is none")
    func identifiers() {
        #expect(UMID.digits("0x060A2B34" + String(repeating: "1", count: 56))?.count == 64)
        #expect(UMID.digits("060A2B34" + String(repeating: "0", count: 56)) == nil)
        #expect(UMID.digits(String(repeating: "0", count: 64)) == nil)
        #expect(UMID.digits("060A2B34") == nil)
    }

    @Test(
        "a rate in words is the fraction that is meant",
        arguments: [
            ("119.88p", 120_000, 1_001), ("23.98", 24_000, 1_001), ("23.976p", 24_000, 1_001),
            ("47.95p", 48_000, 1_001),
            ("50i", 50, 1), ("12.5p", 12_500, 1_000),
        ]
    )
    func rates(_ text: String, _ above: Int64, _ below: Int64) {
        #expect(ClipRate.rate(text) == Rational(above, below))
    }
}
