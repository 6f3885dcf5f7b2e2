#include "Tags.hpp"

#include <cstring>

namespace {

using namespace std::string_view_literals;

constexpr auto xml = "http://www.w3.org/XML/1998/namespace"sv;
constexpr auto xmlns = "http://www.w3.org/2000/xmlns/"sv;

/// More of one element's attributes than this are left to expat.
constexpr size_t mostAttributes = 512;
/// So are more names of spaces than this, open at once.
constexpr size_t mostBindings = 256;

enum : uint8_t { isNameStart = 1, isNamePart = 2, isPlainText = 4, isPlainValue = 8, isSpace = 16, isCharacter = 32 };

struct Classes {
    uint8_t of[256] = {};

    constexpr Classes() {
        for (int byte = 0; byte < 256; byte++) {
            bool isLetter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
            bool isDigit = (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
            bool isBlank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
            if (isLetter) of[byte] |= isNameStart;
            if (isLetter || isDigit) of[byte] |= isNamePart;
            if (isBlank) of[byte] |= isSpace;
            if (byte >= 0x20 || isBlank) of[byte] |= isCharacter;
            if ((byte >= 0x20 || isBlank) && byte != '<' && byte != '&' && byte != ']' && byte != '\r') of[byte] |= isPlainText;
            if (byte >= 0x20 && byte != '<' && byte != '&' && byte != '"' && byte != '\'') of[byte] |= isPlainValue;
        }
    }
};
constexpr Classes classes;

bool is(char character, uint8_t kind) { return classes.of[static_cast<uint8_t>(character)] & kind; }

/// Whether it holds U+FFFE or U+FFFF, which are no characters of XML.
bool hasNoncharacter(std::string_view text) {
    for (size_t at = 0; (at = text.find("\xEF\xBF", at)) != std::string_view::npos; at += 2)
        if (at + 2 < text.size() && static_cast<uint8_t>(text[at + 2]) >= 0xBE) return true;
    return false;
}

void appendUTF8(std::string &text, uint32_t code) {
    auto add = [&](uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
        add(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            add(0xE0 | code >> 12);
        } else {
            add(0xF0 | code >> 18);
            add(0x80 | (code >> 12 & 63));
        }
        add(0x80 | (code >> 6 & 63));
    }
    add(0x80 | (code & 63));
}

} // namespace

bool PlainXML::read(std::string_view document, Listener &listener) {
    at = document.data();
    limit = at + document.size();
    bindings.clear();
    open.clear();
    places.resize(mostAttributes * 2);
    // No value is longer than what it is written as.
    meant.clear();
    meant.reserve(document.size());
    if (!isUTF8(document) || hasNoncharacter(document)) return false;
    take("\xEF\xBB\xBF");
    if (!declaration()) return false;
    return content(listener);
}

bool PlainXML::take(std::string_view expected) {
    if (static_cast<size_t>(limit - at) < expected.size() || memcmp(at, expected.data(), expected.size()) != 0) return false;
    at += expected.size();
    return true;
}

bool PlainXML::skipSpace() {
    auto start = at;
    while (at < limit && is(*at, isSpace)) at++;
    return at > start;
}

/// `<?xml version="1.0" encoding="UTF-8"?>` in its usual spellings.
bool PlainXML::declaration() {
    if (limit - at < 6 || memcmp(at, "<?xml", 5) != 0 || !is(at[5], isSpace)) return true;
    at += 5;
    skipSpace();
    if (!take("version=\"1.0\"") && !take("version='1.0'")) return false;
    bool isApart = skipSpace();
    if (isApart && at < limit && *at == 'e') {
        if (!take("encoding=\"UTF-8\"") && !take("encoding='UTF-8'") && !take("encoding=\"utf-8\"") &&
            !take("encoding='utf-8'"))
            return false;
        isApart = skipSpace();
    }
    if (isApart && at < limit && *at == 's') {
        if (!take("standalone=\"yes\"") && !take("standalone=\"no\"") && !take("standalone='yes'") && !take("standalone='no'"))
            return false;
        skipSpace();
    }
    return take("?>");
}

bool PlainXML::content(Listener &listener) {
    bool hasRoot = false;
    while (at < limit) {
        if (*at != '<') {
            if (!open.empty()) {
                if (!text(listener)) return false;
            } else if (!skipSpace()) {
                return false;
            }
            continue;
        }
        if (++at == limit) return false;
        if (*at == '/') {
            if (!endTag(listener)) return false;
        } else if (*at == '?') {
            if (!instruction()) return false;
        } else if (*at == '!') {
            if (!comment()) return false;
        } else {
            // A document has one root.
            if (open.empty() && hasRoot) return false;
            hasRoot = true;
            if (!startTag(listener)) return false;
        }
    }
    return hasRoot && open.empty();
}

/// Behind `<`: what is said to programs, such as a packet's own bounds.
bool PlainXML::instruction() {
    at++;
    std::string_view whole, prefix, local;
    if (!name(whole, prefix, local) || !prefix.empty() || at == limit) return false;
    if (whole.size() == 3 && (whole[0] | 0x20) == 'x' && (whole[1] | 0x20) == 'm' && (whole[2] | 0x20) == 'l') return false;
    if (!is(*at, isSpace) && *at != '?') return false;
    while (at < limit && is(*at, isCharacter)) {
        if (*at == '?' && limit - at > 1 && at[1] == '>') {
            at += 2;
            return true;
        }
        // Without a blank behind its name it ends at once.
        if (*at == '?' && at == whole.data() + whole.size()) return false;
        at++;
    }
    return false;
}

/// Behind `<`.
bool PlainXML::comment() {
    if (!take("!--")) return false;
    while (limit - at >= 3 && is(*at, isCharacter)) {
        if (at[0] == '-' && at[1] == '-') {
            if (at[2] != '>') return false;
            at += 3;
            return true;
        }
        at++;
    }
    return false;
}

bool PlainXML::text(Listener &listener) {
    auto start = at;
    auto flush = [&] {
        if (at > start) listener.text({start, static_cast<size_t>(at - start)});
    };
    while (at < limit) {
        if (is(*at, isPlainText)) {
            at++;
        } else if (*at == '<') {
            flush();
            return true;
        } else if (*at == ']') {
            if (limit - at > 2 && at[1] == ']' && at[2] == '>') return false;
            at++;
        } else if (*at == '\r') {
            flush();
            listener.text("\n");
            at++;
            if (at < limit && *at == '\n') at++;
            start = at;
        } else if (*at == '&') {
            flush();
            meant.clear();
            if (!reference(meant)) return false;
            listener.text(meant);
            start = at;
        } else {
            return false;
        }
    }
    // Something is still open.
    return false;
}

bool PlainXML::reference(std::string &into) {
    auto end = static_cast<const char *>(memchr(at, ';', std::min<size_t>(limit - at, 12)));
    if (end == nullptr) return false;
    std::string_view name(at + 1, static_cast<size_t>(end - at - 1));
    at = end + 1;
    if (name == "lt") into += '<';
    else if (name == "gt") into += '>';
    else if (name == "amp") into += '&';
    else if (name == "quot") into += '"';
    else if (name == "apos") into += '\'';
    else {
        if (name.size() < 2 || name[0] != '#') return false;
        bool isHex = name[1] == 'x';
        name.remove_prefix(isHex ? 2 : 1);
        if (name.empty() || name.size() > 7) return false;
        uint32_t code = 0;
        for (char digit : name) {
            uint32_t number;
            if (digit >= '0' && digit <= '9') number = static_cast<uint32_t>(digit - '0');
            else if (isHex && (digit | 0x20) >= 'a' && (digit | 0x20) <= 'f') number = static_cast<uint32_t>((digit | 0x20) - 'a' + 10);
            else return false;
            code = code * (isHex ? 16 : 10) + number;
        }
        bool isControl = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
        if (isControl || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF) return false;
        appendUTF8(into, code);
    }
    return true;
}

bool PlainXML::name(std::string_view &whole, std::string_view &prefix, std::string_view &local) {
    auto start = at;
    auto part = at;
    prefix = {};
    for (;;) {
        if (at == limit || !is(*at, isNameStart)) return false;
        while (at < limit && is(*at, isNamePart)) at++;
        // A byte that is not ASCII may be a letter that belongs to it.
        if (at == limit || static_cast<uint8_t>(*at) >= 0x80) return false;
        if (*at != ':') break;
        if (part != start) return false;
        prefix = {start, static_cast<size_t>(at - start)};
        part = ++at;
    }
    whole = {start, static_cast<size_t>(at - start)};
    local = {part, static_cast<size_t>(at - part)};
    return true;
}

/// Behind `<`.
bool PlainXML::startTag(Listener &listener) {
    std::string_view whole, prefix, local;
    if (!name(whole, prefix, local)) return false;
    size_t first = bindings.size();
    found.clear();
    meant.clear();
    bool isEmpty = false;
    for (;;) {
        bool isApart = skipSpace();
        if (at == limit) return false;
        if (*at == '>') {
            at++;
            break;
        }
        if (*at == '/') {
            at++;
            if (!take(">")) return false;
            isEmpty = true;
            break;
        }
        if (!isApart || found.size() == mostAttributes) return false;
        Written attribute;
        std::string_view written;
        bool isMeant = false;
        if (!name(written, attribute.prefix, attribute.local)) return false;
        skipSpace();
        if (!take("=")) return false;
        skipSpace();
        if (!value(attribute.value, isMeant)) return false;
        if (written == "xmlns" || attribute.prefix == "xmlns") {
            if (isMeant || !bind(attribute.prefix.empty() ? ""sv : attribute.local, attribute.value, first)) return false;
        } else {
            found.push_back(attribute);
        }
    }
    Name resolved;
    resolved.local = local;
    if (!resolve(prefix, resolved)) return false;
    attributes.resize(found.size());
    for (size_t index = 0; index < found.size(); index++) {
        const auto &from = found[index];
        auto &to = attributes[index];
        to.value = from.value;
        to.name.local = from.local;
        // An attribute without a prefix is of no namespace, whatever the default is.
        if (from.prefix.empty()) {
            to.name.space = Space();
            to.name.written = {};
        } else if (!resolve(from.prefix, to.name)) {
            return false;
        }
    }
    if (!areDifferent()) return false;
    listener.start(resolved, attributes);
    if (!listener.failure.empty()) return false;
    if (isEmpty) {
        listener.end();
        bindings.resize(first);
    } else {
        open.push_back({whole, first});
    }
    return listener.failure.empty();
}

bool PlainXML::value(std::string_view &value, bool &isMeant) {
    if (at == limit || (*at != '"' && *at != '\'')) return false;
    char quote = *at++;
    auto start = at;
    size_t kept = meant.size();
    isMeant = false;
    while (at < limit) {
        if (is(*at, isPlainValue)) {
            at++;
        } else if (*at == quote) {
            size_t count = static_cast<size_t>(at - start);
            if (isMeant) meant.append(start, count);
            value = isMeant ? std::string_view(meant).substr(kept) : std::string_view(start, count);
            at++;
            return true;
        } else if (*at == '"' || *at == '\'') {
            at++;
        } else if (*at == '&' || is(*at, isSpace)) {
            isMeant = true;
            meant.append(start, static_cast<size_t>(at - start));
            if (*at == '&') {
                if (!reference(meant)) return false;
            } else {
                // A line's end is one blank, however it is written.
                if (*at == '\r' && limit - at > 1 && at[1] == '\n') at++;
                at++;
                meant += ' ';
            }
            start = at;
        } else {
            return false;
        }
    }
    return false;
}

bool PlainXML::bind(std::string_view prefix, std::string_view uri, size_t first) {
    // Expat refuses a blank, which parts what it hands over, and has rules of its own for these two.
    if (uri.empty() || uri.find(' ') != std::string_view::npos || uri == xml || uri == xmlns) return false;
    if (prefix == "xml" || prefix == "xmlns") return false;
    for (size_t index = first; index < bindings.size(); index++)
        if (bindings[index].prefix == prefix) return false;
    // Names are looked for one by one: where there are more than people write, expat knows a faster way.
    if (bindings.size() - first == mostAttributes || bindings.size() == mostBindings) return false;
    bindings.push_back({prefix, Space(uri)});
    return true;
}

bool PlainXML::resolve(std::string_view prefix, Name &name) {
    name.written = prefix;
    for (size_t index = bindings.size(); index-- > 0;) {
        const auto &binding = bindings[index];
        if (binding.prefix == prefix) {
            name.space = binding.space;
            return true;
        }
    }
    if (prefix.empty()) {
        name.space = Space();
        return true;
    }
    if (prefix != "xml") return false;
    static const Space known(xml);
    name.space = known;
    return true;
}

/// An element says nothing twice, whatever prefixes it says it with.
bool PlainXML::areDifferent() {
    if (attributes.size() < 2) return true;
    elements++;
    for (size_t index = 0; index < attributes.size(); index++) {
        const auto &name = attributes[index].name;
        uint64_t ends[2] = {0, 0};
        memcpy(ends, name.local.data(), std::min<size_t>(name.local.size(), 8));
        size_t tail = std::min<size_t>(name.local.size(), 8);
        memcpy(ends + 1, name.local.data() + name.local.size() - tail, tail);
        uint64_t hash = (ends[0] ^ ends[1] * 31 ^ name.local.size()) * 0x9E3779B97F4A7C15;
        for (size_t place = hash >> 54;; place = (place + 1) % places.size()) {
            auto &[element, other] = places[place];
            if (element != elements) {
                places[place] = {elements, index};
                break;
            }
            const auto &rival = attributes[other].name;
            if (rival.local == name.local && rival.space.uri == name.space.uri) return false;
        }
    }
    return true;
}

/// At the `/`.
bool PlainXML::endTag(Listener &listener) {
    at++;
    if (open.empty() || !take(open.back().written)) return false;
    skipSpace();
    if (!take(">")) return false;
    listener.end();
    bindings.resize(open.back().bindings);
    open.pop_back();
    return listener.failure.empty();
}
