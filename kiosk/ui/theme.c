#include "kiosk/ui/theme.h"

#include <math.h>

enum { LOIRE = 0x0B5266 };

static unsigned channel(Color color, int shift) {
    return (color >> shift) & 0xFF;
}

static Color from_channels(unsigned red, unsigned green, unsigned blue) {
    return COLOR((red << 16) | (green << 8) | blue);
}

static double linear(unsigned value) {
    double part = value / 255.0;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double luminance(Color color) {
    return 0.2126 * linear(channel(color, 16)) + 0.7152 * linear(channel(color, 8)) +
           0.0722 * linear(channel(color, 0));
}

double color_contrast(Color a, Color b) {
    double bright = luminance(a), dark = luminance(b);
    if (bright < dark) {
        double swap = bright;
        bright = dark;
        dark = swap;
    }
    return (bright + 0.05) / (dark + 0.05);
}

static unsigned mix_channel(unsigned a, unsigned b, int percent) {
    return (unsigned)lround((a * (double)percent + b * (100.0 - percent)) / 100);
}

Color color_mix(Color a, Color b, int percent) {
    return from_channels(mix_channel(channel(a, 16), channel(b, 16), percent),
                         mix_channel(channel(a, 8), channel(b, 8), percent),
                         mix_channel(channel(a, 0), channel(b, 0), percent));
}

Color color_parse(Str hex) {
    unsigned char bytes[3];
    if (hex.len != 7 || hex.at[0] != '#' || !hex_decode(str_skip(hex, 1), bytes, 3)) return 0;
    return from_channels(bytes[0], bytes[1], bytes[2]);
}

static unsigned darker(unsigned value) {
    return (unsigned)(value * 0.95);
}

Color theme_safe_accent(Color accent) {
    while (color_contrast(COLOR(0xFFFFFF), accent) < 6)
        accent = from_channels(darker(channel(accent, 16)), darker(channel(accent, 8)),
                               darker(channel(accent, 0)));
    return COLOR(accent & 0xFFFFFF);
}

static FontMeasure font_measure(int size, int line, int tight) {
    return (FontMeasure){.size = size,
                         .line = line,
                         .tight = tight,
                         .box = (int)lround(size * 1.2102),
                         .baseline = (int)lround(size * 0.97)};
}

static void set_fonts(Theme *theme) {
    bool larger = theme->choice.larger_text;
    FontMeasure small = larger ? font_measure(51, 66, 60) : font_measure(41, 54, 50);
    FontMeasure medium = larger ? font_measure(62, 74, 68) : font_measure(50, 60, 54);
    theme->font[FONT_S] = theme->font[FONT_S_BOLD] = small;
    theme->font[FONT_M] = theme->font[FONT_M_BOLD] = medium;
    theme->font[FONT_L] = font_measure(72, 80, 80);
    theme->font[FONT_XL] = font_measure(128, 128, 128);
}

static Theme day_colours(Color accent) {
    return (Theme){
        .stone = COLOR(0xF2EFE8),
        .card = COLOR(0xFFFFFF),
        .sunk = COLOR(0xE6E1D6),
        .ink = COLOR(0x16242C),
        .ink2 = COLOR(0x46545D),
        .hair = COLOR(0xD5CFC2),
        .line = COLOR(0x74808A),
        .edge = COLOR(0x8F8777),
        .accent = accent,
        .accent_dark = color_mix(accent, COLOR(0), 60),
        .accent_tint = color_mix(accent, COLOR(0xFFFFFF), 14),
        .on_accent = COLOR(0xFFFFFF),
        .on_accent2 = color_mix(accent, COLOR(0xFFFFFF), 14),
        .signal = COLOR(0xFFC53D),
        .signal_dark = COLOR(0x8A5A00),
        .signal_tint = COLOR(0xFFF1CF),
        .on_signal = COLOR(0x16242C),
        .ok = COLOR(0x1E6A3C),
        .ok_tint = COLOR(0xDFEEE2),
        .on_ok = COLOR(0xFFFFFF),
        .bad = COLOR(0xA3281D),
        .bad_dark = COLOR(0x6E160E),
        .bad_tint = COLOR(0xF9E3DF),
        .on_bad = COLOR(0xFFFFFF),
        .bar = COLOR(0x16242C),
        .bar_hi = COLOR(0x33454F),
        .on_bar = COLOR(0xFFFFFF),
        .bar_off = COLOR(0x9AA3A8),
        .path_rest = COLOR(0xD5CFC2),
    };
}

/* White on black with amber; surfaces are told apart by their borders. */
static Theme contrast_colours(void) {
    const Color black = COLOR(0), white = COLOR(0xFFFFFF), amber = COLOR(0xFFD84D);
    return (Theme){
        .stone = black,
        .card = black,
        .sunk = black,
        .ink = white,
        .ink2 = white,
        .hair = white,
        .line = white,
        .edge = white,
        .accent = amber,
        .accent_dark = white,
        .accent_tint = black,
        .on_accent = black,
        .on_accent2 = black,
        .signal = amber,
        .signal_dark = amber,
        .signal_tint = black,
        .on_signal = black,
        .ok = COLOR(0x7CF29C),
        .ok_tint = black,
        .on_ok = black,
        .bad = COLOR(0xFF9A8A),
        .bad_dark = white,
        .bad_tint = black,
        .on_bad = black,
        .bar = black,
        .bar_hi = black,
        .on_bar = white,
        .bar_off = COLOR(0x9AA3A8),
        .bar_line = white,
        .card_border = white,
        .path_rest = white,
    };
}

Theme theme_make(ThemeChoice choice) {
    Color accent = theme_safe_accent(choice.accent ? choice.accent : COLOR(LOIRE));
    Theme theme = choice.high_contrast ? contrast_colours() : day_colours(accent);
    theme.choice = choice;
    set_fonts(&theme);
    return theme;
}

#define TEXT_ON(front, back)                                                                                 \
    { #front " on " #back, theme->front, theme->back, 4.5 }
#define SHAPE_ON(front, back)                                                                                \
    { #front " on " #back, theme->front, theme->back, 3.0 }

size_t theme_pairs(const Theme *theme, ThemePair *out, size_t max) {
    const ThemePair pairs[] = {
        TEXT_ON(ink, stone),
        TEXT_ON(ink, card),
        TEXT_ON(ink, sunk),
        TEXT_ON(ink, accent_tint),
        TEXT_ON(ink, signal_tint),
        TEXT_ON(on_signal, signal),
        TEXT_ON(ink2, stone),
        TEXT_ON(ink2, card),
        TEXT_ON(ink2, sunk),
        TEXT_ON(accent, stone),
        TEXT_ON(accent, card),
        TEXT_ON(accent, sunk),
        TEXT_ON(accent, accent_tint),
        TEXT_ON(on_accent, accent),
        TEXT_ON(on_accent2, accent),
        TEXT_ON(signal_dark, stone),
        TEXT_ON(signal_dark, signal_tint),
        TEXT_ON(on_ok, ok),
        TEXT_ON(ok, stone),
        TEXT_ON(ok, ok_tint),
        TEXT_ON(on_bad, bad),
        TEXT_ON(bad, stone),
        TEXT_ON(bad, card),
        TEXT_ON(bad, bad_tint),
        TEXT_ON(on_bar, bar),
        TEXT_ON(on_bar, bar_hi),
        TEXT_ON(bar_off, bar),
        SHAPE_ON(line, stone),
        SHAPE_ON(line, card),
        SHAPE_ON(edge, stone),
        SHAPE_ON(edge, card),
    };
    size_t count = COUNT(pairs) < max ? COUNT(pairs) : max;
    for (size_t i = 0; i < count; i++) out[i] = pairs[i];
    return count;
}
