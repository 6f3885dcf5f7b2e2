"""Photographs and sidecars, beside ExifTool."""
import json
import math
import os
import re
import subprocess
import tempfile

from field import Argument, Field

TITLE = "Photographs and sidecars beside ExifTool"

PHOTOGRAPHS = ("image/", "application/rdf+xml", "application/vnd.adobe.photoshop")
WANTED = """
MIMEType Error ImageWidth ImageHeight ImageSize Orientation Rotation ImageSpatialExtent Make Model UniqueCameraModel
LensModel LensID Lens LensInfo LensType ExposureTime ShutterSpeedValue FNumber ApertureValue ISO ISOSpeed
RecommendedExposureIndex StandardOutputSensitivity SensitivityType FocalLength GPSLatitude GPSLongitude GPSAltitude
GPSLatitudeRef GPSLongitudeRef GPSAltitudeRef AbsoluteAltitude GPSStatus DateTimeOriginal SubSecTimeOriginal OffsetTimeOriginal CreateDate
SubSecTimeDigitized OffsetTimeDigitized DateCreated TimeCreated DigitalCreationDate DigitalCreationTime Subject Keywords
HierarchicalSubject TagsList LastKeywordXMP CatalogSets XPKeywords ImageDescription Description XPComment Caption-Abstract Artist
Creator By-line XPAuthor Copyright Rights CopyrightNotice Rating RatingPercent Title XPTitle Author CameraSerialNumber ObjectName Headline SerialNumber
CodedCharacterSet IPTCDigest CurrentIPTCDigest PersonInImage RegionName FileType DefaultCropSize NumImages Categories
""".split()


class Said(dict):
    """What ExifTool says of one file: values as numbers where it knows one; `printed` as it shows them."""

    def __init__(self, entry: dict):
        super().__init__()
        self.printed = {}
        for key, value in entry.items():
            if not isinstance(value, dict):
                continue
            self[key] = value.get("num", value.get("val"))
            self.printed[key] = value.get("val")

    def first(self, *keys):
        """The first of these tags that says anything. `*:Tag` is any group's."""
        for key in keys:
            found = [key] if not key.startswith("*") else [k for k in self if k.endswith(key[1:])]
            for name in found:
                value = self.get(name)
                if value is not None and (value if isinstance(value, list) else str(value).strip("\0 \t\r\n")) != "":
                    return value
        return None


def peer(paths: list) -> dict:
    """One run over all files. ExifTool takes their names from a list, so that none of them is an option."""
    with tempfile.NamedTemporaryFile() as names:
        names.write(b"".join(path + b"\n" for path in paths if b"\n" not in path))
        names.flush()
        outcome = subprocess.run(
            ["exiftool", "-json", "-G1", "-a", "-l", "-api", "struct=0", "-q", "-charset", "filename=UTF8",
             *("-" + tag for tag in WANTED), "-@", names.name],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    entries = json.loads(outcome.stdout.decode("utf-8", "replace") or "[]")
    said = {}
    for entry in entries:
        facts = Said(entry)
        # An ending that it knows, and nothing in it that it can read.
        if "ExifTool:Error" not in facts and str(facts.get("File:MIMEType", "")).startswith(PHOTOGRAPHS):
            said[os.fsencode(entry["SourceFile"])] = facts
    return said


def concerns(ours, theirs) -> bool:
    return theirs is not None if ours is None else ours["kind"] == "photo" or ours["format"] == "XMP"


# MARK: Values

def number(*keys):
    def value(said):
        for key in keys:
            for found in [said.first(key), said.printed.get(key)]:
                try:
                    found = float(str(found).split(" ")[0])
                except ValueError:
                    continue
                if 0 < found < float("inf"):
                    return found
        return None
    return value


def text(*keys):
    def value(said):
        found = said.first(*keys)
        if isinstance(found, list):
            found = "; ".join(map(str, found))
        return None if found is None else plain(found) or None
    return value


def plain(words) -> str:
    """White space at the ends and between words is layout."""
    return " ".join(str(words).replace("\0", " ").split())


def close(share: float, least: float = 0.0):
    return lambda ours, theirs: abs(ours - theirs) <= max(least, share * abs(theirs))


def our_text(name):
    return lambda reading: plain(reading[name]) if reading.get(name) else None


def our_size(reading):
    return (reading["width"], reading["height"]) if "width" in reading and "height" in reading else None


def their_size(said):
    """The picture as it is displayed: ExifTool gives the stored size, and what turns it."""
    # A sidecar is no picture, and what it says of one's size was true when it was written.
    if said.get("File:MIMEType") == "application/rdf+xml":
        return None
    size = re.findall(r"\d+", str(said.first("Composite:ImageSize") or ""))
    if len(size) != 2:
        return None
    width, height = map(int, size)
    if "QuickTime:ImageSpatialExtent" in said:
        turned = int(said.get("QuickTime:Rotation") or 0) % 180 == 90
    else:
        turned = said.get("IFD0:Orientation") in (5, 6, 7, 8)
    return (height, width) if turned else (width, height)


def their_orientation(said):
    if "CanonRaw:Rotation" in said:
        return {0: 1, 90: 6, 180: 3, 270: 8}.get(said["CanonRaw:Rotation"])
    found = said.first("IFD0:Orientation", "XMP-tiff:Orientation")
    return int(found) if str(found).isdigit() and 1 <= int(found) <= 8 else None


def their_lens(said):
    for key in ["ExifIFD:LensModel", "IFD0:LensModel", "Canon:LensModel", "XMP-exifEX:LensModel", "XMP-aux:Lens",
                "XMP-microsoft:LensModel", "Composite:LensID", "ExifIFD:LensInfo", "IFD0:LensInfo",
                "IFD0:DNGLensInfo", "Nikon:Lens"]:
        # What XMP says in words must not be printed in others.
        words = plain((said if key.startswith("XMP-") else said.printed).get(key) or "")
        if re.search("[A-Za-z]", words) and not re.match(r"(Unknown|None|n/a|\(|----)", words, re.I):
            return words
    return None


TABLES = set("af sony canon nikon nikkor minolta konica pentax smc olympus zuiko panasonic lumix leica sigma mm f".split())


def same_lens(ours, theirs):
    """Where the camera wrote a number, two tables call one lens by much the same words."""
    def words(name):
        return set(re.findall(r"[0-9.]+|[a-z]+", name.lower())) - TABLES
    return ours.lower() == theirs.lower() or words(ours) == words(theirs) != set()


DATES = [
    ("ExifIFD:DateTimeOriginal", "ExifIFD:SubSecTimeOriginal", "ExifIFD:OffsetTimeOriginal"),
    ("IFD0:DateTimeOriginal", "ExifIFD:SubSecTimeOriginal", "ExifIFD:OffsetTimeOriginal"),
    ("XMP-photoshop:DateCreated", None, None),
    ("XMP-exif:DateTimeOriginal", None, None),
    ("IPTC:DateCreated", None, None),
    ("ExifIFD:CreateDate", "ExifIFD:SubSecTimeDigitized", "ExifIFD:OffsetTimeDigitized"),
    ("IPTC:DigitalCreationDate", None, None),
    ("XMP-xmp:CreateDate", None, None),
    ("XMP-exif:DateTimeDigitized", None, None),
    ("*:DateTimeOriginal", None, None),
]


def their_time(said):
    """The time to the millisecond, and its offset in minutes; the precedence of the Metadata Working Group."""
    for key, fraction, offset in DATES:
        words = str(said.first(key) or "")
        if key.startswith("IPTC:"):
            words += " " + str(said.get(key.replace("Date", "Time")) or "")
        found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(.*)", words)
        if not found or int(found[1]) <= 1904 or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[3]) <= 31:
            continue
        digits = found[7] or (str(said.get(fraction) or "") if fraction else "")
        digits = (re.match(r"\s*(\d*)", digits)[1] + "000")[:3]
        time = f"{found[1]}-{found[2]}-{found[3]}T{found[4] or '00'}:{found[5] or '00'}:{found[6] or '00'}.{digits}"
        zone = found[8].strip() or (str(said.get(offset) or "") if offset else "")
        return time, minutes(zone)
    return None, None


def minutes(zone: str):
    if zone.strip().upper() == "Z":
        return 0
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone.strip())
    return (1 if found[1] == "+" else -1) * (int(found[2]) * 60 + int(found[3])) if found else None


def our_time(reading):
    taken = reading.get("taken")
    if taken is None:
        return None
    import datetime
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=taken["milliseconds"])
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}"


def our_position(reading):
    return (reading["latitude"], reading["longitude"]) if "latitude" in reading else None


def their_position(said):
    place = [said.first(f"Composite:GPS{side}", f"GPS:GPS{side}", f"XMP-exif:GPS{side}", f"XMP-drone-dji:GPS{side}")
             for side in ("Latitude", "Longitude")]
    try:
        return tuple(map(float, place))
    except (TypeError, ValueError):
        return None


def their_altitude(said):
    for group in ("GPS", "XMP-exif"):
        try:
            metres = float(said.first(f"{group}:GPSAltitude"))
        except (TypeError, ValueError):
            continue
        return -metres if str(said.get(f"{group}:GPSAltitudeRef")) == "1" else metres
    return said.first("XMP-drone-dji:AbsoluteAltitude") and float(said.first("XMP-drone-dji:AbsoluteAltitude"))


def listed(value) -> list:
    return [] if value is None else [plain(item) for item in (value if isinstance(value, list) else [value])]


def their_keywords(said):
    """Plain words and paths: XMP counts before IIM, but for what IIM's digest says of a later edit."""
    first, second = ("XMP-dc:Subject", "IPTC:Keywords")
    stored, current = said.get("Photoshop:IPTCDigest"), said.get("File:CurrentIPTCDigest")
    if stored and current and stored != current:
        first, second = second, first
    words = listed(said.first(first, second))
    if not words:
        words = [plain(word) for word in str(said.first("IFD0:XPKeywords") or "").split(";")]
    paths = [path.replace("|", "/") for key in ("XMP-lr:HierarchicalSubject", "XMP-digiKam:TagsList",
             "XMP-microsoft:LastKeywordXMP", "XMP-mediapro:CatalogSets") for path in listed(said.get(key))]
    words, paths = frozenset(filter(None, words)), frozenset(filter(None, paths))
    return (words, paths) if words or paths else None


def same_keywords(ours, theirs):
    """Each word is there, as a keyword or as a level of a path; and nothing is there that they have not."""
    words, paths = theirs
    levels = {level.strip() for path in paths for level in path.split("/")}
    mine = {level.strip() for path in ours if path not in words for level in path.split("/")} | set(ours)
    clean = {"/".join(level.strip() for level in path.split("/")) for path in paths}
    return words <= mine and clean <= set(ours) and set(ours) <= words | clean and mine <= words | levels | clean


def their_caption(said):
    return text("IFD0:ImageDescription", *ordered(said, "XMP-dc:Description", "IPTC:Caption-Abstract"),
                "XMP-tiff:ImageDescription", "IFD0:XPComment", "PNG:Description")(said)


def their_creator(said):
    value = text("IFD0:Artist", *ordered(said, "XMP-dc:Creator", "IPTC:By-line"), "XMP-tiff:Artist", "IFD0:XPAuthor",
                 "PNG:Author")(said)
    return separated(value)


def separated(names):
    """Several names in one text, with the same white space between."""
    return "; ".join(filter(None, (part.strip() for part in names.split(";")))) if names else None


def their_copyright(said):
    return text("IFD0:Copyright", *ordered(said, "XMP-dc:Rights", "IPTC:CopyrightNotice"), "XMP-tiff:Copyright",
                "PNG:Copyright")(said)


def ordered(said, xmp, iptc):
    stored, current = said.get("Photoshop:IPTCDigest"), said.get("File:CurrentIPTCDigest")
    return (iptc, xmp) if stored and current and stored != current else (xmp, iptc)


def their_rating(said):
    found = said.first("XMP-xmp:Rating", "IFD0:Rating")
    try:
        return math.floor(float(found) + 0.5)
    except (TypeError, ValueError):
        return None


def our_fraction(reading):
    exposure = reading.get("exposure")
    return exposure[0] / exposure[1] if exposure else None


FIELDS = [
    Field("date", our_time, lambda said: their_time(said)[0]),
    Field("offset", lambda reading: reading.get("taken", {}).get("offsetMinutes"), lambda said: their_time(said)[1]),
    Field("make", our_text("make"), text("IFD0:Make", "XMP-tiff:Make", "*:Make")),
    Field("model", our_text("model"), text("IFD0:Model", "IFD0:UniqueCameraModel", "XMP-tiff:Model", "*:Model")),
    Field("lens", our_text("lens"), their_lens, same_lens),
    Field("exposure", our_fraction,
          number("ExifIFD:ExposureTime", "IFD0:ExposureTime", "XMP-exif:ExposureTime",
                 "ExifIFD:ShutterSpeedValue", "*:ExposureTime"), close(0.01)),
    Field("aperture", lambda r: r.get("aperture"),
          number("ExifIFD:FNumber", "IFD0:FNumber", "XMP-exif:FNumber", "ExifIFD:ApertureValue", "*:FNumber"),
          close(0.006)),
    Field("ISO", lambda r: r.get("iso"), number("ExifIFD:ISO", "IFD0:ISO", "XMP-exif:ISO",
                                                "XMP-exifEX:PhotographicSensitivity", "Nikon:ISO", "Canon:ISO",
                                                "*:ISO", "Composite:ISO"), close(0, 0.5)),
    Field("focal length", lambda r: r.get("focalLength"),
          number("ExifIFD:FocalLength", "IFD0:FocalLength", "XMP-exif:FocalLength", "*:FocalLength"), close(0.005)),
    Field("orientation", lambda r: r.get("orientation"), their_orientation),
    Field("dimensions", our_size, their_size),
    Field("position", our_position, their_position,
          lambda a, b: all(abs(x - y) < 1e-5 for x, y in zip(a, b))),
    Field("altitude", lambda r: r.get("altitude"), their_altitude, close(0.001, 0.1)),
    Field("keywords", lambda r: frozenset(map(plain, r.get("keywords", []))) or None, their_keywords, same_keywords),
    Field("caption", our_text("caption"), their_caption),
    Field("creator", lambda reading: separated(our_text("creator")(reading)), their_creator),
    Field("copyright", our_text("copyright"), their_copyright),
    Field("rating", lambda r: r.get("rating"), their_rating),
    Field("title", our_text("title"), lambda said: text(
        *ordered(said, "XMP-dc:Title", "IPTC:ObjectName"), *ordered(said, "XMP-photoshop:Headline", "IPTC:Headline"),
        "IFD0:XPTitle", "PNG:Title")(said)),
    Field("serial", our_text("serial"), text("ExifIFD:SerialNumber", "IFD0:SerialNumber",
                                             "IFD0:CameraSerialNumber", "XMP-exifEX:SerialNumber",
                                             "XMP-aux:SerialNumber", "*:SerialNumber")),
]

# MARK: Where we are right

CAMERA_WORDS = {
    "OLYMPUS DIGITAL CAMERA", "SONY DSC", "MINOLTA DIGITAL CAMERA", "KONICA MINOLTA DIGITAL CAMERA", "DIGITAL CAMERA",
    "SAMSUNG DIGITAL CAMERA", "SAMSUNG", "KODAK Digital Still Camera", "Exif_JPEG_PICTURE", "Exif JPEG", "DCF 1.0",
    "hp PhotoSmart", "My beautiful picture", "DSC", "ASD", "default",
}


def is_camera_words(reading, said, ours, theirs):
    return theirs in CAMERA_WORDS or str(theirs).startswith("DCIM\\")


def is_cropped(reading, said, ours, theirs):
    """Ours is what DefaultCropSize says, upright; the largest of several, as is the picture."""
    crops = [tuple(round(float(number)) for number in str(value).split()) for key, value in said.items()
             if key.endswith(":DefaultCropSize")]
    return ours is not None and reading["format"] == "DNG" and any(sorted(crop) == sorted(ours) for crop in crops)


def is_other_encoding(reading, said, ours, theirs):
    """The same but for the letters that are no ASCII."""
    def ascii_only(words):
        return re.sub(r"[^\x20-\x3e\x40-\x7e]|\?", "", str(words))
    return None not in (ours, theirs) and ascii_only(ours) == ascii_only(theirs) and not str(ours).isascii()


ARGUMENTS = [
    Argument("*", lambda r, s, ours, theirs: theirs is None
             and r.get("damage") == "the file ends before its picture",
             "A JPEG's segment that is whole is read though the file ends right behind it: ITU-T T.81 B.1.1.4 makes a "
             "segment end where its length says, not where another marker begins."),
    Argument("caption", is_camera_words,
             "What a camera writes into the ImageDescription of every picture is no caption: Exif 2.32 §4.6.4 means it "
             "for the title of the image, and on a wall it would be printed."),
    Argument("caption", is_other_encoding,
             "Exif text is ASCII by its standard; bytes that are neither that nor UTF-8 are read as Windows-1252, which "
             "is what wrote them, where ExifTool shows question marks."),
    Argument("dimensions", is_cropped,
             "A DNG is as large as its DefaultCropSize: DNG 1.6, chapter 4, calls that the size of the final image "
             "area, while ImageWidth counts the sensor's margins."),
    Argument("ISO", lambda r, s, ours, theirs: theirs == 65535 and ours in [
                 s.get("ExifIFD:" + tag) for tag in ("RecommendedExposureIndex", "StandardOutputSensitivity", "ISOSpeed")],
             "PhotographicSensitivity has 16 bits; at 65535 the speed is what the tag says that SensitivityType names "
             "(Exif 2.32 §4.6.5), which goes further."),
    Argument("position", lambda r, s, ours, theirs: ours is None and theirs == (0, 0),
             "Degrees that are all zero, north and east, are how a camera without a fix fills the tags of Exif 2.32 "
             "§4.6.6, and no place."),
    Argument("altitude", lambda r, s, ours, theirs: ours is None and theirs == 0 and "latitude" not in r,
             "Degrees that are all zero, north and east, are how a camera without a fix fills the tags of Exif 2.32 "
             "§4.6.6, and no place."),
    Argument("date", lambda r, s, ours, theirs: ours is None and str(theirs).startswith("1970-01-01T00:00:00"),
             "The first second of 1970 is where a clock that was never set begins (POSIX.1, §4.16), and not when "
             "anything was taken."),
]
