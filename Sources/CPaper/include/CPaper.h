#pragma once
#include <stddef.h>

// A PDF through cairo and pango: pages, text that is set but never interpreted, rules, pictures, and the tags by which a
// screen reader finds its way. Lengths are points (1/72 inch) from the top left corner of the page; where things stand is
// the caller's business.

/// A document that is being drawn.
typedef struct cpaper cpaper;

/// Text that was broken into lines.
typedef struct cpaper_text cpaper_text;

typedef enum {
    CPAPER_SANS,
    CPAPER_SERIF,
    CPAPER_MONO,
} cpaper_face;

/// How text is set.
typedef struct {
    cpaper_face face;
    /// In points.
    double size;
    /// 400 is regular, 600 semibold.
    int weight;
    int is_italic;
    /// From one baseline to the next, in points.
    double leading;
    /// Not zero when lines end at the right edge.
    int is_right;
    /// 0xRRGGBB.
    unsigned color;
} cpaper_style;

/// Begins a document of pages of this size. `date` is ISO 8601; nothing else of when, where or by whom is written.
/// Returns NULL with the reason.
cpaper *cpaper_open(double width, double height, const char *title, const char *date, char *reason, size_t room);

/// Begins the next page.
void cpaper_page(cpaper *paper);

/// Breaks UTF-8 into lines no wider than `width`; words that are too long are broken where it must be. Returns NULL
/// when there is no memory.
cpaper_text *cpaper_set(cpaper *paper, const char *text, size_t length, const cpaper_style *style, double width);

/// How many lines the text has.
int cpaper_lines(const cpaper_text *text);

/// The width of its widest line.
double cpaper_width(const cpaper_text *text);

/// Draws one line of the text; `y` is the top of its leading.
void cpaper_line(cpaper *paper, cpaper_text *text, int line, double x, double y);

/// Draws the text's first line through the middle of the page from the lower left to the upper right, see-through.
void cpaper_across(cpaper *paper, cpaper_text *text, double width, double height, double opacity);

void cpaper_release_text(cpaper_text *text);

/// A horizontal rule.
void cpaper_rule(cpaper *paper, double x, double y, double width, double thickness, unsigned color);

/// A JPEG of this many pixels, as it is, in this rectangle. Its bytes are copied.
void cpaper_picture(
    cpaper *paper, const unsigned char *jpeg, size_t length, int columns, int lines, double x, double y, double width,
    double height
);

/// Opens and closes a structure element: Document, H1, P, Table, TR, TH, TD, Figure.
void cpaper_tag(cpaper *paper, const char *name);
void cpaper_untag(cpaper *paper, const char *name);

/// Ends the document. Returns 0 with its bytes, released with cpaper_release, or -1 with the reason; the document is
/// gone either way.
int cpaper_close(cpaper *paper, unsigned char **bytes, size_t *length, char *reason, size_t room);

/// Leaves off in the middle.
void cpaper_abandon(cpaper *paper);

void cpaper_release(unsigned char *bytes);
