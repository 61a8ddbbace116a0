#include "common/base/utf8.h"
#include "kiosk/ui/inside.h"

#include <string.h>

enum { FIELD_PAD = 35, FIELD_ICON_GAP = 28, CARET_W = 5, CARET_H = 64 };

/* The state of that key; the fields of a screen are few, an app that needs more than FIELDS_MAX at once has a
 * bug. */
static FieldState *field_state(Ui *ui, Str key) {
    UiInside *in = ui->inside;
    uint32_t id = ui_hash_id(0, key);
    FieldState *free_one = NULL;
    for (int i = 0; i < FIELDS_MAX; i++) {
        if (in->fields[i].id == id) return &in->fields[i];
        if (in->fields[i].id == 0 && !free_one) free_one = &in->fields[i];
    }
    if (!free_one) free_one = &in->fields[FIELDS_MAX - 1];
    explicit_bzero(free_one, sizeof *free_one);
    free_one->id = id;
    return free_one;
}

Str ui_field_text(Ui *ui, Str key) {
    const FieldState *field = field_state(ui, key);
    return (Str){field->text, field->len};
}

void ui_field_clear(Ui *ui, Str key) {
    explicit_bzero(field_state(ui, key), sizeof(FieldState));
}

void ui_field_set(Ui *ui, Str key, Str text) {
    FieldState *field = field_state(ui, key);
    explicit_bzero(field->text, sizeof field->text);
    field->len = text.len < FIELD_TEXT_MAX ? text.len : FIELD_TEXT_MAX;
    while (field->len < text.len && field->len > 0 && ((unsigned char)text.at[field->len] & 0xC0) == 0x80)
        field->len--;
    if (field->len) memcpy(field->text, text.at, field->len);
}

/* ---- looks ---- */

/* The end of the text that fits: what is being typed must be seen. */
static Str tail_that_fits(const Ui *ui, Font font, Str text, int width) {
    size_t at = 0;
    Str tail = text;
    while (tail.len && ui_text_width(ui, font, tail) > width) {
        utf8_next(text, &at);
        tail = str_skip(text, at);
    }
    return tail;
}

static void caret(Ui *ui, int x, int middle) {
    ui_fill(ui, rect_make(x + 2, middle - CARET_H / 2, CARET_W, CARET_H), ui->theme.accent);
}

static void one_line(Ui *ui, Rect inside, Str text, const Field *field) {
    Str shown = tail_that_fits(ui, FONT_M, text, inside.w - 3 * CARET_W);
    TextLook look = {.font = FONT_M, .tight = true, .color = text.len ? 0 : ui->theme.ink2};
    bool hint = !text.len && !field->in_use;
    ui_text_middle(ui, inside, hint ? field->placeholder : shown, look);
    if (field->in_use) caret(ui, inside.x + ui_text_width(ui, FONT_M, shown), inside.y + inside.h / 2);
}

static void many_lines(Ui *ui, Rect inside, Str text, const Field *field) {
    TextLook look = {.font = FONT_M};
    Str shown = text.len || field->in_use ? text : field->placeholder;
    if (!text.len) look.color = ui->theme.ink2;
    int height = ui_text_height(ui, inside.w, shown, look), over = height - inside.h;
    ui_push_clip(ui, rect_inset(inside, -8));
    ui_text(ui, rect_move(inside, 0, over > 0 ? -over : 0), shown, look);
    if (field->in_use) {
        const Item *last = ui->list->count ? &ui->list->items[ui->list->count - 1] : NULL;
        bool after_text = text.len && last && last->type == ITEM_TEXT;
        int x = after_text ? rect_right(last->rect) : inside.x,
            y = after_text ? last->rect.y + last->rect.h / 2 : inside.y + 30;
        caret(ui, x, y);
    }
    ui_pop_clip(ui);
}

static void field_frame(Ui *ui, Rect rect, const Field *field) {
    const Theme *theme = &ui->theme;
    Color border = field->wrong ? theme->bad : field->in_use ? theme->accent : theme->line;
    ui_box(ui, rect, theme->card, RADIUS, border, field->wrong || field->in_use ? BORDER_USE : BORDER);
}

bool ui_field(Ui *ui, Rect rect, Field field) {
    Touched touched = ui_target(
        ui, rect, (Target){.label = field.label, .key = field.key, .role = ROLE_FIELD, .on = field.in_use});
    field_frame(ui, rect, &field);
    if (touched.focused) ui_focus_ring(ui, rect, RADIUS);
    Rect inside = rect_inset_xy(rect, FIELD_PAD, field.lines ? 24 : 0);
    if (field.icon) {
        Rect place = rect_cut_left(&inside, ICON + FIELD_ICON_GAP);
        int y = field.lines ? inside.y + 4 : rect.y + (rect.h - ICON) / 2;
        ui_icon(ui, rect_make(place.x, y, ICON, ICON), field.icon, 0);
    }
    Str text = ui_field_text(ui, field.key);
    if (field.lines)
        many_lines(ui, inside, text, &field);
    else
        one_line(ui, inside, text, &field);
    return touched.activated;
}

void ui_code_dots(Ui *ui, Rect rect, Str key, int at_least) {
    enum { DOT_R = 18, DOT_PITCH = 72 };
    int typed = (int)utf8_length(ui_field_text(ui, key)), count = typed > at_least ? typed : at_least;
    int pitch = count * DOT_PITCH <= rect.w ? DOT_PITCH : rect.w / (count ? count : 1);
    int x = rect.x + (rect.w - pitch * (count - 1)) / 2, y = rect.y + rect.h / 2;
    for (int i = 0; i < count; i++)
        ui_circle(ui, x + i * pitch, y, DOT_R, i < typed ? ui->theme.ink : COLOR_NONE,
                  i < typed ? COLOR_NONE : ui->theme.line, BORDER + 1);
}
