#include "Collected.hpp"

#include <exiv2/easyaccess.hpp>

#include <charconv>
#include <unordered_set>

namespace {

// Binary values longer than this are kept as their size alone; a maker note that nobody could decode is kept whole.
const size_t longestBinary = 4096;
const size_t longestMakerNote = 1u << 20;

// The tags that people search by. What is not listed here is on the shelf all the same.
const std::unordered_set<std::string> &wanted() {
    static const std::unordered_set<std::string> keys = {
        "Exif.Image.Make", "Exif.Image.Model", "Exif.Image.Orientation", "Exif.Image.ImageDescription",
        "Exif.Image.Artist", "Exif.Image.Copyright", "Exif.Image.DateTime", "Exif.Image.Rating",
        "Exif.Image.DateTimeOriginal", "Exif.Image.ExposureTime", "Exif.Image.FNumber", "Exif.Image.ISOSpeedRatings",
        "Exif.Image.FocalLength", "Exif.Image.CameraSerialNumber", "Exif.Image.UniqueCameraModel",
        "Exif.Image.XPTitle", "Exif.Image.XPComment", "Exif.Image.XPKeywords", "Exif.Image.XPAuthor",
        "Exif.Image.DefaultCropSize", "Exif.SubImage1.DefaultCropSize", "Exif.SubImage2.DefaultCropSize",
        "Exif.Photo.DateTimeOriginal", "Exif.Photo.DateTimeDigitized", "Exif.Photo.SubSecTimeOriginal",
        "Exif.Photo.SubSecTimeDigitized", "Exif.Photo.OffsetTimeOriginal", "Exif.Photo.OffsetTimeDigitized",
        "Exif.Photo.OffsetTime", "Exif.Photo.ExposureTime", "Exif.Photo.FNumber", "Exif.Photo.ISOSpeedRatings",
        "Exif.Photo.RecommendedExposureIndex", "Exif.Photo.StandardOutputSensitivity", "Exif.Photo.ISOSpeed",
        "Exif.Photo.FocalLength", "Exif.Photo.LensModel", "Exif.Photo.LensMake", "Exif.Photo.LensSpecification",
        "Exif.Photo.BodySerialNumber", "Exif.Photo.ColorSpace", "Exif.Photo.PixelXDimension",
        "Exif.Photo.PixelYDimension", "Exif.Photo.ShutterSpeedValue", "Exif.Photo.ApertureValue",
        "Exif.Iop.InteroperabilityIndex",
        "Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef", "Exif.GPSInfo.GPSLongitude",
        "Exif.GPSInfo.GPSLongitudeRef", "Exif.GPSInfo.GPSAltitude", "Exif.GPSInfo.GPSAltitudeRef",
    };
    return keys;
}

void appendJson(std::string &out, const std::string &text) {
    static const char digits[] = "0123456789abcdef";
    out += '"';
    for (unsigned char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += char(c);
        } else if (c < 0x20) {
            out += "\\u00";
            out += digits[c >> 4];
            out += digits[c & 15];
        } else {
            out += char(c);
        }
    }
    out += '"';
}

std::string base64(const std::string &bytes) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t at = 0; at < bytes.size(); at += 3) {
        size_t left = bytes.size() - at;
        uint32_t group = uint32_t(uint8_t(bytes[at])) << 16;
        if (left > 1) group |= uint32_t(uint8_t(bytes[at + 1])) << 8;
        if (left > 2) group |= uint8_t(bytes[at + 2]);
        out += alphabet[group >> 18];
        out += alphabet[(group >> 12) & 63];
        out += left > 1 ? alphabet[(group >> 6) & 63] : '=';
        out += left > 2 ? alphabet[group & 63] : '=';
    }
    return out;
}

void appendNumber(std::string &out, long number) {
    char digits[24];
    auto end = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end.ptr);
}

std::string bytesOf(const Exiv2::Exifdatum &tag) {
    std::string bytes(size_t(std::max<long>(0, tag.size())), '\0');
    if (!bytes.empty()) tag.copy(reinterpret_cast<Exiv2::byte *>(&bytes[0]), Exiv2::bigEndian);
    return bytes;
}

// Text up to its NUL, as cameras pad it.
std::string asciiOf(const Exiv2::Exifdatum &tag) {
    std::string text = bytesOf(tag);
    return text.substr(0, text.find('\0'));
}

// The value as text, by its type: exiv2's own streams cost five times as much.
bool textOf(const Exiv2::Exifdatum &tag, std::string &out) {
    switch (tag.typeId()) {
        case Exiv2::asciiString:
            out = asciiOf(tag);
            return isUtf8(out);
        case Exiv2::unsignedShort:
        case Exiv2::unsignedLong:
        case Exiv2::signedShort:
        case Exiv2::signedLong:
        case Exiv2::tiffIfd:
            if (tag.count() > long(longestBinary)) return false;
            for (long index = 0; index < tag.count(); index++) {
                if (index) out += ' ';
                appendNumber(out, tag.toLong(index));
            }
            return true;
        case Exiv2::unsignedRational:
        case Exiv2::signedRational:
            if (tag.count() > long(longestBinary)) return false;
            for (long index = 0; index < tag.count(); index++) {
                auto rational = tag.toRational(index);
                if (index) out += ' ';
                // Unsigned ones come as signed; a large numerator must not turn negative.
                bool isSigned = tag.typeId() == Exiv2::signedRational;
                appendNumber(out, isSigned ? rational.first : long(uint32_t(rational.first)));
                out += '/';
                appendNumber(out, isSigned ? rational.second : long(uint32_t(rational.second)));
            }
            return true;
        case Exiv2::unsignedByte:
        case Exiv2::signedByte:
            if (tag.count() > 16) return false;
            for (long index = 0; index < tag.count(); index++) {
                if (index) out += ' ';
                appendNumber(out, tag.toLong(index));
            }
            return true;
        case Exiv2::comment:
            out = tag.toString();
            return isUtf8(out);
        case Exiv2::tiffFloat:
        case Exiv2::tiffDouble:
            out = tag.toString();
            return true;
        default:
            return false;
    }
}

void appendTag(std::string &out, const std::string &key, const char *type, const std::string &value) {
    out += out.size() > 1 ? ",[" : "[";
    appendJson(out, key);
    out += ',';
    appendJson(out, type);
    out += ',';
    appendJson(out, value);
    out += ']';
}

void appendBinary(std::string &out, const std::string &key, const char *type, const std::string &bytes, size_t most) {
    if (bytes.size() > most) {
        appendTag(out, key, type, "(" + std::to_string(bytes.size()) + " bytes)");
    } else {
        appendTag(out, key, (std::string(type) + " base64").c_str(), base64(bytes));
    }
}

bool isMakerNoteDecoded(const Collected &found) {
    for (auto &tag : found.exif)
        if (tag.groupName() != "MakerNote" && Exiv2::ExifTags::isMakerGroup(tag.groupName())) return true;
    return false;
}

std::string latin1ToUtf8(const std::string &text) {
    std::string out;
    for (unsigned char c : text) {
        if (c < 0x80) {
            out += char(c);
        } else {
            out += char(0xC0 | c >> 6);
            out += char(0x80 | (c & 63));
        }
    }
    return out;
}

void appendField(std::string &out, const std::string &key, const std::string &value) {
    std::string text = value.substr(0, value.find('\0'));
    if (!isUtf8(text)) text = latin1ToUtf8(text);
    out += key;
    out += '\0';
    out += text;
    out += '\0';
}

// XP tags of Windows are UTF-16, little-endian, as bytes.
std::string utf16le(const std::string &bytes) {
    std::u16string units;
    for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
        char16_t unit = char16_t(uint8_t(bytes[at]) | uint8_t(bytes[at + 1]) << 8);
        if (unit == 0) break;
        units += unit;
    }
    std::string out;
    for (size_t at = 0; at < units.size(); at++) {
        uint32_t code = units[at];
        if (code >= 0xD800 && code < 0xDC00 && at + 1 < units.size() && units[at + 1] >= 0xDC00 && units[at + 1] < 0xE000)
            code = 0x10000 + ((code - 0xD800) << 10) + (units[++at] - 0xDC00u);
        else if (code >= 0xD800 && code < 0xE000)
            code = 0xFFFD;
        if (code < 0x80) {
            out += char(code);
        } else if (code < 0x800) {
            out += char(0xC0 | code >> 6);
            out += char(0x80 | (code & 63));
        } else if (code < 0x10000) {
            out += char(0xE0 | code >> 12);
            out += char(0x80 | ((code >> 6) & 63));
            out += char(0x80 | (code & 63));
        } else {
            out += char(0xF0 | code >> 18);
            out += char(0x80 | ((code >> 12) & 63));
            out += char(0x80 | ((code >> 6) & 63));
            out += char(0x80 | (code & 63));
        }
    }
    return out;
}

// `Xmp.dc.subject` of `Xmp.dc.subject[2]`.
std::string withoutIndexes(const std::string &path) {
    std::string key;
    bool isInside = false;
    for (char c : path) {
        if (c == '[') isInside = true;
        if (!isInside) key += c;
        if (c == ']') isInside = false;
    }
    return key;
}

void appendExifFields(std::string &out, const Collected &found) {
    bool hasLens = false, hasSerial = false;
    for (auto &tag : found.exif) {
        std::string key = tag.key();
        if (!wanted().count(key)) continue;
        if (key == "Exif.Photo.LensModel") hasLens = true;
        if (key == "Exif.Photo.BodySerialNumber") hasSerial = true;
        std::string text;
        if (key.rfind("Exif.Image.XP", 0) == 0) text = utf16le(bytesOf(tag));
        else if (tag.typeId() == Exiv2::asciiString) text = asciiOf(tag);
        else if (!textOf(tag, text)) continue;
        appendField(out, key, text);
    }
    // What only the maker note knows. Printing asks exiv2's tables, so it is done for these two alone.
    if (!hasLens) {
        auto lens = Exiv2::lensName(found.exif);
        if (lens != found.exif.end()) appendField(out, "Maker.Lens", lens->print(&found.exif));
    }
    if (!hasSerial) {
        auto serial = Exiv2::serialNumber(found.exif);
        if (serial != found.exif.end()) appendField(out, "Maker.Serial", serial->print(&found.exif));
    }
}

}  // namespace

bool isUtf8(const std::string &text) {
    size_t at = 0;
    while (at < text.size()) {
        uint8_t c = uint8_t(text[at]);
        size_t more = c < 0x80 ? 0 : c >= 0xC2 && c < 0xE0 ? 1 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xF0 && c < 0xF5 ? 3 : 9;
        if (more == 9 || at + more >= text.size() + (more == 0 ? 1 : 0)) return false;
        for (size_t next = 1; next <= more; next++)
            if ((uint8_t(text[at + next]) & 0xC0) != 0x80) return false;
        if (more == 2 && c == 0xE0 && uint8_t(text[at + 1]) < 0xA0) return false;
        if (more == 2 && c == 0xED && uint8_t(text[at + 1]) > 0x9F) return false;
        if (more == 3 && c == 0xF0 && uint8_t(text[at + 1]) < 0x90) return false;
        if (more == 3 && c == 0xF4 && uint8_t(text[at + 1]) > 0x8F) return false;
        at += more + 1;
    }
    return true;
}

std::string fieldsOf(const Collected &found) {
    std::string out;
    appendExifFields(out, found);
    bool isUtf8Iptc = false;
    for (auto &tag : found.iptc)
        if (tag.record() == 1 && tag.tag() == 90) isUtf8Iptc = tag.toString() == "\x1b%G";
    for (auto &tag : found.iptc) {
        if (tag.record() != 2) continue;
        std::string value = tag.toString();
        // Without a character set it is what the text can be: UTF-8 if it is that, else Latin-1.
        appendField(out, tag.key(), isUtf8Iptc || isUtf8(value) ? value : latin1ToUtf8(value));
    }
    for (auto &value : found.xmp) {
        // The default of several languages comes first, whatever its place.
        bool isDefault = value.language == "x-default";
        appendField(out, (isDefault ? "default:" : "") + withoutIndexes(value.path), value.value);
    }
    if (!found.profile.empty()) appendField(out, "Profile", found.profile);
    if (!found.comment.empty()) appendField(out, "Comment", found.comment);
    if (!found.iptcDigest.empty() && !found.iptcBlock.empty()) {
        appendField(out, "IptcDigest", base64(found.iptcDigest));
        appendField(out, "IptcBlock", base64(found.iptcBlock));
    }
    return out;
}

std::string tagsOf(const Collected &found) {
    std::string out = "[";
    bool isDecoded = isMakerNoteDecoded(found);
    for (auto &tag : found.exif) {
        std::string key = tag.key();
        const char *type = tag.typeName() ? tag.typeName() : "Unknown";
        if (key == "Exif.Photo.MakerNote") {
            if (!isDecoded) appendBinary(out, key, type, bytesOf(tag), longestMakerNote);
            continue;
        }
        std::string text;
        if (textOf(tag, text)) appendTag(out, key, type, text);
        else appendBinary(out, key, type, bytesOf(tag), longestBinary);
    }
    for (auto &tag : found.iptc) {
        std::string value = tag.toString();
        const char *type = tag.typeName() ? tag.typeName() : "Unknown";
        if (isUtf8(value)) appendTag(out, tag.key(), type, value);
        else appendTag(out, tag.key(), (std::string(type) + " base64").c_str(), base64(value));
    }
    for (auto &value : found.xmp)
        if (isUtf8(value.value))
            appendTag(out, value.path, value.language.empty() ? "XmpText" : ("LangAlt " + value.language).c_str(), value.value);
    if (!found.comment.empty() && isUtf8(found.comment)) appendTag(out, "JPEG.Comment", "Text", found.comment);
    if (!found.profile.empty()) appendTag(out, "ICC.Description", "Text", isUtf8(found.profile) ? found.profile : latin1ToUtf8(found.profile));
    out += "]";
    return out;
}
