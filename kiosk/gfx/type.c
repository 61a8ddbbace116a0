#include "common/base/memory.h"
#include "common/base/utf8.h"
#include "kiosk/gfx/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    OPEN_MAX = 24,      /* faces × sizes */
    WIDTHS_MAX = 16384, /* a power of two */
    LINE_MAX = 4096,    /* bytes of one line; longer ones are cut when painted */
    RUNS_MAX = 64
};

typedef enum Face { FACE_REGULAR, FACE_SEMIBOLD, FACE_DISPLAY, FACE_OTHER, FACE_OTHER_BOLD, FACE_COUNT } Face;

/* Where Debian puts them; the first that is there is taken. */
static const char *const face_files[FACE_COUNT][3] = {
    [FACE_REGULAR] = {"/usr/share/fonts/opentype/inter/Inter-Regular.otf",
                      "/usr/share/fonts/truetype/lato/Lato-Regular.ttf",
                      "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"},
    [FACE_SEMIBOLD] = {"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
                       "/usr/share/fonts/truetype/lato/Lato-Semibold.ttf",
                       "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
    [FACE_DISPLAY] = {"/usr/share/fonts/opentype/inter/InterDisplay-SemiBold.otf",
                      "/usr/share/fonts/truetype/lato/Lato-Semibold.ttf",
                      "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
    [FACE_OTHER] = {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"},
    [FACE_OTHER_BOLD] = {"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
                         "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf"},
};

typedef struct OpenFont {
    Face face;
    int size_px;
    TTF_Font *font; /* NULL: cannot be had */
    uint64_t used;
} OpenFont;

typedef struct KnownWidth {
    uint64_t key;
    int width;
} KnownWidth;

struct Type {
    OpenFont open[OPEN_MAX];
    int open_count;
    uint64_t clock;
    KnownWidth *widths;
};

/* A stretch of a line in one font. */
typedef struct Run {
    TTF_Font *font;
    size_t from, to;
    int width;
    const char *script; /* of a right-to-left run; NULL: left to right */
} Run;

static Face face_of(Font font) {
    switch (font) {
    case FONT_S_BOLD:
    case FONT_M_BOLD:
        return FACE_SEMIBOLD;
    case FONT_L:
    case FONT_XL:
        return FACE_DISPLAY;
    case FONT_S:
    case FONT_M:
    case FONT_COUNT:
    default:
        return FACE_REGULAR;
    }
}

static TTF_Font *open_face(Face face, int size_px) {
    for (size_t i = 0; i < COUNT(face_files[face]) && face_files[face][i]; i++) {
        TTF_Font *font = TTF_OpenFont(face_files[face][i], size_px);
        if (!font) continue;
        TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
        return font;
    }
    return NULL;
}

static OpenFont *least_used(Type *type) {
    OpenFont *least = &type->open[0];
    for (int i = 1; i < type->open_count; i++)
        if (type->open[i].used < least->used) least = &type->open[i];
    return least;
}

/* Where the next font goes: a line needs two at once, so the least used one is never one of them. */
static OpenFont *free_place(Type *type) {
    if (type->open_count < OPEN_MAX) return &type->open[type->open_count++];
    OpenFont *place = least_used(type);
    if (place->font) TTF_CloseFont(place->font);
    return place;
}

/* Opened when first needed; a font never changes its size, which would cost twenty lines of text. */
static TTF_Font *font_get(Type *type, Face face, int size_px) {
    OpenFont *found = NULL;
    for (int i = 0; i < type->open_count && !found; i++)
        if (type->open[i].face == face && type->open[i].size_px == size_px) found = &type->open[i];
    if (!found) {
        found = free_place(type);
        *found = (OpenFont){.face = face, .size_px = size_px, .font = open_face(face, size_px)};
    }
    found->used = ++type->clock;
    return found->font;
}

Status type_open(Type **out, Err *err) {
    if (TTF_Init() != 0) return err_set(err, E_INTERNAL, "SDL_ttf: %s", TTF_GetError());
    Type *type = memory_get(sizeof *type);
    type->widths = memory_get(WIDTHS_MAX * sizeof *type->widths);
    *out = type;
    if (font_get(type, FACE_REGULAR, 41)) return OK;
    type_close(type);
    return err_set(err, E_NOTFOUND, "no font: install fonts-inter");
}

static void close_fonts(Type *type) {
    for (int i = 0; i < type->open_count; i++)
        if (type->open[i].font) TTF_CloseFont(type->open[i].font);
    type->open_count = 0;
}

void type_close(Type *type) {
    if (!type) return;
    close_fonts(type);
    free(type->widths);
    free(type);
    TTF_Quit();
}

/* Fonts keep drawn glyphs, widths tell texts apart: both go. */
void type_forget(Type *type) {
    close_fonts(type);
    memset(type->widths, 0, WIDTHS_MAX * sizeof *type->widths);
}

/* ---- runs ---- */

static bool is_mark(int32_t code_point) {
    bool combining = code_point >= 0x300 && code_point <= 0x36F,
         joiner = code_point >= 0x200B && code_point <= 0x200D;
    return combining || joiner || (code_point >= 0xFE00 && code_point <= 0xFE0F);
}

static TTF_Font *font_for(Type *type, Face face, int size_px, int32_t code_point, TTF_Font *before) {
    TTF_Font *usual = font_get(type, face, size_px);
    if (is_mark(code_point) && before) return before;
    if (!usual || TTF_GlyphIsProvided32(usual, (Uint32)code_point)) return usual;
    TTF_Font *other = font_get(type, face == FACE_REGULAR ? FACE_OTHER : FACE_OTHER_BOLD, size_px);
    return other && TTF_GlyphIsProvided32(other, (Uint32)code_point) ? other : usual;
}

/* The runs of [from, to), appended in the order of the text. */
static size_t cut_stretch(Type *type, Font font, int size_px, Str text, BidiRun stretch, Run *runs,
                          size_t count) {
    TTF_Font *before = NULL;
    bool backwards = stretch.level % 2 == 1;
    for (size_t at = stretch.from; at < stretch.to;) {
        size_t from = at;
        int32_t code_point = utf8_next(text, &at);
        TTF_Font *needed = font_for(type, face_of(font), size_px, code_point, before);
        if (needed != before) {
            if (count == RUNS_MAX) break;
            bool hebrew = code_point >= 0x590 && code_point <= 0x5FF;
            runs[count++] = (Run){.font = needed,
                                  .from = from,
                                  .script = !backwards ? NULL
                                            : hebrew   ? "Hebr"
                                                       : "Arab"};
        }
        runs[count - 1].to = at;
        before = needed;
    }
    return count;
}

static void turn_round(Run *runs, size_t from, size_t to) {
    for (; from + 1 < to; from++, to--) {
        Run keep = runs[from];
        runs[from] = runs[to - 1];
        runs[to - 1] = keep;
    }
}

/* A line in runs, as the eye meets them from the left. */
static size_t cut_runs(Type *type, Font font, int size_px, Str text, Run *runs) {
    BidiRun stretches[RUNS_MAX];
    size_t count = 0, stretch_count = bidi_runs(text, stretches, RUNS_MAX);
    for (size_t i = 0; i < stretch_count; i++) {
        size_t first = count;
        count = cut_stretch(type, font, size_px, text, stretches[i], runs, count);
        if (stretches[i].level % 2 == 1) turn_round(runs, first, count);
    }
    return count;
}

static void set_direction(const Run *run) {
    if (!run->script) return;
    TTF_SetFontDirection(run->font, TTF_DIRECTION_RTL);
    TTF_SetFontScriptName(run->font, run->script);
}

static void reset_direction(const Run *run) {
    if (!run->script) return;
    TTF_SetFontDirection(run->font, TTF_DIRECTION_LTR);
    TTF_SetFontScriptName(run->font, "Latn");
}

static bool run_text(const Run *run, Str text, char out[LINE_MAX + 1]) {
    size_t len = run->to - run->from;
    if (len > LINE_MAX || !run->font) return false;
    memcpy(out, text.at + run->from, len);
    out[len] = 0;
    return true;
}

static int measure_run(Run *run, Str text) {
    char line[LINE_MAX + 1];
    run->width = 0;
    if (!run_text(run, text, line)) return 0;
    set_direction(run);
    if (TTF_SizeUTF8(run->font, line, &run->width, NULL) != 0) run->width = 0;
    reset_direction(run);
    return run->width;
}

static uint64_t line_key(Font font, int size_px, Str text) {
    uint64_t hash = str_hash(text);
    return (hash ^ ((uint64_t)font << 32 | (uint64_t)size_px)) * 0x9E3779B97F4A7C15u | 1;
}

static int measure_line(Type *type, Font font, int size_px, Str text) {
    Run runs[RUNS_MAX];
    size_t count = cut_runs(type, font, size_px, text, runs);
    int width = 0;
    for (size_t i = 0; i < count; i++) width += measure_run(&runs[i], text);
    return width;
}

int type_width(Type *type, Font font, int size_px, Str text) {
    if (!text.len) return 0;
    uint64_t key = line_key(font, size_px, text);
    KnownWidth *known = &type->widths[key >> 32 & (WIDTHS_MAX - 1)];
    if (known->key != key) *known = (KnownWidth){key, measure_line(type, font, size_px, text)};
    return known->width;
}

/* ---- drawing ---- */

/* SDL_ttf's shaded text is one byte a pixel, its index the coverage. */
static SDL_Surface *draw_run(const Run *run, Str text) {
    char line[LINE_MAX + 1];
    if (!run_text(run, text, line)) return NULL;
    SDL_Color black = {0, 0, 0, 255}, white = {255, 255, 255, 255};
    set_direction(run);
    SDL_Surface *drawn = TTF_RenderUTF8_Shaded(run->font, line, white, black);
    reset_direction(run);
    return drawn;
}

static void copy_run(const Mask *mask, int x, int y, const SDL_Surface *from) {
    Rect inside = rect_intersect((Rect){x, y, from->w, from->h}, (Rect){0, 0, mask->w, mask->h});
    for (int row = inside.y; row < rect_bottom(inside); row++) {
        const uint8_t *source = (const uint8_t *)from->pixels + (row - y) * from->pitch + (inside.x - x);
        uint8_t *to = mask->at + row * mask->w + inside.x;
        for (int i = 0; i < inside.w; i++)
            if (source[i] > to[i]) to[i] = source[i];
    }
}

typedef struct Box {
    int w, ascent, descent;
} Box;

static Box line_box(Run *runs, size_t count, Str text) {
    Box box = {0};
    for (size_t i = 0; i < count; i++) {
        box.w += measure_run(&runs[i], text);
        if (!runs[i].font) continue;
        int ascent = TTF_FontAscent(runs[i].font), descent = TTF_FontHeight(runs[i].font) - ascent;
        if (ascent > box.ascent) box.ascent = ascent;
        if (descent > box.descent) box.descent = descent;
    }
    return box;
}

static bool is_empty_row(const Mask *mask, int row) {
    const uint8_t *at = mask->at + row * mask->w;
    for (int i = 0; i < mask->w; i++)
        if (at[i]) return false;
    return true;
}

/* Leaves out the empty rows above and below: a third of what would be looked at in each frame. */
static void trim(Mask *mask) {
    int top = 0, bottom = mask->h;
    while (bottom > 1 && is_empty_row(mask, bottom - 1)) bottom--;
    while (top < bottom - 1 && is_empty_row(mask, top)) top++;
    memmove(mask->at, mask->at + top * mask->w, (size_t)(bottom - top) * (size_t)mask->w);
    mask->y += top;
    mask->h = bottom - top;
}

Mask type_draw(Type *type, Font font, int size_px, Str text) {
    enum { OVERHANG = 8 }; /* the last glyph may reach behind its advance */
    Run runs[RUNS_MAX];
    size_t count = cut_runs(type, font, size_px, text, runs);
    Box box = line_box(runs, count, text);
    if (box.w <= 0) return (Mask){0};
    Mask mask = {.y = -box.ascent, .w = box.w + OVERHANG, .h = box.ascent + box.descent};
    mask.at = memory_get((size_t)mask.w * (size_t)mask.h);
    int x = 0;
    for (size_t i = 0; i < count; x += runs[i++].width) {
        SDL_Surface *drawn = draw_run(&runs[i], text);
        if (!drawn) continue;
        copy_run(&mask, x, box.ascent - TTF_FontAscent(runs[i].font), drawn);
        SDL_FreeSurface(drawn);
    }
    trim(&mask);
    return mask;
}
