#include "kiosk/ui/inside.h"

void ui_fill(Ui *ui, Rect rect, Color color) {
    ui_add(ui, (Item){.type = ITEM_BOX, .rect = rect, .color = color});
}

void ui_box(Ui *ui, Rect rect, Color fill, int radius, Color border, int border_width) {
    ui_add(ui, (Item){.type = ITEM_BOX,
                      .rect = rect,
                      .color = fill,
                      .radius = radius,
                      .border = border,
                      .stroke = border == COLOR_NONE ? 0 : border_width});
}

void ui_circle(Ui *ui, int cx, int cy, int radius, Color fill, Color border, int border_width) {
    ui_box(ui, rect_make(cx - radius, cy - radius, 2 * radius, 2 * radius), fill, radius, border,
           border_width);
}

void ui_stroke(Ui *ui, int x0, int y0, int x1, int y1, int width, Color color) {
    Rect span = {x0, y0, x1 - x0, y1 - y0};
    ui_add(ui, (Item){.type = ITEM_LINE, .rect = span, .stroke = width, .color = color});
}

void ui_icon(Ui *ui, Rect square, const char *icon, Color color) {
    ui_icon_thin(ui, square, icon, color, 20);
}

void ui_icon_thin(Ui *ui, Rect square, const char *icon, Color color, int stroke_tenths) {
    if (!icon) return;
    ui_add(ui, (Item){.type = ITEM_ICON,
                      .rect = square,
                      .text = str_of(icon),
                      .stroke = stroke_tenths,
                      .color = color ? color : ui->theme.accent});
}

void ui_separator(Ui *ui, int x, int y, int w) {
    ui_fill(ui, rect_make(x, y, w, HAIR), ui->theme.hair);
}

void ui_card(Ui *ui, Rect rect) {
    ui_box(ui, rect, ui->theme.card, RADIUS, ui->theme.card_border, BORDER);
}

void ui_touch_card(Ui *ui, Rect rect, bool pressed) {
    const Theme *theme = &ui->theme;
    ui_add(ui, (Item){.type = ITEM_BOX,
                      .rect = rect_move(rect, 0, pressed ? EDGE : 0),
                      .color = pressed ? theme->accent_tint : theme->card,
                      .edge = pressed ? COLOR_NONE : theme->edge,
                      .radius = RADIUS,
                      .border = theme->card_border,
                      .stroke = theme->card_border == COLOR_NONE ? 0 : BORDER});
}

/* ---- tags ---- */

typedef struct TagColors {
    Color fill, text;
} TagColors;

static TagColors tag_colors(const Theme *theme, Tone tone) {
    switch (tone) {
    case TONE_ACCENT:
        return (TagColors){theme->accent_tint, theme->accent};
    case TONE_OK:
        return (TagColors){theme->ok_tint, theme->ok};
    case TONE_SIGNAL:
        return (TagColors){theme->signal_tint, theme->signal_dark};
    case TONE_BAD:
        return (TagColors){theme->bad_tint, theme->bad};
    case TONE_FULL_SIGNAL:
        return (TagColors){theme->signal, theme->on_signal};
    case TONE_NEUTRAL:
    default:
        return (TagColors){theme->sunk, theme->ink};
    }
}

static Font tag_font(Tone tone) {
    return tone == TONE_NEUTRAL ? FONT_S : FONT_S_BOLD;
}

enum { TAG_PAD = 22 };

int ui_tag_height(const Ui *ui) {
    int usual = ui->screen.layout == LAYOUT_SMALL ? TAG_SMALL_H : TAG_H;
    return usual + ui->theme.font[FONT_S].box - 50;
}

int ui_tag_width(const Ui *ui, Str label) {
    return ui_text_width(ui, FONT_S_BOLD, label) + 2 * TAG_PAD;
}

Rect ui_tag(Ui *ui, int x, int y, Str label, Tone tone) {
    TagColors colors = tag_colors(&ui->theme, tone);
    Rect rect = rect_make(x, y, ui_tag_width(ui, label), ui_tag_height(ui));
    bool outlined = ui->theme.card_border != COLOR_NONE && tone != TONE_FULL_SIGNAL;
    ui_box(ui, rect, colors.fill, rect.h / 2, outlined ? colors.text : COLOR_NONE, BORDER);
    TextLook look = {.font = tag_font(tone), .color = colors.text, .align = ALIGN_CENTER, .tight = true};
    ui_text_middle(ui, rect_inset_xy(rect, -TAG_PAD, 0), label, look);
    return rect;
}

void ui_tag_right(Ui *ui, int right, int y, Str label, Tone tone) {
    ui_tag(ui, right - ui_tag_width(ui, label), y, label, tone);
}
