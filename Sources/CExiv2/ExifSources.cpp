#include "ExifSources.hpp"

#include <unordered_map>

namespace {

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
    case 0x9201: return {TagFieldExifShutter, 1};
    case 0x9202: return {TagFieldExifApertureValue, 1};
    case 0x920a: return {TagFieldExifFocalLength, 1};
    case 0xa431: return {TagFieldExifSerial, 1};
    case 0x9c9b: return {TagFieldExifXPTitle, 0};
    case 0x9c9c: return {TagFieldExifXPComment, 0};
    case 0x9c9d: return {TagFieldExifXPAuthor, 0};
    case 0x9c9e: return {TagFieldExifXPKeywords, 0};
    case 0xa432: return {TagFieldExifLensRange, 1};
    case 0xa434: return {TagFieldExifLens, 1};
    case 0xc630: return {TagFieldExifLensRange, 2};
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
    case 0xa432: return {TagFieldExifLensRange, 0};
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

} // namespace

Source exifSource(TagDirectory directory, uint16_t tag) {
    switch (directory) {
    case TagDirectoryImage: return imageSource(tag);
    case TagDirectoryPhoto: return photoSource(tag);
    case TagDirectoryGPS: return gpsSource(tag);
    case TagDirectoryInterop: return tag == 1 ? Source{TagFieldExifInterop, 0} : nowhere;
    }
    return nowhere;
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
        {"Exif.Nikon3.Lens", {TagFieldExifLensRange, 3}},
        {"Exif.Nikon1.0x0084", {TagFieldExifLensRange, 3}},
        {"Exif.Sony1.FullImageSize", {TagFieldExifFullSize, 0}},
        {"Exif.Sony2.FullImageSize", {TagFieldExifFullSize, 0}},
        {"Exif.Canon.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Nikon3.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Nikon3.SerialNO", {TagFieldExifSerial, 3}},
        {"Exif.Olympus.SerialNumber2", {TagFieldExifSerial, 2}},
        {"Exif.OlympusEq.SerialNumber", {TagFieldExifSerial, 3}},
        {"Exif.Fujifilm.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Sigma.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.Pentax.SerialNumber", {TagFieldExifSerial, 2}},
        {"Exif.PentaxDng.SerialNumber", {TagFieldExifSerial, 2}},
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
        {"Exif.PanasonicRaw.Make", {TagFieldExifMake, 1}},
        {"Exif.PanasonicRaw.Model", {TagFieldExifModel, 1}},
        {"Exif.PanasonicRaw.Orientation", {TagFieldExifOrientation, 1}},
    };
    auto found = known.find(key);
    return found == known.end() ? nowhere : found->second;
}
