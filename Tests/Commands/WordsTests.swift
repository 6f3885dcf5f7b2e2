import Catalog
import Testing

@testable import valhalla

@Suite("Words")
struct WordsTests {
    @Test(
        "Sizes stand in the unit a person uses",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (24_600_000, "24.6 MB"),
            (99_949_999, "99.9 MB"), (99_950_000, "100 MB"), (999_499_999, "999 MB"), (999_500_000, "1.0 GB"),
            (9_800_000_000, "9.8 GB"), (318_000_000, "318 MB"), (3_999_999_999_999, "4.0 TB"),
            (Int64.max, "9223 PB"),
        ] as [(Int64, String)]
    )
    func sizes(bytes: Int64, words: String) {
        #expect(byteWords(bytes) == words)
    }

    @Test("Plurals are right, and thousands are grouped")
    func plurals() {
        #expect(counted(1, "file") == "1 file")
        #expect(counted(0, "file") == "0 files")
        #expect(counted(2, "copy", "copies") == "2 copies")
        #expect(counted(12_430, "photograph") == "12,430 photographs")
        #expect(counted([.photo: 412, .clip: 18]) == "412 photographs, 18 clips")
        #expect(counted([.sound: 1, .photo: 1, .clip: 0]) == "1 photograph, 1 sound")
        #expect(counted([:]) == "nothing")
        #expect(grouped(999) == "999")
        #expect(grouped(-1_234_567) == "−1,234,567")
        #expect(grouped(Int.min).hasPrefix("−9,223,372"))
    }

    @Test(
        "Durations are read at a glance",
        arguments: [
            (0, "0 s"), (499, "0 s"), (31_000, "31 s"), (59_499, "59 s"), (59_500, "1 min"),
            (125_000, "2 min 5 s"),
            (3_600_000, "1 h"), (4_320_000, "1 h 12 min"), (200_000_000, "2 days"),
            (99 * 86_400_000, "99 days"), (100 * 86_400_000, "3 months"), (730 * 86_400_000, "23 months"),
            (731 * 86_400_000, "2 years"), (28_555 * 86_400_000, "78 years"),
        ] as [(Int64, String)]
    )
    func durations(milliseconds: Int64, words: String) {
        #expect(durationWords(milliseconds) == words)
    }

    @Test("What took a moment is told to the tenth")
    func elapsed() {
        #expect(elapsedWords(7) == "less than 0.1 s")
        #expect(elapsedWords(340) == "0.3 s")
        #expect(elapsedWords(9_960) == "10 s")
        #expect(elapsedWords(31_200) == "31 s")
    }

    @Test(
        "Corrections have their sign and every part",
        arguments: [
            (432_000, "+7 min 12 s"), (-3_600_000, "−1 h"), (0, "0 s"), (187_200_000, "+2 days 4 h"),
            (86_400_001, "+1 day 1 ms"),
        ] as [(Int64, String)]
    )
    func corrections(milliseconds: Int64, words: String) {
        #expect(correctionWords(milliseconds) == words)
    }

    @Test(
        "Clips’ lengths look like a player’s",
        arguments: [(0, "0:00"), (4.25, "0:04.3"), (59.96, "1:00"), (90, "1:30"), (3_765, "1:02:45")]
            as [(Double, String)]
    )
    func lengths(seconds: Double, words: String) {
        #expect(lengthWords(seconds) == words)
    }

    @Test("Several words become part of a sentence")
    func lists() {
        #expect(listed([]) == "")
        #expect(listed(["exhibit"]) == "exhibit")
        #expect(listed(["exhibit", "press", "edit"]) == "exhibit, press and edit")
    }

    @Test("Nothing from a file reaches the terminal as a command")
    func control() {
        #expect(printable("Red sky") == "Red sky")
        #expect(printable("\u{1B}[2Jgone\r\n") == "\\x1b[2Jgone\\x0d\\x0a")
        #expect(printable("a\u{202E}gpj.exe") == "a\\u{202e}gpj.exe")
        #expect(printable("nul\u{0}, \u{9B}31m, \u{7F}") == "nul\\x00, \\x9b31m, \\x7f")
        #expect(printable("Ærøskøbing 東京 👩‍🎤") == "Ærøskøbing 東京 👩‍🎤")
    }

    @Test("The nearest right word is found, and no far one")
    func nearestWord() {
        let verbs = ["find", "show", "set", "import", "select", "session"]
        #expect(nearest(to: "fnd", among: verbs) == "find")
        #expect(nearest(to: "improt", among: verbs) == "import")
        #expect(nearest(to: "ste", among: verbs) == "set")
        #expect(nearest(to: "sesion", among: verbs) == "session")
        #expect(nearest(to: "zzzzzz", among: verbs) == nil)
        #expect(nearest(to: "", among: verbs) == nil)
    }

    @Test("A print’s size is height first, in any unit")
    func printSizes() throws {
        #expect(try PrintSize("60x90cm").height == 60)
        #expect(try PrintSize("60 × 90 cm").width == 90)
        #expect(try PrintSize("600x900mm").height == 60)
        #expect(try PrintSize("24x36in").width == 91.44)
        #expect(try PrintSize("12.5x20").height == 12.5)
        #expect(try PrintSize("").height == nil)
        for wrong in ["60", "60x", "x90cm", "60x90x3cm", "-60x90cm", "0x90cm", "60x90ft", "nanxinfcm"] {
            #expect(throws: Failure.self) { try PrintSize(wrong) }
        }
    }

    @Test("An edition is one of how many")
    func editions() throws {
        let edition = try PrintEdition("1/7")
        #expect(edition.number == 1 && edition.of == 7)
        #expect(try PrintEdition("/7").number == nil)
        for wrong in ["7", "8/7", "0/7", "1/0", "a/b", "1/7/9"] {
            #expect(throws: Failure.self) { try PrintEdition(wrong) }
        }
    }
}
