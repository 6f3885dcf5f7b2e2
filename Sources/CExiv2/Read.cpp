#include "CExiv2.h"
#include "Collected.hpp"

#include <exiv2/bmffimage.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace {

struct Mapping {
    Bytes bytes;
    ~Mapping() {
        if (bytes.start) munmap(const_cast<uint8_t *>(bytes.start), bytes.count);
    }
};

std::string errnoText(const char *doing) { return std::string(doing) + ": " + strerror(errno); }

// The file in memory, never written to. An empty string when it worked.
std::string map(const char *path, Mapping &mapping) {
    // O_NONBLOCK: opening a FIFO that nobody writes would otherwise wait for ever.
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return errnoText("could not be opened");
    struct stat status;
    std::string problem;
    if (fstat(descriptor, &status) != 0) {
        problem = errnoText("could not be looked at");
    } else if (!S_ISREG(status.st_mode)) {
        problem = "is not a file";
    } else if (status.st_size == 0) {
        problem = "is empty";
    } else {
        void *start = mmap(nullptr, size_t(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (start == MAP_FAILED) {
            problem = errnoText("could not be read");
        } else {
            mapping.bytes = {static_cast<const uint8_t *>(start), size_t(status.st_size)};
        }
    }
    close(descriptor);
    return problem;
}

bool isBoxes(Bytes file) { return file.count >= 12 && std::memcmp(file.start + 4, "ftyp", 4) == 0; }

bool isXmp(Bytes file) {
    std::string head = file.slice(0, std::min<size_t>(file.count, 4096)).text();
    // Pictures hold XMP too; only a sidecar begins with it, perhaps behind a byte order mark.
    if (head.rfind("\xEF\xBB\xBF", 0) == 0) head = head.substr(3);
    auto first = head.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || head[first] != '<') return false;
    return head.find("<x:xmpmeta") != std::string::npos || head.find("<rdf:RDF") != std::string::npos ||
           head.find("<?xpacket") != std::string::npos;
}

std::string formatOf(const std::string &mime, Bytes file, Exiv2::ExifData &exif) {
    static const std::pair<const char *, const char *> names[] = {
        {"image/jpeg", "JPEG"},        {"image/png", "PNG"},          {"image/webp", "WebP"},
        {"image/gif", "GIF"},          {"image/x-photoshop", "PSD"},  {"image/x-canon-cr2", "CR2"},
        {"image/x-canon-crw", "CRW"},  {"image/x-nikon-nef", "NEF"},  {"image/x-sony-arw", "ARW"},
        {"image/x-olympus-orf", "ORF"}, {"image/x-pentax-pef", "PEF"}, {"image/x-panasonic-rw2", "RW2"},
        {"image/x-fuji-raf", "RAF"},   {"image/x-minolta-mrw", "MRW"}, {"image/x-samsung-srw", "SRW"},
        {"image/jp2", "JPEG 2000"},    {"image/x-ms-bmp", "BMP"},     {"image/targa", "TGA"},
        {"image/x-sony-sr2", "SR2"},   {"image/pgf", "PGF"},          {"application/postscript", "EPS"},
    };
    for (auto &name : names)
        if (mime == name.first) return name.second;
    if (mime != "image/tiff") return "";
    if (exif.findKey(Exiv2::ExifKey("Exif.Image.DNGVersion")) != exif.end()) return "DNG";
    auto make = exif.findKey(Exiv2::ExifKey("Exif.Image.Make"));
    std::string maker = make == exif.end() ? "" : make->toString();
    // A raw file tells itself from a finished TIFF by a colour filter array or a compression of its maker's own.
    bool isRaw = false;
    for (auto &tag : exif) {
        if (tag.tagName() == "PhotometricInterpretation" && tag.count() && tag.toLong() == 32803) isRaw = true;
        if (tag.tagName() == "Compression" && tag.count() && (tag.toLong() == 34713 || tag.toLong() == 32767))
            isRaw = true;
    }
    if (isRaw && maker.rfind("NIKON", 0) == 0) return "NEF";
    if (isRaw && maker.rfind("SONY", 0) == 0) return "ARW";
    if (isRaw && maker.rfind("PENTAX", 0) == 0) return "PEF";
    if (isRaw && maker.rfind("SAMSUNG", 0) == 0) return "SRW";
    (void)file;
    return "TIFF";
}

// Of the several pictures in a TIFF-like file, the size of the whole one: a DNG's first is its thumbnail.
void measure(Collected &found) {
    auto number = [&](const std::string &key) -> long {
        auto tag = found.exif.findKey(Exiv2::ExifKey(key));
        return tag == found.exif.end() || tag->count() == 0 ? -1 : tag->toLong();
    };
    static const char *groups[] = {"Image",     "SubImage1", "SubImage2", "SubImage3", "SubImage4", "SubImage5",
                                   "SubImage6", "SubImage7", "SubImage8", "SubImage9", "Image2",    "Image3"};
    uint64_t best = 0;
    for (auto group : groups) {
        std::string prefix = std::string("Exif.") + group + ".";
        long width = number(prefix + "ImageWidth"), height = number(prefix + "ImageLength");
        if (width <= 0 || height <= 0) continue;
        long kind = number(prefix + "NewSubfileType");
        if (kind > 0) continue;
        if (uint64_t(width) * uint64_t(height) > best) {
            best = uint64_t(width) * uint64_t(height);
            found.width = uint32_t(width);
            found.height = uint32_t(height);
        }
    }
}

// exiv2 would try its hand at films and archives too, and its readers of those end the process over one odd byte.
bool isPicture(Bytes file) {
    static const std::pair<size_t, std::string> signatures[] = {
        {0, std::string("II*\0", 4)},   {0, std::string("MM\0*", 4)},     {0, std::string("IIU\0", 4)},
        {0, std::string("II+\0", 4)},   {0, std::string("MM\0+", 4)},     {0, "IIRO"},
        {0, "IIRS"},                    {0, "MMOR"},                      {0, std::string("\x89PNG")},
        {6, "HEAPCCDR"},                {0, "FUJIFILMCCD-RAW"},           {0, "GIF8"},
        {0, "8BPS"},                    {0, std::string("\0MRM", 4)},     {4, "jP  "},
        {0, "BM"},
    };
    for (auto &signature : signatures)
        if (file.from(signature.first).begins(signature.second.data(), signature.second.size())) return true;
    return file.begins("RIFF", 4) && file.from(8).begins("WEBP", 4);
}

void readWithExiv2(const char *path, Bytes file, Collected &found) {
    auto image = Exiv2::ImageFactory::open(path);
    image->readMetadata();
    found.exif = image->exifData();
    found.iptc = image->iptcData();
    found.width = uint32_t(std::max(0, image->pixelWidth()));
    found.height = uint32_t(std::max(0, image->pixelHeight()));
    found.format = formatOf(image->mimeType(), file, found.exif);
    if (image->iccProfileDefined())
        found.profile = profileName({image->iccProfile()->pData_, size_t(image->iccProfile()->size_)});
    const std::string &packet = image->xmpPacket();
    if (!packet.empty()) {
        readXmp({reinterpret_cast<const uint8_t *>(packet.data()), packet.size()}, found);
    } else {
        for (auto &tag : image->xmpData()) found.xmp.push_back({tag.key(), tag.toString(), ""});
    }
    const std::string &format = found.format;
    if (format == "DNG" || format == "TIFF" || format == "NEF" || format == "ARW" || format == "PEF" || format == "SRW")
        measure(found);
}

void read(const char *path, Bytes file, Collected &found) {
    static const uint8_t jpeg[] = {0xFF, 0xD8, 0xFF};
    if (file.begins(reinterpret_cast<const char *>(jpeg), 3)) return readJpeg(file, found);
    if (isBoxes(file)) return readBoxes(file, found);
    if (isXmp(file)) {
        found.format = "XMP";
        return readXmp(file, found);
    }
    if (isPicture(file)) readWithExiv2(path, file, found);
}

char *keep(const std::string &text, size_t &size) {
    char *copy = static_cast<char *>(malloc(text.size() + 1));
    if (!copy) throw std::bad_alloc();
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = 0;
    size = text.size();
    return copy;
}

void copyText(const std::string &text, char *to, size_t size) {
    size_t count = std::min(text.size(), size - 1);
    // Not in the middle of a character.
    while (count > 0 && count < text.size() && (text[count] & 0xC0) == 0x80) count--;
    std::memcpy(to, text.data(), count);
    to[count] = 0;
}

}  // namespace

extern "C" void cexiv2_start(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
        Exiv2::XmpParser::initialize();
        Exiv2::enableBMFF(true);
    } catch (...) {
        // Reading will then say what is wrong.
    }
}

extern "C" int cexiv2_read(const char *path, cexiv2_reading *reading, char *reason, size_t reason_size) {
    std::memset(reading, 0, sizeof *reading);
    std::string problem;
    try {
        Mapping mapping;
        problem = map(path, mapping);
        if (problem.empty()) {
            Collected found;
            try {
                read(path, mapping.bytes, found);
            } catch (const std::exception &error) {
                // What was found before the damage is worth having.
                if (found.format.empty()) throw;
                found.note(error.what());
            }
            if (found.format.empty()) {
                problem = "is not a picture or sidecar that is known here";
            } else {
                reading->fields = keep(fieldsOf(found), reading->fields_size);
                reading->tags = keep(tagsOf(found), reading->tags_size);
                reading->width = found.width;
                reading->height = found.height;
                reading->rotation = found.rotation;
                copyText(found.format, reading->format, sizeof reading->format);
                copyText(found.damage, reading->damage, sizeof reading->damage);
                return 0;
            }
        }
    } catch (const std::bad_alloc &) {
        problem = "wants more memory than the reader may have";
    } catch (const std::exception &error) {
        problem = error.what();
        // exiv2 puts the whole path before its words, and the path is known.
        auto colon = problem.find(path) == 0 ? problem.find(": ") : std::string::npos;
        if (colon != std::string::npos) problem = problem.substr(colon + 2);
    } catch (...) {
        problem = "could not be understood";
    }
    cexiv2_free(reading);
    copyText(problem, reason, reason_size);
    return 1;
}

extern "C" void cexiv2_free(cexiv2_reading *reading) {
    free(reading->fields);
    free(reading->tags);
    reading->fields = nullptr;
    reading->tags = nullptr;
}
