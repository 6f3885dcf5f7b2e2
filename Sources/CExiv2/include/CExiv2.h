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
    /// Shortest and longest focal length, and the f-number at each: four fractions.
    TagFieldExifLensRange,
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
    /// Of the picture that the sensor's values are developed to, in the maker's note: height, then width.
    TagFieldExifFullSize,
    TagFieldExifXPTitle,
    TagFieldExifXPComment,
    TagFieldExifXPAuthor,
    TagFieldExifXPKeywords,
    TagFieldExifMakerNote,
    TagFieldExifImageResources,
    TagFieldExifIptc,
    TagFieldExifICCProfile,

    TagFieldIptcTitle,
    TagFieldIptcHeadline,
    TagFieldIptcReleaseDate,
    TagFieldIptcExpirationDate,
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

    TagFieldXmpTitle,
    TagFieldXmpHeadline,
    TagFieldXmpDescription,
    TagFieldXmpImageDescription,
    TagFieldXmpCreator,
    TagFieldXmpArtist,
    TagFieldXmpRights,
    TagFieldXmpTiffCopyright,
    TagFieldXmpSubject,
    /// Levels separated by a bar.
    TagFieldXmpHierarchy,
    /// Levels separated by a slash.
    TagFieldXmpTagsList,
    /// XML inside XMP, in which elements hold elements.
    TagFieldXmpCategories,
    TagFieldXmpRating,
    TagFieldXmpRatingPercent,
    TagFieldXmpLabel,
    TagFieldXmpCreateDate,
    TagFieldXmpDateCreated,
    TagFieldXmpDateTimeOriginal,
    TagFieldXmpCredit,
    TagFieldXmpInstructions,
    TagFieldXmpUsageTerms,
    TagFieldXmpConstraints,
    TagFieldXmpEmbargo,
    TagFieldXmpExpiration,
    TagFieldXmpReuseProhibited,
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
    TagFieldXmpFaceName,
    TagFieldXmpBurst,
    TagFieldXmpExtended,
    TagFieldXmpMake,
    TagFieldXmpModel,
    TagFieldXmpSerial,
    TagFieldXmpLens,
    TagFieldXmpOrientation,
    TagFieldXmpExposure,
    TagFieldXmpShutter,
    TagFieldXmpAperture,
    TagFieldXmpApertureValue,
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

/// Some blocks have a quick way, which takes what is plain and leaves everything else to the library that knows it all.
enum __attribute__((enum_extensibility(closed))) TagWay { TagWayPlain, TagWayFull };

/// One way alone, for the tests that hold the two against each other; false also where the quick way takes nothing.
bool tags_add_exif_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count);
bool tags_add_iptc_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count);
bool tags_add_xmp_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count);
bool tags_add_xml_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count);

/// The directories of Exif.
enum __attribute__((enum_extensibility(closed))) TagDirectory {
    TagDirectoryImage,
    TagDirectoryPhoto,
    TagDirectoryGPS,
    TagDirectoryInterop
};

/// A tag of Exif that we read ourselves, its value as text in exiv2's manner; it counts as if exiv2 had found it.
bool tags_add_tag(
    Tags *tags, enum TagDirectory directory, uint16_t tag, const char *type, const uint8_t *bytes, size_t count);

/// A value that needs no parser. The key and the type are UTF-8.
bool tags_add_text(Tags *tags, const char *key, const char *type, const uint8_t *bytes, size_t count);

/// What exiv2 says about a picture besides its tags; zero and empty when it does not say.
typedef struct {
    uint32_t width;
    uint32_t height;
    TagBytes profile;
} TagPicture;

/// Adds everything that exiv2 finds in a file by itself.
bool tags_add_file(Tags *tags, const char *path, TagPicture *picture);

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
