#include "Tags.hpp"

#include <charconv>
#include <unordered_map>

using Exiv2::Exifdatum;
using Exiv2::TypeId;

namespace {

/// exiv2 numbers its directories and keeps the numbers to itself; a key of each gives them away.
struct Directories {
    int image = Exiv2::ExifKey("Exif.Image.Make").ifdId();
    int photo = Exiv2::ExifKey("Exif.Photo.ExposureTime").ifdId();
    int gps = Exiv2::ExifKey("Exif.GPSInfo.GPSLatitude").ifdId();
    int interop = Exiv2::ExifKey("Exif.Iop.InteroperabilityIndex").ifdId();
    int thumbnail = Exiv2::ExifKey("Exif.Thumbnail.ImageWidth").ifdId();
};

const Directories &directories() {
    static const Directories known;
    return known;
}

struct Source {
    TagField field;
    int rank;
};

constexpr Source nowhere{TagFieldCount, 0};

/// TIFF/EP, and so raw files, keep in the first directory what Exif keeps in its own: it counts when Exif is silent.
Source imageSource(uint16_t tag) {
    switch (tag) {
    case 0x010e: return {TagFieldExifDescription, 0};
    case 0x010f: return {TagFieldExifMake, 0};
    case 0x0110: return {TagFieldExifModel, 0};
    case 0x0112: return {TagFieldExifOrientation, 0};
    case 0x013b: return {TagFieldExifArtist, 0};
    case 0x4746: return {TagFieldExifRating, 0};
    case 0x8298: return {TagFieldExifCopyright, 0};
    case 0x829a: return {TagFieldExifExposure, 1};
    case 0x829d: return {TagFieldExifAperture, 1};
    case 0x8649: return {TagFieldExifImageResources, 0};
    case 0x8773: return {TagFieldExifICCProfile, 0};
    case 0x8827: return {TagFieldExifISO, 1};
    case 0x9003: return {TagFieldExifOriginal, 1};
    case 0x920a: return {TagFieldExifFocalLength, 1};
    case 0xa431: return {TagFieldExifSerial, 1};
    case 0xa434: return {TagFieldExifLens, 1};
    case 0xc614: return {TagFieldExifModel, 1};
    case 0xc62f: return {TagFieldExifSerial, 1};
    default: return nowhere;
    }
}

Source photoSource(uint16_t tag) {
    switch (tag) {
    case 0x829a: return {TagFieldExifExposure, 0};
    case 0x829d: return {TagFieldExifAperture, 0};
    case 0x8827: return {TagFieldExifISO, 0};
    case 0x8831: return {TagFieldExifISOExtended, 2};
    case 0x8832: return {TagFieldExifISOExtended, 0};
    case 0x8833: return {TagFieldExifISOExtended, 1};
    case 0x9003: return {TagFieldExifOriginal, 0};
    case 0x9004: return {TagFieldExifDigitized, 0};
    case 0x9011: return {TagFieldExifOriginalOffset, 0};
    case 0x9012: return {TagFieldExifDigitizedOffset, 0};
    case 0x9201: return {TagFieldExifShutter, 0};
    case 0x9202: return {TagFieldExifApertureValue, 0};
    case 0x920a: return {TagFieldExifFocalLength, 0};
    case 0x9291: return {TagFieldExifOriginalFraction, 0};
    case 0x9292: return {TagFieldExifDigitizedFraction, 0};
    case 0xa001: return {TagFieldExifColorSpace, 0};
    case 0xa002: return {TagFieldExifPixelWidth, 0};
    case 0xa003: return {TagFieldExifPixelHeight, 0};
    case 0xa431: return {TagFieldExifSerial, 0};
    case 0xa434: return {TagFieldExifLens, 0};
    default: return nowhere;
    }
}

Source gpsSource(uint16_t tag) {
    switch (tag) {
    case 1: return {TagFieldExifLatitudeHalf, 0};
    case 2: return {TagFieldExifLatitude, 0};
    case 3: return {TagFieldExifLongitudeHalf, 0};
    case 4: return {TagFieldExifLongitude, 0};
    case 5: return {TagFieldExifAltitudeSign, 0};
    case 6: return {TagFieldExifAltitude, 0};
    default: return nowhere;
    }
}

/// What maker notes say of lens, body and speed, used when Exif proper is silent. The rank is the order of trust.
Source makerSource(const std::string &key) {
    static const std::unordered_map<std::string, Source> known = {
        {"Exif.Canon.LensModel", {TagFieldExifLens, 1}},
        {"Exif.OlympusEq.LensModel", {TagFieldExifLens, 1}},
        {"Exif.CanonCs.LensType", {TagFieldExifLens, 2}},
        {"Exif.NikonLd1.LensIDNumber", {TagFieldExifLens, 2}},
        {"Exif.NikonLd2.LensIDNumber", {TagFieldExifLens, 2}},
        {"Exif.NikonLd3.LensIDNumber", {TagFieldExifLens, 2}},
        {"Exif.Pentax.LensType", {TagFieldExifLens, 2}},
        {"Exif.PentaxDng.LensType", {TagFieldExifLens, 2}},
        {"Exif.Minolta.LensID", {TagFieldExifLens, 2}},
        {"Exif.SonyMinolta.LensID", {TagFieldExifLens, 2}},
        {"Exif.Sony1.LensID", {TagFieldExifLens, 2}},
        {"Exif.Sony2.LensID", {TagFieldExifLens, 2}},
        {"Exif.Sony2010e.LensType2", {TagFieldExifLens, 2}},
        {"Exif.OlympusEq.LensType", {TagFieldExifLens, 2}},
        {"Exif.Panasonic.LensType", {TagFieldExifLens, 2}},
        {"Exif.Samsung2.LensType", {TagFieldExifLens, 2}},
        {"Exif.Canon.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Nikon3.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Nikon3.SerialNO", {TagFieldExifSerial, 3}},
        {"Exif.Olympus.SerialNumber2", {TagFieldExifSerial, 2}},
        {"Exif.OlympusEq.SerialNumber", {TagFieldExifSerial, 3}},
        {"Exif.Fujifilm.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Sigma.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Pentax.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.PentaxDng.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.CanonSi.ISOSpeed", {TagFieldExifISO, 3}},
        {"Exif.CanonCs.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.Nikon1.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.Nikon2.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.Nikon3.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.MinoltaCsNew.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.MinoltaCsOld.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.MinoltaCs5D.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.MinoltaCs7D.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.Pentax.ISO", {TagFieldExifISO, 2}},
        {"Exif.PentaxDng.ISO", {TagFieldExifISO, 2}},
        {"Exif.Olympus.ISOSpeed", {TagFieldExifISO, 2}},
        {"Exif.Casio.ISO", {TagFieldExifISO, 2}},
        {"Exif.Casio2.ISO", {TagFieldExifISO, 2}},
        {"Exif.PanasonicRaw.ISOSpeed", {TagFieldExifISO, 1}},
    };
    auto found = known.find(key);
    return found == known.end() ? nowhere : found->second;
}

template <typename Number> void appendNumber(std::string &text, Number number) {
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    text.append(digits, end);
}

template <typename Number> void appendNumber(std::string &text, const std::pair<Number, Number> &fraction) {
    appendNumber(text, fraction.first);
    text += '/';
    appendNumber(text, fraction.second);
}

/// exiv2 knows what class a value has by the type it carries, and so do we.
template <typename Number> size_t appendNumbers(std::string &text, const Exiv2::Value &value) {
    const auto &numbers = static_cast<const Exiv2::ValueType<Number> &>(value).value_;
    size_t count = numbers.size() * sizeof(Number) > longestData ? beginning : numbers.size();
    for (size_t index = 0; index < count; index++) {
        if (index > 0) text += ' ';
        appendNumber(text, numbers[index]);
    }
    return numbers.size() - count;
}

std::string_view withoutTrailingZeros(std::string_view text) {
    size_t end = text.size();
    while (end > 0 && text[end - 1] == 0) end--;
    return text.substr(0, end);
}

/// Windows writes its titles and keywords as UTF-16 in tags of bytes.
bool isWideText(uint16_t tag) { return tag >= 0x9c9b && tag <= 0x9c9f; }

std::string fromUTF16(std::string_view bytes) {
    std::string text;
    auto unit = [&](size_t at) {
        return static_cast<uint32_t>(static_cast<uint8_t>(bytes[at]) | static_cast<uint8_t>(bytes[at + 1]) << 8);
    };
    for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
        uint32_t code = unit(at);
        if (code == 0) break;
        if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size() && (unit(at + 2) & 0xFC00) == 0xDC00) {
            code = 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
            at += 2;
        }
        if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
        if (code < 0x80) {
            text += static_cast<char>(code);
        } else if (code < 0x800) {
            text += static_cast<char>(0xC0 | code >> 6);
            text += static_cast<char>(0x80 | (code & 63));
        } else if (code < 0x10000) {
            text += static_cast<char>(0xE0 | code >> 12);
            text += static_cast<char>(0x80 | (code >> 6 & 63));
            text += static_cast<char>(0x80 | (code & 63));
        } else {
            text += static_cast<char>(0xF0 | code >> 18);
            text += static_cast<char>(0x80 | (code >> 12 & 63));
            text += static_cast<char>(0x80 | (code >> 6 & 63));
            text += static_cast<char>(0x80 | (code & 63));
        }
    }
    return text;
}

struct Writer {
    Tags &tags;
    const Exiv2::ExifData &exif;
    std::string text;
    std::string bytes;
    /// The best lens, serial number and speed so far that only the maker's table can put in words.
    struct Maker {
        const Exifdatum *datum = nullptr;
        Source source = nowhere;
        std::string key;
    };
    Maker lens, iso;
    bool hasLens = false, hasISO = false, noteIsDecoded = false;
    const Exifdatum *note = nullptr;

    void add(const Exifdatum &datum) {
        auto type = datum.typeId();
        // A damaged directory may hold types that nobody has a name for.
        if (type == Exiv2::invalidTypeId || datum.typeName() == nullptr) return;
        int directory = datum.ifdId();
        const auto &known = directories();
        auto key = datum.key();
        Source source = nowhere;
        if (directory == known.image) source = imageSource(datum.tag());
        else if (directory == known.photo) source = photoSource(datum.tag());
        else if (directory == known.gps) source = gpsSource(datum.tag());
        else if (directory == known.interop) source = datum.tag() == 1 ? Source{TagFieldExifInterop, 0} : nowhere;
        else if (directory != known.thumbnail) source = makerSource(key);

        if (directory == known.photo && datum.tag() == 0x927c) {
            note = &datum;
            return;
        }
        if (key == "Exif.MakerNote.Offset") noteIsDecoded = true;
        if (directory == known.image && addBlock(datum)) return;
        write(datum, type, key, source);
    }

    /// XMP and IIM inside a TIFF are tags, and are taken for what they hold.
    bool addBlock(const Exifdatum &datum) {
        if (datum.tag() == 0x02bc) {
            copy(datum);
            addXMP(tags, bytes);
            return true;
        }
        if (datum.tag() != 0x83bb) return false;
        // exiv2 reads the IIM of a TIFF by itself; its bytes are wanted for their digest. As numbers of four bytes, which
        // is how some write it, they stand in the file's order, and every data set begins with 1C.
        copy(datum);
        if (!bytes.empty() && bytes[0] != 0x1c)
            datum.copy(reinterpret_cast<Exiv2::byte *>(bytes.data()), Exiv2::littleEndian);
        tags.report(TagFieldExifIptc, 0, 0, "", bytes);
        return true;
    }

    void copy(const Exifdatum &datum) {
        bytes.resize(static_cast<size_t>(datum.size()));
        datum.copy(reinterpret_cast<Exiv2::byte *>(bytes.data()), Exiv2::bigEndian);
    }

    void write(const Exifdatum &datum, TypeId type, const std::string &key, Source source) {
        text.clear();
        const auto &value = datum.value();
        size_t left = 0;
        switch (type) {
        case Exiv2::asciiString:
            text.assign(withoutTrailingZeros(static_cast<const Exiv2::AsciiValue &>(value).value_));
            break;
        case Exiv2::unsignedShort: left = appendNumbers<uint16_t>(text, value); break;
        case Exiv2::signedShort: left = appendNumbers<int16_t>(text, value); break;
        case Exiv2::unsignedLong:
        case Exiv2::tiffIfd: left = appendNumbers<uint32_t>(text, value); break;
        case Exiv2::signedLong: left = appendNumbers<int32_t>(text, value); break;
        case Exiv2::unsignedRational: left = appendNumbers<Exiv2::URational>(text, value); break;
        case Exiv2::signedRational: left = appendNumbers<Exiv2::Rational>(text, value); break;
        case Exiv2::tiffFloat: left = appendNumbers<float>(text, value); break;
        case Exiv2::tiffDouble: left = appendNumbers<double>(text, value); break;
        case Exiv2::comment:
            text.assign(withoutTrailingZeros(static_cast<const Exiv2::CommentValue &>(value).comment()));
            break;
        case Exiv2::unsignedByte:
        case Exiv2::signedByte:
        case Exiv2::undefined: return writeData(datum, key, source);
        default: text = value.toString(); break;
        }
        if (left > 0) {
            tags.append(key, std::string(datum.typeName()) + " of " + std::to_string(datum.count()), text);
        } else {
            tags.append(key, datum.typeName(), text);
        }
        if (source.field != TagFieldCount) report(datum, key, source);
    }

    void writeData(const Exifdatum &datum, const std::string &key, Source source) {
        copy(datum);
        if (isWideText(datum.tag()) && datum.ifdId() == directories().image) {
            tags.append(key, datum.typeName(), fromUTF16(bytes));
        } else if (bytes.size() <= 32) {
            for (size_t at = 0; at < bytes.size(); at++) {
                if (at > 0) text += ' ';
                auto byte = static_cast<uint8_t>(bytes[at]);
                appendNumber(text, datum.typeId() == Exiv2::signedByte ? static_cast<int8_t>(byte) : static_cast<int>(byte));
            }
            tags.append(key, datum.typeName(), text);
        } else {
            tags.appendBytes(key, std::string_view(bytes).substr(0, bytes.size() > longestData ? beginning : bytes.size()),
                bytes.size());
        }
        if (source.field == TagFieldExifImageResources || source.field == TagFieldExifICCProfile) text = bytes;
        if (source.field != TagFieldCount) report(datum, key, source);
    }

    void report(const Exifdatum &datum, const std::string &key, Source source) {
        bool blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
        if (source.field == TagFieldExifLens && source.rank > 1) {
            if (lens.datum == nullptr || source.rank < lens.source.rank) lens = {&datum, source, key};
            return;
        }
        if (source.field == TagFieldExifISO && source.rank > 1) {
            if (iso.datum == nullptr || source.rank < iso.source.rank) iso = {&datum, source, key};
            return;
        }
        if (blank) return;
        if (source.field == TagFieldExifLens) hasLens = true;
        if (source.field == TagFieldExifISO) hasISO = true;
        tags.report(source.field, source.rank, 0, key, text);
    }

    void finish() {
        if (note != nullptr) {
            if (!noteIsDecoded) {
                copy(*note);
                // An Exif block is at most 64 kB, and what nobody can read yet is kept whole.
                tags.appendBytes("Exif.Photo.MakerNote", std::string_view(bytes).substr(0, longestText), bytes.size());
                tags.report(TagFieldExifMakerNote, 0, 0, "", bytes);
            }
        }
        // Asking exiv2 to put a number in words is slow, so only when there is need.
        if (lens.datum != nullptr && !hasLens) tags.report(TagFieldExifLens, 2, 0, lens.key, lens.datum->print(&exif));
        if (iso.datum != nullptr && !hasISO) tags.report(TagFieldExifISO, 2, 0, iso.key, iso.datum->print(&exif));
    }
};

Source iptcSource(uint16_t record, uint16_t dataset) {
    if (record != 2) return nowhere;
    switch (dataset) {
    case 5: return {TagFieldIptcTitle, 0};
    case 25: return {TagFieldIptcKeyword, 0};
    case 30: return {TagFieldIptcReleaseDate, 0};
    case 37: return {TagFieldIptcExpirationDate, 0};
    case 40: return {TagFieldIptcInstructions, 0};
    case 55: return {TagFieldIptcDate, 0};
    case 60: return {TagFieldIptcTime, 0};
    case 80: return {TagFieldIptcByline, 0};
    case 90: return {TagFieldIptcCity, 0};
    case 92: return {TagFieldIptcSublocation, 0};
    case 95: return {TagFieldIptcState, 0};
    case 101: return {TagFieldIptcCountry, 0};
    case 110: return {TagFieldIptcCredit, 0};
    case 116: return {TagFieldIptcCopyright, 0};
    case 120: return {TagFieldIptcCaption, 0};
    default: return nowhere;
    }
}

} // namespace

void addExif(Tags &tags, const Exiv2::ExifData &exif) {
    Writer writer{tags, exif};
    for (const auto &datum : exif) writer.add(datum);
    writer.finish();
}

void addIptc(Tags &tags, const Exiv2::IptcData &iptc) {
    for (const auto &datum : iptc) {
        if (datum.typeId() == Exiv2::invalidTypeId) continue;
        auto text = datum.toString();
        auto source = iptcSource(datum.record(), datum.tag());
        auto key = datum.key();
        if (datum.typeId() == Exiv2::undefined && source.field == TagFieldCount && datum.size() > 32) {
            std::string bytes(static_cast<size_t>(datum.size()), '\0');
            datum.copy(reinterpret_cast<Exiv2::byte *>(bytes.data()), Exiv2::bigEndian);
            tags.appendBytes(key, std::string_view(bytes).substr(0, bytes.size() > longestData ? beginning : bytes.size()),
                bytes.size());
        } else {
            tags.append(key, Exiv2::TypeInfo::typeName(datum.typeId()), text);
        }
        if (source.field != TagFieldCount) tags.report(source.field, source.rank, 0, key, text);
    }
}
