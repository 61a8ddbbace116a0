/* Labels as people read them: kinds of spaces and apostrophes do not matter, whole words do. */
#include "kiosk/app/robot.h"

#include "common/base/utf8.h"

static bool is_space(int32_t c) {
    return c == ' ' || c == 0x00A0 || c == 0x202F || c == 0x2009 || c == '\n' || c == '\t';
}

static Str plain(Arena *arena, Str text) {
    AUTO(buf_free) Buf out = buf_new(8000);
    size_t at = 0;
    bool gap = false;
    for (int32_t c = utf8_next(text, &at); c >= 0; c = utf8_next(text, &at)) {
        if (is_space(c)) {
            gap = out.len > 0;
            continue;
        }
        if (gap) buf_add_byte(&out, ' ');
        gap = false;
        utf8_add(&out, c == 0x2019 ? '\'' : c);
    }
    return str_copy(arena, buf_str(&out));
}

static bool is_word_byte(char byte) {
    unsigned char b = (unsigned char)byte;
    return b >= 0x80 || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
}

static bool has_words(Str text, Str words) {
    for (size_t from = 0; from + words.len <= text.len; from++) {
        ptrdiff_t at = str_find(str_skip(text, from), words);
        if (at < 0) return false;
        size_t start = from + (size_t)at, end = start + words.len;
        bool begins = start == 0 || !is_word_byte(text.at[start - 1]) || !is_word_byte(text.at[start]);
        bool ends = end == text.len || !is_word_byte(text.at[end]) || !is_word_byte(text.at[end - 1]);
        if (begins && ends) return true;
        from = start;
    }
    return false;
}

static const Item *find_item(Arena *arena, const DisplayList *list, ItemType type, Str label, bool whole) {
    for (size_t i = list->count; i-- > 0;) {
        const Item *item = &list->items[i];
        if (item->type != type) continue;
        Str text = plain(arena, item->text);
        if (whole ? str_equal(text, label) : has_words(text, label)) return item;
    }
    return NULL;
}

static const Item *find_label(Arena *arena, const DisplayList *list, Str label) {
    if (!label.len) return NULL;
    const Item *item = find_item(arena, list, ITEM_TARGET, label, true);
    if (!item) item = find_item(arena, list, ITEM_TARGET, label, false);
    if (!item) item = find_item(arena, list, ITEM_TEXT, label, true);
    return item ? item : find_item(arena, list, ITEM_TEXT, label, false);
}

bool robot_find(const DisplayList *list, Str label, int *x, int *y) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const Item *item = NULL;
    Str one = {0};
    while (!item && str_cut(&label, '|', &one)) item = find_label(arena, list, plain(arena, one));
    if (!item) return false;
    Rect seen = rect_intersect(item->rect, item->clip);
    *x = seen.x + seen.w / 2;
    *y = seen.y + seen.h / 2;
    return true;
}
