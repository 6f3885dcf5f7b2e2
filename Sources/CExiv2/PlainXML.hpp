#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A namespace, as far as a packet's reader tells namespaces apart.
struct Space {
    enum class Kind { other, rdf, xml };
    std::string_view uri;
    /// The prefix of its specification; empty when it has none that we know. Files may choose their own.
    std::string_view known;
    Kind kind = Kind::other;

    Space() = default;
    explicit Space(std::string_view uri);
};

/// A name of an element or an attribute.
struct Name {
    Space space;
    std::string_view local;
    /// The prefix that the file gave it.
    std::string_view written;

    Name() = default;
    /// As expat gives it: space, local name and prefix with a blank between.
    explicit Name(const char *text);

    bool isRDF(std::string_view name) const { return space.kind == Space::Kind::rdf && local == name; }
    bool isLanguage() const { return space.kind == Space::Kind::xml && local == "lang"; }
    std::string_view prefixed() const { return !space.known.empty() ? space.known : !written.empty() ? written : "ns"; }
};

struct Attribute {
    Name name;
    /// Stands until the next element begins.
    std::string_view value;
};
using Attributes = std::vector<Attribute>;

/// Who is told what a document holds.
struct Listener {
    /// Why it wants to hear no more; empty as long as it does.
    std::string failure;

    virtual ~Listener() = default;
    virtual void start(const Name &name, const Attributes &attributes) = 0;
    virtual void end() = 0;
    /// Text may come in pieces.
    virtual void text(std::string_view characters) = 0;
};

/// XML as cameras and raw converters write it, which is a small part of what XML may be.
///
/// Of this part it says to the byte what expat says, at a tenth of the cost; expat is most of what a small photograph
/// would cost otherwise. Whatever is outside of it, well-formed or not, is left to expat: declarations of a document type,
/// CDATA, names that are not ASCII, other encodings than UTF-8, namespaces that are taken back, every kind of damage.
class PlainXML {
  public:
    /// False as soon as something is not plain. What the listener was told by then is to be forgotten.
    bool read(std::string_view document, Listener &listener);

  private:
    struct Binding {
        std::string_view prefix;
        Space space;
    };
    struct Element {
        std::string_view written;
        size_t bindings;
    };
    struct Written {
        std::string_view prefix, local, value;
    };

    const char *at = nullptr, *limit = nullptr;
    std::vector<Binding> bindings;
    std::vector<Element> open;
    std::vector<Written> found;
    Attributes attributes;
    /// Values that are not in the document as they are meant. It never grows while an element's values point into it.
    std::string meant;
    /// A place for each attribute's hash: the number of the element it was set for, and the attribute's.
    std::vector<std::pair<uint64_t, size_t>> places;
    uint64_t elements = 0;

    bool declaration();
    bool instruction();
    bool comment();
    bool content(Listener &listener);
    bool startTag(Listener &listener);
    bool endTag(Listener &listener);
    bool text(Listener &listener);
    bool name(std::string_view &whole, std::string_view &prefix, std::string_view &local);
    bool value(std::string_view &value, bool &isMeant);
    bool bind(std::string_view prefix, std::string_view uri, size_t first);
    bool reference(std::string &into);
    bool resolve(std::string_view prefix, Name &name);
    bool areDifferent();
    bool skipSpace();
    bool take(std::string_view expected);
};
