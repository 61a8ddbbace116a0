#include "kiosk/ui/display_list.h"

#include <stdlib.h>
#include <string.h>

void display_list_begin(DisplayList *list, Arena *arena, Color background) {
    *list = (DisplayList){.arena = arena, .background = background};
}

static Rect line_bounds(const Item *item) {
    Rect box = item->rect;
    if (box.w < 0) box = (Rect){box.x + box.w, box.y, -box.w, box.h};
    if (box.h < 0) box = (Rect){box.x, box.y + box.h, box.w, -box.h};
    return rect_inset(box, -(item->stroke / 2 + 1));
}

/* Glyphs may stand out of their box: accents on capitals, the overhang of an italic or of a fallback font. */
static Rect text_bounds(const Item *item) {
    return rect_inset_xy(item->rect, -(item->size / 4), -(item->size / 4));
}

Rect item_bounds(const Item *item) {
    Rect box = item->rect;
    if (item->type == ITEM_LINE) return line_bounds(item);
    if (item->type == ITEM_TEXT) return text_bounds(item);
    if (item->type == ITEM_ICON) return rect_inset(box, -(item->stroke * box.w / 240));
    if (item->type == ITEM_BOX && item->edge != COLOR_NONE) box.h += EDGE;
    return box;
}

static uint64_t mix_in(uint64_t hash, const void *bytes, size_t count) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++) hash = (hash ^ at[i]) * 0x100000001B3u;
    return hash;
}

static uint64_t mix_int(uint64_t hash, int64_t value) {
    return mix_in(hash, &value, sizeof value);
}

static uint64_t hash_of(const Item *item) {
    const int64_t numbers[] = {
        item->type,     item->rect.x,  item->rect.y,  item->rect.w,   item->rect.h,        item->clip.x,
        item->clip.y,   item->clip.w,  item->clip.h,  item->color,    item->border,        item->edge,
        item->stroke,   item->radius,  item->corners, item->from_deg, item->sweep_deg,     item->font,
        item->size,     item->fit,     item->role,    item->id,       item->modules_count, item->on,
        item->disabled, item->focused, item->pressed,
    };
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < COUNT(numbers); i++) hash = mix_int(hash, numbers[i]);
    hash = mix_in(hash, item->text.at, item->text.len);
    if (item->modules)
        hash = mix_in(hash, item->modules, (size_t)(item->modules_count * item->modules_count));
    return hash;
}

static bool make_room(DisplayList *list) {
    if (list->count < list->cap) return true;
    if (list->cap >= DISPLAY_LIST_MAX) return false;
    size_t cap = list->cap ? list->cap * 2 : 256;
    if (cap > DISPLAY_LIST_MAX) cap = DISPLAY_LIST_MAX;
    Item *items = ARENA_ARRAY(list->arena, Item, cap);
    if (list->count) memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->cap = cap;
    return true;
}

void display_list_add(DisplayList *list, Item item) {
    if (!rect_overlap(item_bounds(&item), item.clip) || !make_room(list)) return;
    item.text = str_copy(list->arena, item.text);
    item.hash = hash_of(&item);
    list->items[list->count++] = item;
}

/* ---- looking for words ---- */

/* Kinds of spaces become one space, ’ becomes '. Returns the bytes read. */
static size_t plain_byte(Str text, size_t at, char *out) {
    static const struct {
        const char *bytes;
        char plain;
    } folds[] = {{"\xC2\xA0", ' '}, {"\xE2\x80\xAF", ' '}, {"\xE2\x80\x99", '\''}, {"\n", ' '}, {"\t", ' '}};
    for (size_t i = 0; i < COUNT(folds); i++) {
        size_t len = strlen(folds[i].bytes);
        if (text.len - at < len || memcmp(text.at + at, folds[i].bytes, len) != 0) continue;
        *out = folds[i].plain;
        return len;
    }
    *out = text.at[at];
    return 1;
}

static void add_plain(Buf *out, Str text) {
    for (size_t at = 0; at < text.len;) {
        char byte;
        at += plain_byte(text, at, &byte);
        bool doubled = byte == ' ' && (out->len == 0 || out->at[out->len - 1] == ' ');
        if (!doubled) buf_add_byte(out, byte);
    }
}

static bool plain_contains(const Buf *hay, Str needle) {
    AUTO(buf_free) Buf wanted = buf_new(64 * 1024);
    add_plain(&wanted, str_trim(needle));
    return str_find(buf_str(hay), buf_str(&wanted)) >= 0;
}

static bool is_seen(const Item *item) {
    return rect_overlap(item->rect, item->clip);
}

/* Words that touch the ones before on their line go on with them: a bold word and the comma behind it. */
static bool goes_on(const Item *before, const Item *item) {
    int baseline = before ? before->rect.y + before->rect.h - item->rect.y - item->rect.h : 0;
    int gap = before ? item->rect.x - rect_right(before->rect) : 99;
    return baseline == 0 && gap >= 0 && gap <= 1;
}

bool display_list_has_text(const DisplayList *list, Str needle) {
    AUTO(buf_free) Buf all = buf_new(4 * 1024 * 1024);
    const Item *before = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const Item *item = &list->items[i];
        if (item->type != ITEM_TEXT || !is_seen(item)) continue;
        if (!goes_on(before, item)) add_plain(&all, STR(" "));
        add_plain(&all, item->text);
        before = item;
    }
    return plain_contains(&all, needle);
}

static bool label_fits(const Item *item, Str label, bool whole) {
    AUTO(buf_free) Buf have = buf_new(64 * 1024), want = buf_new(64 * 1024);
    add_plain(&have, item->text);
    add_plain(&want, label);
    return whole ? str_equal(buf_str(&have), buf_str(&want)) : str_find(buf_str(&have), buf_str(&want)) >= 0;
}

const Item *display_list_find_target(const DisplayList *list, Str label) {
    enum { PART_MIN = 3 }; /* bytes: a single letter is part of everything */
    for (int whole = 1; whole >= (label.len < PART_MIN ? 1 : 0); whole--)
        for (size_t i = 0; i < list->count; i++) {
            const Item *item = &list->items[i];
            if (item->type == ITEM_TARGET && !item->disabled && is_seen(item) &&
                label_fits(item, label, whole))
                return item;
        }
    return NULL;
}
