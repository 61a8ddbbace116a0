/* Right-to-left words in a line, by the Unicode algorithm. Home of fribidi. */
#include "kiosk/gfx/parts.h"

#include "common/base/utf8.h"

#include <fribidi.h>

enum { LETTERS_MAX = 1024 }; /* of a line with such words; longer ones stay as they are */

/* Hebrew, Arabic and their neighbours, and their presentation forms. */
static bool is_right_to_left(int32_t code_point) {
    return (code_point >= 0x590 && code_point <= 0x8FF) || (code_point >= 0xFB1D && code_point <= 0xFDFF) ||
           (code_point >= 0xFE70 && code_point <= 0xFEFC);
}

static bool has_right_to_left(Str text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0xD6) { /* below that no UTF-8 sequence begins one */
            for (size_t at = 0; at < text.len;)
                if (is_right_to_left(utf8_next(text, &at))) return true;
            return false;
        }
    return false;
}

typedef struct Letters {
    FriBidiChar code_points[LETTERS_MAX];
    FriBidiCharType types[LETTERS_MAX];
    FriBidiBracketType brackets[LETTERS_MAX];
    FriBidiLevel levels[LETTERS_MAX];
    size_t from[LETTERS_MAX + 1];
    int count;
} Letters;

static bool read_letters(Str text, Letters *out) {
    out->count = 0;
    for (size_t at = 0; at < text.len;) {
        if (out->count == LETTERS_MAX) return false;
        out->from[out->count] = at;
        out->code_points[out->count++] = (FriBidiChar)utf8_next(text, &at);
    }
    out->from[out->count] = text.len;
    return true;
}

static FriBidiLevel find_levels(Letters *letters) {
    FriBidiParType direction = FRIBIDI_PAR_LTR; /* the screen's own language leads */
    fribidi_get_bidi_types(letters->code_points, letters->count, letters->types);
    fribidi_get_bracket_types(letters->code_points, letters->count, letters->types, letters->brackets);
    return fribidi_get_par_embedding_levels_ex(letters->types, letters->brackets, letters->count, &direction,
                                               letters->levels);
}

static size_t logical_runs(const Letters *letters, BidiRun *out, size_t max) {
    size_t count = 0;
    for (int i = 0; i < letters->count && count < max;) {
        int end = i + 1;
        while (end < letters->count && letters->levels[end] == letters->levels[i]) end++;
        out[count++] = (BidiRun){letters->from[i], letters->from[end], letters->levels[i]};
        i = end;
    }
    return count;
}

static void reverse(BidiRun *runs, size_t from, size_t to) {
    for (; from + 1 < to; from++, to--) {
        BidiRun keep = runs[from];
        runs[from] = runs[to - 1];
        runs[to - 1] = keep;
    }
}

/* Rule L2: from the highest level down, whatever stands at that level or above is turned round. */
static void order_for_the_eye(BidiRun *runs, size_t count, int highest) {
    for (int level = highest; level > 0; level--)
        for (size_t i = 0; i < count;) {
            size_t end = i;
            while (end < count && runs[end].level >= level) end++;
            reverse(runs, i, end);
            i = end > i ? end : i + 1;
        }
}

size_t bidi_runs(Str text, BidiRun *out, size_t max) {
    Letters letters;
    out[0] = (BidiRun){0, text.len, 0};
    if (max < 2 || !has_right_to_left(text) || !read_letters(text, &letters)) return 1;
    FriBidiLevel highest = find_levels(&letters); /* one more than the highest, 0 when it failed */
    if (highest == 0) return 1;
    size_t count = logical_runs(&letters, out, max);
    order_for_the_eye(out, count, highest);
    return count;
}
