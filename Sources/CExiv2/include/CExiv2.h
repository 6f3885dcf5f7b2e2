#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The values that a reading is made from, each under the name of the tag it was found in.
///
/// A value that several tags can give appears once for each; `rank` of the fact says which to prefer.
enum __attribute__((enum_extensibility(closed))) TagField {
    TagFieldExifMake,
    TagFieldExifModel,
    TagFieldExifOrientation,
    TagFieldExifDescription,
    TagFieldExifArtist,
    TagFieldExifCopyright,
    TagFieldExifRating,
    TagFieldExifSerial,
    TagFieldExifLens,
    TagFieldExifOriginal,
    TagFieldExifOriginalFraction,
    TagFieldExifOriginalOffset,
    TagFieldExifDigitized,
    TagFieldExifDigitizedFraction,
    TagFieldExifDigitizedOffset,
    TagFieldExifExposure,
    TagFieldExifShutter,
    TagFieldExifAperture,
    TagFieldExifApertureValue,
    TagFieldExifISO,
    TagFieldExifISOExtended,
    TagFieldExifFocalLength,
    TagFieldExifLatitude,
    TagFieldExifLatitudeHalf,
    TagFieldExifLongitude,
    TagFieldExifLongitudeHalf,
    TagFieldExifAltitude,
    TagFieldExifAltitudeSign,
    TagFieldExifColorSpace,
    TagFieldExifInterop,
    TagFieldExifPixelWidth,
    TagFieldExifPixelHeight,
    TagFieldExifMakerNote,
    TagFieldExifImageResources,
    TagFieldExifIptc,
    TagFieldExifICCProfile,

    TagFieldIptcTitle,
    TagFieldIptcKeyword,
    TagFieldIptcInstructions,
    TagFieldIptcDate,
    TagFieldIptcTime,
    TagFieldIptcByline,
    TagFieldIptcCity,
    TagFieldIptcSublocation,
    TagFieldIptcState,
    TagFieldIptcCountry,
    TagFieldIptcCredit,
    TagFieldIptcCopyright,
    TagFieldIptcCaption,
    TagFieldIptcReleaseDate,
    TagFieldIptcExpirationDate,

    TagFieldXmpTitle,
    TagFieldXmpDescription,
    TagFieldXmpCreator,
    TagFieldXmpRights,
    TagFieldXmpSubject,
    TagFieldXmpHierarchy,
    TagFieldXmpTagsList,
    TagFieldXmpRating,
    TagFieldXmpLabel,
    TagFieldXmpCreateDate,
    TagFieldXmpDateCreated,
    TagFieldXmpDateTimeOriginal,
    TagFieldXmpCredit,
    TagFieldXmpInstructions,
    TagFieldXmpUsageTerms,
    TagFieldXmpReuseProhibited,
    TagFieldXmpEmbargoDate,
    TagFieldXmpExpirationDate,
    TagFieldXmpLocation,
    TagFieldXmpCity,
    TagFieldXmpState,
    TagFieldXmpCountry,
    TagFieldXmpShownName,
    TagFieldXmpShownSublocation,
    TagFieldXmpShownCity,
    TagFieldXmpShownState,
    TagFieldXmpShownCountry,
    TagFieldXmpMadeName,
    TagFieldXmpMadeSublocation,
    TagFieldXmpMadeCity,
    TagFieldXmpMadeState,
    TagFieldXmpMadeCountry,
    TagFieldXmpPerson,
    TagFieldXmpRegionName,
    TagFieldXmpRegionType,
    TagFieldXmpBurst,
    TagFieldXmpExtended,
    TagFieldXmpMake,
    TagFieldXmpModel,
    TagFieldXmpSerial,
    TagFieldXmpLens,
    TagFieldXmpOrientation,
    TagFieldXmpExposure,
    TagFieldXmpAperture,
    TagFieldXmpISO,
    TagFieldXmpFocalLength,
    TagFieldXmpLatitude,
    TagFieldXmpLongitude,
    TagFieldXmpAltitude,
    TagFieldXmpAltitudeSign,
    TagFieldXmpColorProfile,

    /// A value of an XML file that is not XMP; the fact's `name` is its place: `Device@modelName`.
    TagFieldXml,
    TagFieldCount
};

/// Bytes that belong to the tags and stand until they are cleared or added to.
typedef struct {
    const uint8_t *bytes;
    size_t count;
} TagBytes;

/// One value of interest.
typedef struct {
    enum TagField field;
    /// 0 is the best source of a field's value; a greater number is used when nothing better is there.
    int32_t rank;
    /// The number of the item in a list, from 1; 0 when there is no list.
    int32_t item;
    /// The language of an alternative, or the place of an XML value.
    TagBytes name;
    /// The value as text, byte for byte as in the file; the bytes themselves for what is not text.
    TagBytes value;
} TagFact;

/// Every tag of one file, gathered from its blocks: as JSON for the shelf and as facts for the search.
typedef struct Tags Tags;

/// Once, before anything else: no parser writes to the terminal, one thread sets up what they share, and from here on the
/// process ends with its parent.
void tags_prepare(void);

/// NULL when there is no memory.
Tags *tags_create(void);
void tags_destroy(Tags *tags);

/// Forgets one file, and keeps the memory for the next.
void tags_clear(Tags *tags);

/// Each of these adds what one block holds, and is false when the block is damaged: `tags_complaint` then says how.
/// What could be read before the damage was reached is kept.
bool tags_add_exif(Tags *tags, const uint8_t *bytes, size_t count);
bool tags_add_iptc(Tags *tags, const uint8_t *bytes, size_t count);
bool tags_add_xmp(Tags *tags, const uint8_t *bytes, size_t count);
bool tags_add_xml(Tags *tags, const uint8_t *bytes, size_t count);

/// A value that needs no parser. The key and the type are UTF-8.
bool tags_add_text(Tags *tags, const char *key, const char *type, const uint8_t *bytes, size_t count);

/// What exiv2 says about a picture besides its tags; zero and empty when it does not say.
typedef struct {
    uint32_t width;
    uint32_t height;
    TagBytes profile;
} TagPicture;

/// Adds everything that exiv2 finds in a file by itself, or nothing when only the picture is asked for.
bool tags_add_file(Tags *tags, const char *path, bool pictureOnly, TagPicture *picture);

/// What was wrong with the last block, in exiv2's or expat's words.
const char *tags_complaint(const Tags *tags);

/// The values of interest, in the order they were found.
const TagFact *tags_facts(Tags *tags, size_t *count);

/// All tags as JSON: `[["Exif.Photo.ISOSpeedRatings","Short","400"],…]`.
///
/// Text that is not UTF-8, and data of more than 32 bytes, is hexadecimal under the type `Bytes`. What is longer than
/// its limit is cut, and the type says how much there was: `Bytes of 70000`, `Short of 6000`.
TagBytes tags_json(Tags *tags);

#ifdef __cplusplus
}
#endif
