#include "kiosk/ui/display_list.h"

static void color_name(Buf *out, const char *before, Color color) {
    if (color != COLOR_NONE) buf_print(out, " %s%06X", before, (unsigned)(color & 0xFFFFFF));
}

static void quoted(Buf *out, Str text) {
    buf_add_cstr(out, " \"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') buf_add_byte(out, '\\');
        buf_add_byte(out, text.at[i] == '\n' ? ' ' : text.at[i]);
    }
    buf_add_byte(out, '"');
}

static void dump_box(Buf *out, const Item *item) {
    static const char *const corners[] = {"", " left", " right", " top", " bottom"};
    color_name(out, "#", item->color);
    if (item->radius) buf_print(out, " r%d%s", item->radius, corners[item->corners]);
    if (item->border != COLOR_NONE) buf_print(out, " border%d", item->stroke);
    color_name(out, "#", item->border);
    color_name(out, "edge#", item->edge);
}

static void dump_text(Buf *out, const Item *item) {
    static const char *const fonts[FONT_COUNT] = {"S", "S-bold", "M", "M-bold", "L", "XL"};
    quoted(out, item->text);
    buf_print(out, " %s", fonts[item->font]);
    color_name(out, "#", item->color);
}

static void dump_arc(Buf *out, const Item *item) {
    buf_print(out, " %d+%d width%d", item->from_deg, item->sweep_deg, item->stroke);
    color_name(out, "#", item->color);
}

static void dump_line(Buf *out, const Item *item) {
    buf_print(out, " width%d", item->stroke);
    color_name(out, "#", item->color);
}

static void dump_icon(Buf *out, const Item *item) {
    buf_print(out, " %.*s", STR_FORMAT(item->text));
    color_name(out, "#", item->color);
}

static void dump_image(Buf *out, const Item *item) {
    quoted(out, item->text);
    buf_print(out, " %s r%d", item->fit == FIT_COVER ? "cover" : "contain", item->radius);
}

static void dump_qr(Buf *out, const Item *item) {
    buf_print(out, " %d modules", item->modules_count);
}

static void dump_target(Buf *out, const Item *item) {
    static const char *const roles[] = {"button", "tab", "checkbox", "field", "key", "link", "stop"};
    quoted(out, item->text);
    buf_print(out, " %s%s%s%s%s", roles[item->role], item->on ? " on" : "", item->disabled ? " disabled" : "",
              item->focused ? " focused" : "", item->pressed ? " pressed" : "");
}

static const struct {
    const char *name;
    void (*dump)(Buf *out, const Item *item);
} writers[] = {
    [ITEM_BOX] = {"box", dump_box},    [ITEM_ARC] = {"arc", dump_arc},
    [ITEM_LINE] = {"line", dump_line}, [ITEM_TEXT] = {"text", dump_text},
    [ITEM_ICON] = {"icon", dump_icon}, [ITEM_IMAGE] = {"image", dump_image},
    [ITEM_QR] = {"qr", dump_qr},       [ITEM_TARGET] = {"target", dump_target},
};

void display_list_dump(const DisplayList *list, Buf *out) {
    buf_print(out, "page #%06X\n", (unsigned)(list->background & 0xFFFFFF));
    Rect clip = {0};
    for (size_t i = 0; i < list->count; i++) {
        const Item *item = &list->items[i];
        if (!rect_equal(clip, item->clip))
            buf_print(out, "clip %d,%d %dx%d\n", item->clip.x, item->clip.y, item->clip.w, item->clip.h);
        clip = item->clip;
        buf_print(out, "%s %d,%d %dx%d", writers[item->type].name, item->rect.x, item->rect.y, item->rect.w,
                  item->rect.h);
        writers[item->type].dump(out, item);
        buf_add_byte(out, '\n');
    }
}
