#include "Tags.hpp"

#include <memory>
#include <unordered_map>

// XMP is RDF, and RDF can say one thing in many ways: a property may be an attribute or an element, a structure a
// description, a parseType or attributes again (XMP specification part 1, §7). All of them become one flat list:
//   Xmp.dc.title                                   with the language in its type
//   Xmp.dc.subject[2]
//   Xmp.Iptc4xmpExt.LocationShown[1]/Iptc4xmpExt:City

namespace {

using namespace std::string_view_literals;

constexpr auto rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"sv;
constexpr auto xml = "http://www.w3.org/XML/1998/namespace"sv;

/// Files may choose their own prefixes; the tags we look for have the ones of their specifications.
std::string_view knownPrefix(std::string_view space) {
    static const std::unordered_map<std::string_view, std::string_view> known = {
        {"http://purl.org/dc/elements/1.1/", "dc"},
        {"http://ns.adobe.com/xap/1.0/", "xmp"},
        {"http://ns.adobe.com/xap/1.0/rights/", "xmpRights"},
        {"http://ns.adobe.com/xmp/note/", "xmpNote"},
        {"http://ns.adobe.com/photoshop/1.0/", "photoshop"},
        {"http://ns.adobe.com/lightroom/1.0/", "lr"},
        {"http://ns.adobe.com/exif/1.0/", "exif"},
        {"http://ns.adobe.com/exif/1.0/aux/", "aux"},
        {"http://cipa.jp/exif/1.0/", "exifEX"},
        {"http://ns.adobe.com/tiff/1.0/", "tiff"},
        {"http://www.digikam.org/ns/1.0/", "digiKam"},
        {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"},
        {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"},
        {"http://ns.useplus.org/ldf/xmp/1.0/", "plus"},
        {"http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs"},
        {"http://ns.google.com/photos/1.0/camera/", "GCamera"},
        {"http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"},
        {"http://ns.microsoft.com/photo/1.0", "MicrosoftPhoto"},
        {"http://ns.microsoft.com/photo/1.2/", "MP"},
        {"http://ns.microsoft.com/photo/1.2/t/RegionInfo#", "MPRI"},
        {"http://ns.microsoft.com/photo/1.2/t/Region#", "MPReg"},
        {"http://ns.iview-multimedia.com/mediapro/1.0/", "mediapro"},
        {"http://ns.acdsee.com/iptc/1.0/", "acdsee"},
        {"http://prismstandard.org/namespaces/prismusagerights/2.1/", "pur"},
        {"http://www.dji.com/drone-dji/1.0/", "drone-dji"},
        {"http://prismstandard.org/namespaces/prismusagerights/3.0/", "pur"},
    };
    auto found = known.find(space);
    return found == known.end() ? ""sv : found->second;
}

struct Source {
    TagField field;
    int rank;
};

/// Keys without the numbers of their items.
Source source(const std::string &key) {
    static const std::unordered_map<std::string, Source> known = {
        {"dc.title", {TagFieldXmpTitle, 0}},
        {"dc.description", {TagFieldXmpDescription, 0}},
        {"photoshop.Headline", {TagFieldXmpHeadline, 0}},
        {"tiff.ImageDescription", {TagFieldXmpImageDescription, 0}},
        {"tiff.Artist", {TagFieldXmpArtist, 0}},
        {"tiff.Copyright", {TagFieldXmpTiffCopyright, 0}},
        {"dc.creator", {TagFieldXmpCreator, 0}},
        {"dc.rights", {TagFieldXmpRights, 0}},
        {"dc.subject", {TagFieldXmpSubject, 0}},
        {"lr.hierarchicalSubject", {TagFieldXmpHierarchy, 0}},
        {"digiKam.TagsList", {TagFieldXmpTagsList, 0}},
        {"MicrosoftPhoto.LastKeywordXMP", {TagFieldXmpTagsList, 1}},
        {"mediapro.CatalogSets", {TagFieldXmpHierarchy, 1}},
        {"acdsee.categories", {TagFieldXmpCategories, 0}},
        {"MicrosoftPhoto.Rating", {TagFieldXmpRatingPercent, 0}},
        {"xmp.Rating", {TagFieldXmpRating, 0}},
        {"xmp.Label", {TagFieldXmpLabel, 0}},
        {"xmp.CreateDate", {TagFieldXmpCreateDate, 0}},
        {"exif.DateTimeDigitized", {TagFieldXmpCreateDate, 1}},
        {"photoshop.DateCreated", {TagFieldXmpDateCreated, 0}},
        {"exif.DateTimeOriginal", {TagFieldXmpDateTimeOriginal, 0}},
        {"photoshop.Credit", {TagFieldXmpCredit, 0}},
        {"photoshop.Instructions", {TagFieldXmpInstructions, 0}},
        {"xmpRights.UsageTerms", {TagFieldXmpUsageTerms, 0}},
        {"plus.OtherConstraints", {TagFieldXmpConstraints, 0}},
        {"pur.restrictions", {TagFieldXmpConstraints, 1}},
        {"pur.embargoDate", {TagFieldXmpEmbargo, 0}},
        {"pur.expirationDate", {TagFieldXmpExpiration, 0}},
        {"plus.LicenseEndDate", {TagFieldXmpExpiration, 1}},
        {"pur.reuseProhibited", {TagFieldXmpReuseProhibited, 0}},
        {"Iptc4xmpCore.Location", {TagFieldXmpLocation, 0}},
        {"photoshop.City", {TagFieldXmpCity, 0}},
        {"photoshop.State", {TagFieldXmpState, 0}},
        {"photoshop.Country", {TagFieldXmpCountry, 0}},
        {"Iptc4xmpExt.LocationShown/Iptc4xmpExt:LocationName", {TagFieldXmpShownName, 0}},
        {"Iptc4xmpExt.LocationShown/Iptc4xmpExt:Sublocation", {TagFieldXmpShownSublocation, 0}},
        {"Iptc4xmpExt.LocationShown/Iptc4xmpExt:City", {TagFieldXmpShownCity, 0}},
        {"Iptc4xmpExt.LocationShown/Iptc4xmpExt:ProvinceState", {TagFieldXmpShownState, 0}},
        {"Iptc4xmpExt.LocationShown/Iptc4xmpExt:CountryName", {TagFieldXmpShownCountry, 0}},
        {"Iptc4xmpExt.LocationCreated/Iptc4xmpExt:LocationName", {TagFieldXmpMadeName, 0}},
        {"Iptc4xmpExt.LocationCreated/Iptc4xmpExt:Sublocation", {TagFieldXmpMadeSublocation, 0}},
        {"Iptc4xmpExt.LocationCreated/Iptc4xmpExt:City", {TagFieldXmpMadeCity, 0}},
        {"Iptc4xmpExt.LocationCreated/Iptc4xmpExt:ProvinceState", {TagFieldXmpMadeState, 0}},
        {"Iptc4xmpExt.LocationCreated/Iptc4xmpExt:CountryName", {TagFieldXmpMadeCountry, 0}},
        {"Iptc4xmpExt.PersonInImage", {TagFieldXmpPerson, 0}},
        {"Iptc4xmpExt.PersonInImageWDetails/Iptc4xmpExt:PersonName", {TagFieldXmpPerson, 0}},
        {"mwg-rs.Regions/mwg-rs:RegionList/mwg-rs:Name", {TagFieldXmpRegionName, 0}},
        {"mwg-rs.Regions/mwg-rs:RegionList/mwg-rs:Type", {TagFieldXmpRegionType, 0}},
        {"MP.RegionInfo/MPRI:Regions/MPReg:PersonDisplayName", {TagFieldXmpFaceName, 0}},
        {"GCamera.BurstID", {TagFieldXmpBurst, 0}},
        {"xmpNote.HasExtendedXMP", {TagFieldXmpExtended, 0}},
        {"tiff.Make", {TagFieldXmpMake, 0}},
        {"tiff.Model", {TagFieldXmpModel, 0}},
        {"tiff.Orientation", {TagFieldXmpOrientation, 0}},
        {"exifEX.BodySerialNumber", {TagFieldXmpSerial, 0}},
        {"aux.SerialNumber", {TagFieldXmpSerial, 1}},
        {"exifEX.LensModel", {TagFieldXmpLens, 0}},
        {"aux.Lens", {TagFieldXmpLens, 1}},
        {"MicrosoftPhoto.LensModel", {TagFieldXmpLens, 2}},
        {"exif.ExposureTime", {TagFieldXmpExposure, 0}},
        {"exif.ShutterSpeedValue", {TagFieldXmpShutter, 0}},
        {"exif.FNumber", {TagFieldXmpAperture, 0}},
        {"exif.ApertureValue", {TagFieldXmpApertureValue, 0}},
        {"exif.ISOSpeedRatings", {TagFieldXmpISO, 1}},
        {"exifEX.PhotographicSensitivity", {TagFieldXmpISO, 0}},
        {"exif.FocalLength", {TagFieldXmpFocalLength, 0}},
        {"exif.GPSLatitude", {TagFieldXmpLatitude, 0}},
        {"exif.GPSLongitude", {TagFieldXmpLongitude, 0}},
        {"drone-dji.GpsLatitude", {TagFieldXmpLatitude, 1}},
        {"drone-dji.GpsLongitude", {TagFieldXmpLongitude, 1}},
        // So written by the first of them.
        {"drone-dji.GpsLongtitude", {TagFieldXmpLongitude, 2}},
        {"drone-dji.AbsoluteAltitude", {TagFieldXmpAltitude, 1}},
        {"exif.GPSAltitude", {TagFieldXmpAltitude, 0}},
        {"exif.GPSAltitudeRef", {TagFieldXmpAltitudeSign, 0}},
        {"photoshop.ICCProfile", {TagFieldXmpColorProfile, 0}},
    };
    auto found = known.find(key);
    return found == known.end() ? Source{TagFieldCount, 0} : found->second;
}

struct ParserDeleter {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter>;

/// What is nested deeper is not metadata.
constexpr size_t deepest = 64;

/// What both readers share. Expat calls a plain function, which must not throw through C.
struct Reader : Listener {
    Tags &tags;
    XML_Parser parser = nullptr;
    bool hasBadCharacter = false;

    explicit Reader(Tags &tags) : tags(tags) {}

    void stop(const char *reason) {
        if (failure.empty()) failure = reason;
        if (parser) XML_StopParser(parser, XML_FALSE);
    }

    /// By expat, which knows all of XML.
    bool parse(std::string_view document) {
        Parser owner(XML_ParserCreateNS(nullptr, ' '));
        if (!owner) throw std::bad_alloc();
        parser = owner.get();
        XML_SetReturnNSTriplet(parser, XML_TRUE);
        XML_SetUserData(parser, this);
        XML_SetElementHandler(
            parser,
            [](void *self, const XML_Char *name, const XML_Char **written) {
                auto reader = static_cast<Reader *>(self);
                try {
                    Attributes attributes;
                    for (auto at = written; *at; at += 2) attributes.push_back({Name(*at), at[1]});
                    reader->start(Name(name), attributes);
                } catch (...) {
                    reader->stop("out of memory");
                }
            },
            [](void *self, const XML_Char *) {
                auto reader = static_cast<Reader *>(self);
                try {
                    reader->end();
                } catch (...) {
                    reader->stop("out of memory");
                }
            });
        XML_SetCharacterDataHandler(parser, [](void *self, const XML_Char *characters, int count) {
            auto reader = static_cast<Reader *>(self);
            try {
                reader->text({characters, static_cast<size_t>(count)});
            } catch (...) {
                reader->stop("out of memory");
            }
        });
        // Metadata has no use for entities of its own, and an attacker has many.
        XML_SetEntityDeclHandler(
            parser,
            [](void *self, const XML_Char *, int, const XML_Char *, int, const XML_Char *, const XML_Char *,
               const XML_Char *, const XML_Char *) { static_cast<Reader *>(self)->stop("it declares entities"); });
        auto status = XML_Parse(parser, document.data(), static_cast<int>(document.size()), XML_TRUE);
        if (status == XML_STATUS_OK) return true;
        hasBadCharacter = XML_GetErrorCode(parser) == XML_ERROR_INVALID_TOKEN;
        if (failure.empty()) failure = XML_ErrorString(XML_GetErrorCode(parser));
        tags.complaint = failure + " in line " + std::to_string(XML_GetCurrentLineNumber(parser));
        return false;
    }
};

struct PacketReader final : Reader {
    enum class Kind { outside, description, property, list, ignored };
    struct Frame {
        Kind kind;
        /// How much of `key` stands when this element ends.
        size_t keyLength = 0;
        /// Of a property: it is a structure or a list, so its own text is only layout.
        bool hasChildren = false;
        std::string_view type = "XmpText"sv;
        int items = 0;
        bool isItem = false;
        std::string language;
    };
    std::vector<Frame> frames;
    /// The place of the element that is open, with and without the numbers of items.
    std::string key, plainKey;
    std::vector<size_t> plainLengths;
    std::vector<int> numbers;
    std::string characters;
    std::string full;

    explicit PacketReader(Tags &tags) : Reader(tags) {}

    void start(const Name &name, const Attributes &attributes) override {
        if (frames.size() >= deepest) return stop("it is nested too deep");
        Frame frame{Kind::outside, key.size()};
        plainLengths.push_back(plainKey.size());
        Frame *parent = frames.empty() ? nullptr : &frames.back();
        bool isInside = parent && parent->kind != Kind::outside;
        characters.clear();
        if (parent && parent->kind == Kind::ignored) {
            frame.kind = Kind::ignored;
        } else if (name.space.kind == Space::Kind::rdf) {
            startRDF(name, frame, parent, attributes);
        } else if (isInside) {
            if (parent->kind == Kind::list) {
                frame.kind = Kind::ignored;
            } else {
                parent->hasChildren = true;
                enter(name);
                frame.kind = Kind::property;
                property(frame, attributes);
            }
        }
        frames.push_back(std::move(frame));
    }

    void startRDF(const Name &name, Frame &frame, Frame *parent, const Attributes &attributes) {
        if (name.local == "RDF") {
            return;
        } else if (name.local == "Description") {
            if (parent && parent->kind == Kind::property) parent->hasChildren = true;
            frame.kind = Kind::description;
            fields(attributes);
        } else if (name.local == "Bag" || name.local == "Seq" || name.local == "Alt") {
            if (parent) parent->hasChildren = true;
            frame.kind = Kind::list;
            frame.type = name.local == "Bag" ? "XmpBag"sv : name.local == "Seq" ? "XmpSeq"sv : "XmpAlt"sv;
        } else if (name.local == "li" && parent && parent->kind == Kind::list) {
            parent->items++;
            numbers.push_back(parent->items);
            frame.kind = Kind::property;
            frame.type = parent->type;
            frame.isItem = true;
            // Alternatives in languages keep the plain key; the language tells them apart.
            if (frame.type != "XmpAlt"sv || !hasLanguage(attributes)) {
                key += '[';
                key += std::to_string(parent->items);
                key += ']';
            }
            property(frame, attributes);
        } else if (name.local == "value" && parent) {
            // The value of a property that also has qualifiers: it stands for the property itself.
            frame.kind = Kind::property;
        } else {
            frame.kind = Kind::ignored;
        }
    }

    static bool hasLanguage(const Attributes &attributes) {
        for (const auto &attribute : attributes)
            if (attribute.name.isLanguage()) return true;
        return false;
    }

    /// The attributes of a property: what it is, or the fields of the structure that it is.
    void property(Frame &frame, const Attributes &attributes) {
        for (const auto &[name, value] : attributes) {
            if (name.isLanguage()) {
                frame.language = value;
                if (frame.type == "XmpAlt"sv) frame.type = "LangAlt"sv;
            } else if (name.isRDF("resource")) {
                emit(frame, value);
                frame.hasChildren = true;
            } else if (name.isRDF("parseType")) {
                if (value == "Resource") frame.hasChildren = true;
            } else if (name.space.kind != Space::Kind::rdf && !name.space.uri.empty()) {
                frame.hasChildren = true;
            }
        }
        fields(attributes);
    }

    void fields(const Attributes &attributes) {
        for (const auto &[name, value] : attributes) {
            if (name.space.uri.empty() || name.space.kind != Space::Kind::other) continue;
            size_t length = key.size(), plain = plainKey.size();
            enter(name);
            emit(Frame{Kind::property}, value);
            key.resize(length);
            plainKey.resize(plain);
        }
    }

    void enter(const Name &name) {
        auto written = name.prefixed();
        bool isTop = key.empty();
        for (auto place : {&key, &plainKey}) {
            if (!isTop) *place += '/';
            place->append(written);
            *place += isTop ? '.' : ':';
            place->append(name.local);
        }
    }

    void end() override {
        auto &frame = frames.back();
        // White space is a value only of a property without children, and then it is a poor one.
        if (frame.kind == Kind::property && !frame.hasChildren) emit(frame, characters);
        characters.clear();
        key.resize(frame.keyLength);
        plainKey.resize(plainLengths.back());
        plainLengths.pop_back();
        if (frame.isItem) numbers.pop_back();
        frames.pop_back();
    }

    void text(std::string_view more) override {
        if (!frames.empty() && frames.back().kind == Kind::property && !frames.back().hasChildren) characters.append(more);
    }

    void emit(const Frame &frame, std::string_view value) {
        if (key.empty()) return;
        full.assign("Xmp.");
        full += key;
        auto found = source(plainKey);
        if (frame.language.empty()) {
            tags.append(full, frame.type, value);
        } else {
            tags.append(full, std::string(frame.type) + ' ' + frame.language, value);
        }
        if (found.field != TagFieldCount)
            tags.report(found.field, found.rank, numbers.empty() ? 0 : numbers.front(), frame.language, value);
    }
};

/// XML that is not XMP: every attribute as `Device@modelName`, every text as `Root/Element`.
struct DocumentReader final : Reader {
    struct Frame {
        size_t length;
        bool hasText = false;
    };
    std::vector<Frame> frames;
    std::string path, characters, place;

    explicit DocumentReader(Tags &tags) : Reader(tags) {}

    void start(const Name &name, const Attributes &attributes) override {
        if (frames.size() >= deepest) return stop("it is nested too deep");
        flush();
        frames.push_back({path.size()});
        if (!path.empty()) path += '/';
        path.append(name.local);
        for (const auto &attribute : attributes) {
            place = path;
            place += '@';
            place.append(attribute.name.local);
            add(place, attribute.value);
        }
    }

    void flush() {
        size_t first = characters.find_first_not_of(" \t\r\n");
        if (first != std::string::npos) {
            size_t last = characters.find_last_not_of(" \t\r\n");
            add(path, std::string_view(characters).substr(first, last - first + 1));
        }
        characters.clear();
    }

    void add(const std::string &where, std::string_view value) {
        tags.append(where, "XML", value);
        tags.report(TagFieldXml, 0, 0, where, value);
    }

    void end() override {
        flush();
        path.resize(frames.back().length);
        frames.pop_back();
    }

    void text(std::string_view more) override { characters.append(more); }
};

/// Packets are padded so that they can be edited in place, with spaces by the book and with zeros by some cameras.
std::string_view trimmed(std::string_view document) {
    while (!document.empty() && document.back() == 0) document.remove_suffix(1);
    return document.find('<') == std::string_view::npos ? std::string_view() : document;
}

/// Blanks in place of the characters that XML has no room for, and of bytes that are no UTF-8; nothing when there are none.
/// Some editors pad inside a packet with zeros, and old programs write their own code page.
std::string repaired(std::string_view document) {
    std::string copy(document);
    bool isRepaired = false;
    for (size_t at = 0; at < copy.size();) {
        auto byte = static_cast<uint8_t>(copy[at]);
        size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        bool isControl = byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n';
        if (isControl || at + length > copy.size() || !isUTF8(std::string_view(copy).substr(at, length))) {
            copy[at] = ' ';
            isRepaired = true;
            length = 1;
        }
        at += length;
    }
    return isRepaired ? copy : std::string();
}

} // namespace

Space::Space(std::string_view uri) : uri(uri), known(knownPrefix(uri)) {
    if (uri == rdf) kind = Kind::rdf;
    if (uri == xml) kind = Kind::xml;
}

Name::Name(const char *text) {
    std::string_view all(text);
    size_t first = all.find(' ');
    if (first == std::string_view::npos) {
        local = all;
        return;
    }
    space = Space(all.substr(0, first));
    size_t second = all.find(' ', first + 1);
    local = all.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    if (second != std::string_view::npos) written = all.substr(second + 1);
}

/// False, and nothing added, when the document is not plain.
template <typename Kind> static bool readPlain(Tags &tags, std::string_view document) {
    auto mark = tags.mark();
    Kind reader(tags);
    if (tags.plain.read(document, reader)) return true;
    tags.goBack(mark);
    return false;
}

bool addXMP(Tags &tags, std::string_view packet) {
    packet = trimmed(packet);
    if (packet.empty()) return true;
    if (packet.size() > INT32_MAX) return false;
    if (readPlain<PacketReader>(tags, packet)) return true;
    auto mark = tags.mark();
    PacketReader reader(tags);
    if (reader.parse(packet)) return true;
    if (!reader.hasBadCharacter) return false;
    auto copy = repaired(packet);
    if (copy.empty()) return false;
    auto complaint = tags.complaint;
    tags.goBack(mark);
    if (!readPlain<PacketReader>(tags, copy)) PacketReader(tags).parse(copy);
    // Readable is not whole.
    tags.complaint = complaint;
    return false;
}

bool addXML(Tags &tags, std::string_view document) {
    document = trimmed(document);
    if (document.size() > INT32_MAX) return false;
    return readPlain<DocumentReader>(tags, document) || DocumentReader(tags).parse(document);
}

bool addXMPBy(Tags &tags, TagWay way, std::string_view packet) {
    return way == TagWayPlain ? readPlain<PacketReader>(tags, packet) : PacketReader(tags).parse(packet);
}

bool addXMLBy(Tags &tags, TagWay way, std::string_view document) {
    return way == TagWayPlain ? readPlain<DocumentReader>(tags, document) : DocumentReader(tags).parse(document);
}
