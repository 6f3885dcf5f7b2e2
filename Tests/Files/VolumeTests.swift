import Foundation
import Testing

@testable import Files

@Suite("A volume")
struct VolumeTests {
    static let table = MountTable(
        text: Array(
            """
            22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
            30 22 8:17 / /media/anna/CARD\\040A rw,nosuid shared:9 - exfat /dev/sdb1 rw
            31 22 8:2 /home/anna/shoot /mnt/shoot rw - ext4 /dev/sda2 rw
            32 22 0:45 /@photos /photos rw - btrfs /dev/sdc1 rw
            33 22 0:50 / /nas rw - nfs4 house:/export rw
            34 22 8:33 / /media/anna/CARD\\040A/DCIM rw - exfat /dev/sdd1 rw
            nonsense
            """.utf8
        )
    )

    @Test("is told by the longest mount point, spaces and all")
    func longest() {
        let mounts = Self.table.mounts(of: Path("/media/anna/CARD A/DCIM/100/a.jpg"))
        #expect(mounts.map(\.source) == ["/dev/sdd1", "/dev/sdb1", "/dev/sda2"])
        #expect(Self.table.mounts(of: Path("/media/anna/CARD AB/x")).map(\.source) == ["/dev/sda2"])
    }

    @Test("that is shown in part under another name is found as a whole")
    func bound() throws {
        let mount = try #require(Self.table.mounts(of: Path("/mnt/shoot/a.jpg")).first)
        let whole = try #require(Self.table.whole(of: mount))
        #expect(whole.point == Path("/"))
        #expect(whole.translated(Path("/mnt/shoot/a.jpg"), from: mount) == Path("home/anna/shoot/a.jpg"))
        let subvolume = try #require(Self.table.mounts(of: Path("/photos/a")).first)
        #expect(Self.table.whole(of: subvolume) == nil)
        #expect(subvolume.root == Path("/@photos"))
    }

    @Test("has the same key today and tomorrow, and gives the path from its mount point")
    func here() throws {
        let scratch = try Scratch()
        let access = FileAccess()
        let first = try VolumeLocation.of(scratch.folder, access: access)
        let second = try VolumeLocation.of(scratch.folder, access: access)
        #expect(first.volume == second.volume)
        #expect(first.volume.mount.appending(first.path) == scratch.folder)
        #expect(!first.volume.key.isEmpty && !first.volume.name.isEmpty)
    }

    @Test("has its label as it was written")
    func labels() {
        #expect(plainLabel("CARD\\x20A") == "CARD A")
        #expect(plainLabel("caf\\xc3\\xa9") == "café")
        #expect(plainLabel("a\\xzz") == "a\\xzz")
    }
}
