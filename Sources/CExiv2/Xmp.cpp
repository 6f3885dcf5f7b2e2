#include "Collected.hpp"

#include <expat.h>

#include <map>
#include <memory>

namespace {

const std::string rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const std::string xmlNamespace = "http://www.w3.org/XML/1998/namespace";
const char separator = '\x01';

// The prefixes that everybody writes; a file may call a namespace what it likes.
const std::map<std::string, std::string> &prefixes() {
    static const std::map<std::string, std::string> known = {
        {"http://purl.org/dc/elements/1.1/", "dc"},
        {"http://ns.adobe.com/xap/1.0/", "xmp"},
        {"http://ns.adobe.com/xap/1.0/rights/", "xmpRights"},
        {"http://ns.adobe.com/xap/1.0/mm/", "xmpMM"},
        {"http://ns.adobe.com/photoshop/1.0/", "photoshop"},
        {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"},
        {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"},
        {"http://ns.adobe.com/lightroom/1.0/", "lr"},
        {"http://www.digikam.org/ns/1.0/", "digiKam"},
        {"http://ns.useplus.org/ldf/xmp/1.0/", "plus"},
        {"http://ns.adobe.com/exif/1.0/", "exif"},
        {"http://ns.adobe.com/exif/1.0/aux/", "aux"},
        {"http://cipa.jp/exif/1.0/", "exifEX"},
        {"http://ns.adobe.com/tiff/1.0/", "tiff"},
        {"http://ns.adobe.com/camera-raw-settings/1.0/", "crs"},
        {"http://prismstandard.org/namespaces/prismusagerights/2.1/", "pur"},
        {"http://ns.google.com/photos/1.0/camera/", "GCamera"},
        {"http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"},
        {"http://ns.microsoft.com/photo/1.2/", "MP"},
        {"http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs"},
    };
    return known;
}

struct Element {
    enum Kind { Outside, Description, Container, Item, Property } kind = Outside;
    std::string path;
    std::string language;
    std::string text;
    int items = 0;
    bool hasParts = false;
};

struct Reader {
    Collected &found;
    XML_Parser parser;
    std::vector<Element> open;
    std::map<std::string, std::string> named;
    size_t written = 0;
    bool isRefused = false;

    void refuse() {
        isRefused = true;
        XML_StopParser(parser, XML_FALSE);
    }

    // `prefix:name` from expat's namespace and name.
    std::string shortName(const std::string &name, std::string *space = nullptr) {
        auto at = name.find(separator);
        if (at == std::string::npos) return name;
        std::string uri = name.substr(0, at);
        if (space) *space = uri;
        auto known = prefixes().find(uri);
        if (known != prefixes().end()) return known->second + ":" + name.substr(at + 1);
        auto own = named.find(uri);
        return (own == named.end() || own->second.empty() ? "ns" : own->second) + ":" + name.substr(at + 1);
    }

    std::string pathOf(const std::string &parent, const std::string &name) {
        if (!parent.empty()) return parent + "/" + name;
        auto colon = name.find(':');
        return colon == std::string::npos ? "Xmp." + name : "Xmp." + name.substr(0, colon) + "." + name.substr(colon + 1);
    }

    void write(const std::string &path, const std::string &value, const std::string &language) {
        written += path.size() + value.size();
        // No person's words are this long; what is, is made to fill memory.
        if (written > 8u << 20) return refuse();
        found.xmp.push_back({path, value, language});
    }

    void begin(const char *name, const char **attributes) {
        if (open.size() > 64) return refuse();
        std::string space;
        std::string shortened = shortName(name, &space);
        std::string local = std::string(name).substr(std::string(name).find(separator) + 1);
        std::string parentPath = open.empty() ? "" : open.back().path;
        Element::Kind parentKind = open.empty() ? Element::Outside : open.back().kind;
        Element element;
        if (space == rdf && local == "RDF") {
            element.kind = Element::Outside;
        } else if (space == rdf && local == "Description") {
            element.kind = Element::Description;
            element.path = parentPath;
        } else if (space == rdf && (local == "Bag" || local == "Seq" || local == "Alt")) {
            element.kind = Element::Container;
            element.path = parentPath;
        } else if (space == rdf && local == "li" && parentKind == Element::Container) {
            element.kind = Element::Item;
            element.path = parentPath + "[" + std::to_string(++open.back().items) + "]";
        } else if (parentKind == Element::Outside) {
            element.kind = Element::Outside;
        } else {
            element.kind = Element::Property;
            element.path = pathOf(parentPath, shortened);
        }
        if (!open.empty()) open.back().hasParts = true;
        if (element.kind != Element::Outside) takeAttributes(element, attributes);
        open.push_back(element);
    }

    void takeAttributes(Element &element, const char **attributes) {
        for (; attributes[0]; attributes += 2) {
            std::string space;
            std::string shortened = shortName(attributes[0], &space);
            if (space == xmlNamespace) {
                element.language = attributes[1];
            } else if (space == rdf) {
                std::string local = std::string(attributes[0]).substr(std::string(attributes[0]).find(separator) + 1);
                if (local == "resource") element.text = attributes[1];
            } else if (!space.empty()) {
                element.hasParts = true;
                write(pathOf(element.path, shortened), attributes[1], "");
            }
        }
    }

    void end() {
        if (open.empty()) return;
        Element element = open.back();
        open.pop_back();
        bool isValue = element.kind == Element::Property || element.kind == Element::Item;
        if (!isValue || element.hasParts) return;
        auto first = element.text.find_first_not_of(" \t\r\n");
        auto last = element.text.find_last_not_of(" \t\r\n");
        std::string value = first == std::string::npos ? "" : element.text.substr(first, last - first + 1);
        write(element.path, value, element.language);
    }
};

Reader &reader(void *data) { return *static_cast<Reader *>(data); }

}  // namespace

// A packet of XMP, flattened as exiv2 names its keys. What is before the damage of a damaged one is kept.
void readXmp(Bytes packet, Collected &found) {
    // Padding and a NUL behind the packet are usual, and not XML.
    while (packet.count > 0 && (packet.start[packet.count - 1] == 0)) packet.count--;
    if (packet.count == 0) return;
    std::unique_ptr<std::remove_pointer<XML_Parser>::type, decltype(&XML_ParserFree)> parser(
        XML_ParserCreateNS(nullptr, separator), XML_ParserFree);
    if (!parser) throw std::bad_alloc();
    Reader state{found, parser.get(), {}, {}, 0, false};
    XML_SetUserData(parser.get(), &state);
    XML_SetElementHandler(
        parser.get(), [](void *data, const char *name, const char **attributes) { reader(data).begin(name, attributes); },
        [](void *data, const char *) { reader(data).end(); });
    XML_SetCharacterDataHandler(parser.get(), [](void *data, const char *text, int count) {
        if (!reader(data).open.empty()) reader(data).open.back().text.append(text, size_t(count));
    });
    XML_SetStartNamespaceDeclHandler(parser.get(), [](void *data, const char *prefix, const char *uri) {
        if (prefix && uri) reader(data).named[uri] = prefix;
    });
    // XMP has no document type; who sends one wants entities that grow, or files that are not theirs.
    XML_SetStartDoctypeDeclHandler(
        parser.get(), [](void *data, const char *, const char *, const char *, int) { reader(data).refuse(); });
    auto status = XML_Parse(parser.get(), reinterpret_cast<const char *>(packet.start), int(packet.count), 1);
    // Junk behind the end of the document hurts nobody.
    if (status != XML_STATUS_OK && XML_GetErrorCode(parser.get()) != XML_ERROR_JUNK_AFTER_DOC_ELEMENT)
        found.note(std::string("its XMP is damaged: ") + XML_ErrorString(XML_GetErrorCode(parser.get())));
}
