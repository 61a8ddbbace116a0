#include "kiosk/app/reading.h"

#include "common/base/utf8.h"

static bool holds(Rect outer, Rect inner) {
    return rect_has(outer, inner.x + inner.w / 2, inner.y + inner.h / 2);
}

/* In a key, or in a field of a screen that asks who is there. */
static bool is_typed(const DisplayList *list, const Item *text, bool secret) {
    for (size_t i = 0; i < list->count; i++) {
        const Item *target = &list->items[i];
        if (target->type != ITEM_TARGET || !holds(target->rect, text->rect)) continue;
        if (target->role == ROLE_KEY || (secret && target->role == ROLE_FIELD)) return true;
    }
    return false;
}

/* The next line of the same paragraph. */
static bool goes_on(const Item *before, const Item *text) {
    int step = text->rect.y - before->rect.y;
    return before->font == text->font && before->rect.x == text->rect.x && step > 0 &&
           step <= before->rect.h * 3 / 2;
}

static bool ends_sentence(Str text) {
    size_t last = text.len;
    while (last && text.at[last - 1] == ' ') last--;
    char byte = last ? text.at[last - 1] : '.';
    return byte == '.' || byte == '!' || byte == '?' || byte == ':' || byte == ';' || byte == ',';
}

/* The voice knows one kind of space. */
static void add_plain(Buf *out, Str text) {
    size_t at = 0, from = 0;
    for (int32_t code; (code = utf8_next(text, &at)) >= 0; from = at) {
        if (code == 0xA0 || code == 0x202F)
            buf_add_byte(out, ' ');
        else
            buf_add(out, (Str){text.at + from, at - from});
    }
}

void reading_of(const DisplayList *list, Reading reading, Buf *out) {
    const Item *before = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const Item *text = &list->items[i];
        if (text->type != ITEM_TEXT || !text->text.len || !holds(reading.content, text->rect)) continue;
        if (is_typed(list, text, reading.secret)) continue;
        if (before)
            buf_add_cstr(out, goes_on(before, text) ? " " : ends_sentence(before->text) ? "\n" : ".\n");
        add_plain(out, text->text);
        before = text;
    }
    if (before) buf_add_byte(out, '\n');
}

Str reading_focus(const DisplayList *list, Reading reading, uint32_t *id) {
    for (size_t i = 0; i < list->count; i++) {
        const Item *target = &list->items[i];
        if (target->type != ITEM_TARGET || !target->focused) continue;
        *id = target->id;
        return reading.secret && target->role == ROLE_KEY ? (Str){0} : target->text;
    }
    *id = 0;
    return (Str){0};
}
