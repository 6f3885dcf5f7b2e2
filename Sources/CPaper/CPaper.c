#include "CPaper.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cpaper {
    cairo_surface_t *surface;
    cairo_t *context;
    unsigned char *bytes;
    size_t length;
    size_t room;
    int pages;
};

struct cpaper_text {
    PangoLayout *layout;
    cpaper_style style;
};

// The first family that fontconfig knows, glyph for glyph: what Inter lacks (Hebrew, Han) comes from whatever has it.
static const char *const families[] = {
    "Inter, Noto Sans, DejaVu Sans, sans-serif",
    "EB Garamond 12, EB Garamond, Noto Serif, DejaVu Serif, serif",
    "DejaVu Sans Mono, Noto Sans Mono, monospace",
};

static cairo_status_t take(void *closure, const unsigned char *bytes, unsigned int length) {
    cpaper *paper = closure;
    if (length > paper->room - paper->length) {
        size_t room = paper->room * 2 + length;
        unsigned char *larger = realloc(paper->bytes, room);
        if (!larger) return CAIRO_STATUS_NO_MEMORY;
        paper->bytes = larger;
        paper->room = room;
    }
    memcpy(paper->bytes + paper->length, bytes, length);
    paper->length += length;
    return CAIRO_STATUS_SUCCESS;
}

cpaper *cpaper_open(double width, double height, const char *title, const char *date, char *reason, size_t room) {
    cpaper *paper = calloc(1, sizeof *paper);
    if (!paper) {
        snprintf(reason, room, "there is no memory for it");
        return NULL;
    }
    paper->surface = cairo_pdf_surface_create_for_stream(take, paper, width, height);
    // Later versions pack the document's own words into streams, where nobody sees what they are.
    cairo_pdf_surface_restrict_to_version(paper->surface, CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    paper->context = cairo_create(paper->surface);
    cairo_status_t status = cairo_status(paper->context);
    if (status != CAIRO_STATUS_SUCCESS) {
        snprintf(reason, room, "cairo cannot begin it: %s", cairo_status_to_string(status));
        cpaper_abandon(paper);
        return NULL;
    }
    return paper;
}

void cpaper_page(cpaper *paper) {
    if (paper->pages++ > 0) cairo_show_page(paper->context);
}

cpaper_text *cpaper_set(cpaper *paper, const char *text, size_t length, const cpaper_style *style, double width) {
    cpaper_text *set = calloc(1, sizeof *set);
    if (!set) return NULL;
    set->style = *style;
    set->layout = pango_cairo_create_layout(paper->context);
    // Paper has no pixels: letters stand where their font puts them.
    PangoContext *context = pango_layout_get_context(set->layout);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_layout_context_changed(set->layout);
    PangoFontDescription *font = pango_font_description_from_string(families[style->face]);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, (PangoWeight)style->weight);
    if (style->is_italic) pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(set->layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    // Figures that stand under each other, and on the line.
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1, lnum=1"));
    // A hyphen that nobody wrote would be taken for a part of a file's name.
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(set->layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_wrap(set->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(set->layout, (int)(width * PANGO_SCALE));
    if (style->is_right) pango_layout_set_alignment(set->layout, PANGO_ALIGN_RIGHT);
    pango_layout_set_text(set->layout, text, (int)length);
    return set;
}

int cpaper_lines(const cpaper_text *text) { return pango_layout_get_line_count(text->layout); }

double cpaper_width(const cpaper_text *text) {
    PangoRectangle logical;
    pango_layout_get_extents(text->layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static void set_color(cairo_t *context, unsigned color, double opacity) {
    cairo_set_source_rgba(
        context, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0, opacity
    );
}

/// Where a line begins: a paragraph that is read from the right ends at the right edge.
static double indent(PangoLayout *layout, int line) {
    PangoLayoutIter *iterator = pango_layout_get_iter(layout);
    for (int index = 0; index < line && pango_layout_iter_next_line(iterator); index++) {}
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iterator, NULL, &logical);
    pango_layout_iter_free(iterator);
    return (double)logical.x / PANGO_SCALE;
}

void cpaper_line(cpaper *paper, cpaper_text *text, int line, double x, double y) {
    PangoLayoutLine *found = pango_layout_get_line_readonly(text->layout, line);
    if (!found) return;
    set_color(paper->context, text->style.color, 1);
    // On the grid, whatever font a glyph came from: the capitals of a line stand in the middle of its leading.
    double baseline = y + text->style.leading / 2 + text->style.size * 0.36;
    cairo_move_to(paper->context, x + indent(text->layout, line), baseline);
    pango_cairo_show_layout_line(paper->context, found);
}

void cpaper_across(cpaper *paper, cpaper_text *text, double width, double height, double opacity) {
    PangoLayoutLine *line = pango_layout_get_line_readonly(text->layout, 0);
    if (!line) return;
    cairo_save(paper->context);
    cairo_translate(paper->context, width / 2, height / 2);
    cairo_rotate(paper->context, -atan2(height, width));
    set_color(paper->context, text->style.color, opacity);
    cairo_move_to(paper->context, -cpaper_width(text) / 2, text->style.size * 0.36);
    pango_cairo_show_layout_line(paper->context, line);
    cairo_restore(paper->context);
}

void cpaper_release_text(cpaper_text *text) {
    if (!text) return;
    g_object_unref(text->layout);
    free(text);
}

void cpaper_rule(cpaper *paper, double x, double y, double width, double thickness, unsigned color) {
    set_color(paper->context, color, 1);
    cairo_rectangle(paper->context, x, y - thickness / 2, width, thickness);
    cairo_fill(paper->context);
}

void cpaper_picture(
    cpaper *paper, const unsigned char *jpeg, size_t length, int columns, int lines, double x, double y, double width,
    double height
) {
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, lines);
    unsigned char *copy = malloc(length);
    if (!copy || cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS) {
        free(copy);
        cairo_surface_destroy(picture);
        return;
    }
    memcpy(copy, jpeg, length);
    // The stream goes into the page as it is; the surface's own pixels are never looked at.
    if (cairo_surface_set_mime_data(picture, CAIRO_MIME_TYPE_JPEG, copy, length, free, copy) != CAIRO_STATUS_SUCCESS) {
        free(copy);
        cairo_surface_destroy(picture);
        return;
    }
    cairo_save(paper->context);
    cairo_translate(paper->context, x, y);
    cairo_scale(paper->context, width / columns, height / lines);
    cairo_set_source_surface(paper->context, picture, 0, 0);
    // Filled and not painted: painting inside of a tag makes cairo 1.16 abort.
    cairo_rectangle(paper->context, 0, 0, columns, lines);
    cairo_fill(paper->context);
    cairo_restore(paper->context);
    cairo_surface_destroy(picture);
}

void cpaper_tag(cpaper *paper, const char *name) { cairo_tag_begin(paper->context, name, NULL); }

void cpaper_untag(cpaper *paper, const char *name) { cairo_tag_end(paper->context, name); }

int cpaper_close(cpaper *paper, unsigned char **bytes, size_t *length, char *reason, size_t room) {
    cairo_show_page(paper->context);
    cairo_status_t status = cairo_status(paper->context);
    cairo_surface_finish(paper->surface);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(paper->surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        snprintf(reason, room, "cairo cannot write it: %s", cairo_status_to_string(status));
        cpaper_abandon(paper);
        return -1;
    }
    *bytes = paper->bytes;
    *length = paper->length;
    paper->bytes = NULL;
    cpaper_abandon(paper);
    return 0;
}

void cpaper_abandon(cpaper *paper) {
    if (paper->context) cairo_destroy(paper->context);
    if (paper->surface) cairo_surface_destroy(paper->surface);
    free(paper->bytes);
    free(paper);
}

void cpaper_release(unsigned char *bytes) { free(bytes); }
