/* Colours, sizes and times of the look, in one struct; the accent of an org computed into it. */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"

typedef uint32_t Color; /* 0xFFRRGGBB; 0 is "none", or "the usual one" where a comment says so */
#define COLOR(rgb) (0xFF000000u | (rgb))
#define COLOR_NONE 0u

/* The six fonts that are ever open. */
typedef enum Font {
    FONT_S,      /* Inter Regular 41: everything */
    FONT_S_BOLD, /* Inter SemiBold 41 */
    FONT_M,      /* Inter Regular 50: keys and fields */
    FONT_M_BOLD, /* Inter SemiBold 50: tile labels, section heads */
    FONT_L,      /* Inter Display SemiBold 72: one title a screen, figures */
    FONT_XL,     /* Inter Display SemiBold 128: attract, welcome-day count */
    FONT_COUNT
} Font;

typedef struct FontMeasure {
    int size, line, tight; /* em size; distance of lines; of two-line labels on cards and keys */
    int box;               /* ascender to descender: the height of a text item */
    int baseline;          /* from the top of that box */
} FontMeasure;

typedef struct ThemeChoice { /* what org and person chose; all zero is the normal look in « Loire » */
    Color accent;            /* the org's, any; 0 = #0B5266 */
    bool high_contrast, larger_text, calm, reach;
} ThemeChoice;

typedef struct Theme {
    Color stone, card, sunk, ink, ink2, hair, line, edge;
    Color accent, accent_dark, accent_tint, on_accent, on_accent2;
    Color signal, signal_dark, signal_tint, on_signal;
    Color ok, ok_tint, on_ok, bad, bad_dark, bad_tint, on_bad;
    Color bar, bar_hi, on_bar, bar_off, bar_line; /* bar_line: COLOR_NONE but in high contrast */
    Color card_border; /* COLOR_NONE but in high contrast, where cards are outlined */
    Color path_rest;   /* the line of a path behind the stop of now */
    FontMeasure font[FONT_COUNT];
    ThemeChoice choice;
} Theme;

enum { /* units */
       GRID = 32,
       HALF = 16,
       QUARTER = 8,
       MARGIN_WIDE = 64,
       MARGIN_NARROW = 48,
       TOP_BAR_H = 96,
       BOTTOM_BAR_H = 120,
       BOTTOM_BAR_SMALL_H = 104,
       SESSION_STRIP_H = 96, /* portrait only */
       RADIUS = 16,
       RADIUS_KEY = 14,
       RADIUS_TROUGH = 20,
       RADIUS_SEAT = 8,
       EDGE = 6,
       HAIR = 2,
       BORDER = 3,
       BORDER_USE = 6,
       THE_LINE = 8,
       THE_LINE_PATH = 12,
       ICON = 48,
       TARGET_MIN = 81, /* 20 mm */
       BUTTON_H = 106,
       BUTTON_SMALL_H = 88,
       BUTTON_MIN_W = 246,
       TAB_H = 84,
       TROUGH_H = 100,
       CHIP_H = 84,
       TAG_H = 60,
       TAG_SMALL_H = 52,
       FIELD_H = 112,
       SLOP = 8 /* a finger may wander that far before it drags */
};

enum { /* milliseconds */
       SLIDE_MS = 180,
       DIALOG_RISE_MS = 150,
       LONG_PRESS_MS = 400,
       IDLE_MS = 45000,
       IDLE_WARNING_MS = 20000,
       RESULT_LOGOUT_MS = 10000,
       ATTRACT_MS = 8000,
       DRIFT_MS = 60000
};

Theme theme_make(ThemeChoice choice);

/* The org's colour, darkened until white on it has 6:1. */
Color theme_safe_accent(Color accent);
Color color_parse(Str hex); /* "#0B5266"; 0 when it is none */
Color color_mix(Color a, Color b, int percent_of_a);
double color_contrast(Color a, Color b); /* WCAG 2.2, 1 to 21 */

/* Pairs that must be readable: text needs 4.5, shapes that carry meaning 3.0. What the contrast test loops
 * over. */
typedef struct ThemePair {
    const char *name;
    Color front, back;
    double at_least;
} ThemePair;

size_t theme_pairs(const Theme *theme, ThemePair *out, size_t max);
