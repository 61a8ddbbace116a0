#include "kiosk/ui/inside.h"

enum {
    ICON_GAP = 18,
    TILE_PAD = 32,
    TILE_ICON = 80,
    FLAT_TILE_H = 150,  /* below that a tile lies: icon left of its label */
    NARROW_TILE_W = 360 /* below that it has its icon at the top right */
};

typedef struct ButtonColors {
    Color face, label, border, edge;
} ButtonColors;

static ButtonColors secondary_colors(const Theme *theme, Color color) {
    return (ButtonColors){theme->card, color, color, color};
}

static ButtonColors button_colors(const Theme *theme, const Button *button) {
    if (button->disabled) return (ButtonColors){theme->sunk, theme->ink2, theme->card_border, COLOR_NONE};
    switch (button->kind) {
    case BUTTON_PRIMARY:
        return (ButtonColors){theme->accent, theme->on_accent, COLOR_NONE, theme->accent_dark};
    case BUTTON_SIGNAL:
        return (ButtonColors){theme->signal, theme->on_signal, COLOR_NONE, theme->signal_dark};
    case BUTTON_DANGER:
        return secondary_colors(theme, theme->bad);
    case BUTTON_DANGER_CONFIRM:
        return (ButtonColors){theme->bad, theme->on_bad, COLOR_NONE, theme->bad_dark};
    case BUTTON_SECONDARY:
    default:
        return secondary_colors(theme, theme->accent);
    }
}

/* The face and what lies under it; returns where the face is now. */
static Rect draw_face(Ui *ui, Rect face, ButtonColors colors, Touched touched, int radius) {
    if (touched.pressed) face.y += EDGE;
    ui_add(ui, (Item){.type = ITEM_BOX,
                      .rect = face,
                      .color = colors.face,
                      .border = colors.border,
                      .stroke = colors.border == COLOR_NONE ? 0 : BORDER,
                      .edge = touched.pressed ? COLOR_NONE : colors.edge,
                      .radius = radius});
    if (touched.focused)
        ui_focus_ring(ui, (Rect){face.x, face.y, face.w, face.h + (touched.pressed ? 0 : EDGE)}, radius);
    return face;
}

static Rect with_edge(Rect face) {
    return (Rect){face.x, face.y, face.w, face.h + EDGE};
}

static Font button_font(const Button *button) {
    return button->large || button->kind == BUTTON_SIGNAL ? FONT_M_BOLD : FONT_S_BOLD;
}

static int icon_side(const Button *button) {
    return button->kind == BUTTON_SIGNAL ? TILE_ICON : ICON;
}

static int icons_width(const Button *button) {
    int each = icon_side(button) + ICON_GAP;
    return (button->icon ? each : 0) + (button->icon_after ? each : 0);
}

int ui_button_width(const Ui *ui, Button button) {
    int width = ui_text_width(ui, button_font(&button), button.label) + icons_width(&button) + 2 * GRID;
    return width > BUTTON_MIN_W ? width : BUTTON_MIN_W;
}

int ui_button_height(const Ui *ui) {
    return ui->screen.layout == LAYOUT_SMALL ? BUTTON_SMALL_H : BUTTON_H;
}

/* Icon, label, icon: centred together; a label that does not fit on one line wraps between them. Where it
 * needs more lines than the face has, the word stays and the icons go. */
static void draw_button_words(Ui *ui, Rect face, const Button *asked, Color color) {
    Button fitted = *asked, *button = &fitted;
    TextLook measured = {.font = button_font(button), .tight = true};
    int beside = face.w - 2 * HALF - icons_width(button);
    if (ui_text_height(ui, beside, button->label, measured) > face.h + HALF)
        button->icon = button->icon_after = NULL;
    Font font = button_font(button);
    int icons = icons_width(button), side = icon_side(button), room = face.w - 2 * HALF - icons;
    int label_w = ui_text_width(ui, font, button->label);
    if (label_w > room) label_w = room;
    Rect rest = rect_centered(face, label_w + icons, face.h);
    if (button->icon) {
        Rect place = rect_cut_left(&rest, side + ICON_GAP);
        ui_icon(ui, rect_make(place.x, face.y + (face.h - side) / 2, side, side), button->icon, color);
    }
    if (button->icon_after) {
        Rect place = rect_cut_right(&rest, side);
        rect_cut_right(&rest, ICON_GAP);
        ui_icon(ui, rect_make(place.x, face.y + (face.h - side) / 2, side, side), button->icon_after, color);
    }
    TextLook look = {.font = font, .color = color, .align = ALIGN_CENTER, .tight = true};
    ui_text_middle(ui, rect_make(rest.x - 1, rest.y, rest.w + 2, rest.h), button->label, look);
}

bool ui_button(Ui *ui, Rect face, Button button) {
    Target target = {
        .label = button.label, .key = button.key, .role = ROLE_BUTTON, .disabled = button.disabled};
    Touched touched = ui_target(ui, with_edge(face), target);
    ButtonColors colors = button_colors(&ui->theme, &button);
    face = draw_face(ui, face, colors, touched, RADIUS);
    draw_button_words(ui, face, &button, colors.label);
    return touched.activated;
}

bool ui_arrow_button(Ui *ui, Rect face, const char *icon, Str spoken, bool disabled) {
    const Theme *theme = &ui->theme;
    Touched touched = ui_target(ui, with_edge(face), (Target){.label = spoken, .disabled = disabled});
    ButtonColors colors = {touched.pressed ? theme->accent_tint : theme->card, theme->accent,
                           theme->card_border, theme->edge};
    if (disabled) colors = (ButtonColors){theme->sunk, theme->bar_off, theme->card_border, COLOR_NONE};
    face = draw_face(ui, face, colors, touched, RADIUS);
    ui_icon(ui, rect_centered(face, 56, 56), icon, colors.label);
    return touched.activated;
}

int ui_button_row(Ui *ui, Rect rect, const Button *buttons, int count) {
    int pressed = -1, h = ui_button_height(ui);
    Rect row = {rect.x, rect_bottom(rect) - h - EDGE, rect.w, h};
    for (int i = 0; i < count; i++)
        if (ui_button(ui, rect_column(row, count, i, GRID), buttons[i])) pressed = i;
    return pressed;
}

/* ---- tiles ---- */

/* Where word and icon would meet, the word stays. */
static void large_tile(Ui *ui, Rect face, Str label, const char *icon) {
    Rect inside = rect_inset_xy(face, TILE_PAD, 26);
    TextLook look = {.font = FONT_M_BOLD, .tight = true};
    int height = ui_text_height(ui, inside.w, label, look);
    if (height + TILE_ICON <= inside.h)
        ui_icon(ui, rect_make(inside.x, inside.y, TILE_ICON, TILE_ICON), icon, 0);
    ui_text(ui, rect_make(inside.x, rect_bottom(face) - 26 - height, inside.w, height), label, look);
}

static void narrow_tile(Ui *ui, Rect face, Str label, const char *icon) {
    Rect inside = rect_inset_xy(face, 22, 16);
    inside.w += 4;
    TextLook look = {.font = FONT_S_BOLD, .tight = true};
    int height = ui_text_height(ui, inside.w, label, look);
    bool meets = height + 52 > inside.h + QUARTER && ui_widest_word(ui, FONT_S_BOLD, label) > inside.w - 52;
    if (!meets) ui_icon(ui, rect_make(rect_right(face) - 18 - 52, inside.y, 52, 52), icon, 0);
    ui_text(ui, rect_make(inside.x, rect_bottom(face) - 14 - height, inside.w, height), label, look);
}

static void flat_tile(Ui *ui, Rect face, Str label, const char *icon) {
    TextLook look = {.font = FONT_S_BOLD, .tight = true};
    Rect inside = rect_inset_xy(face, QUARTER, 0), beside = rect_inset_xy(face, 28, 0);
    Rect place = rect_cut_left(&beside, 68 + 24);
    bool fits = ui_widest_word(ui, FONT_S_BOLD, label) <= beside.w &&
                ui_text_height(ui, beside.w, label, look) <= face.h;
    if (fits) ui_icon(ui, rect_make(place.x, face.y + (face.h - 68) / 2, 68, 68), icon, 0);
    if (!fits) look.align = ALIGN_CENTER;
    ui_text_middle(ui, fits ? beside : inside, label, look);
}

bool ui_tile(Ui *ui, Rect face, Str label, const char *icon) {
    Touched touched = ui_target(ui, with_edge(face), (Target){.label = label});
    ui_touch_card(ui, face, touched.pressed);
    if (touched.focused) ui_focus_ring(ui, with_edge(face), RADIUS);
    if (touched.pressed) face.y += EDGE;
    if (face.h <= FLAT_TILE_H)
        flat_tile(ui, face, label, icon);
    else if (face.w < NARROW_TILE_W)
        narrow_tile(ui, face, label, icon);
    else
        large_tile(ui, face, label, icon);
    return touched.activated;
}

/* ---- chips ---- */

enum { CHIP_PAD = 32, CHIP_ICON = 40, CHIP_GAP = 14, CHIP_BETWEEN = 20 };

static const char *chip_icon(const Chip *chip) {
    return chip->on ? "coche" : chip->icon;
}

int ui_chip_width(const Ui *ui, Chip chip) {
    int width = ui_text_width(ui, chip.on ? FONT_S_BOLD : FONT_S, chip.label) + 2 * CHIP_PAD;
    if (chip_icon(&chip)) width += CHIP_ICON + CHIP_GAP;
    if (chip.opens_list) width += CHIP_ICON;
    return width;
}

static void chip_words(Ui *ui, Rect inside, const Chip *chip, Color color) {
    int top = inside.y + (inside.h - CHIP_ICON) / 2;
    if (chip_icon(chip)) {
        Rect place = rect_cut_left(&inside, CHIP_ICON + CHIP_GAP);
        ui_icon(ui, rect_make(place.x, top, CHIP_ICON, CHIP_ICON), chip_icon(chip), color);
    }
    if (chip->opens_list) {
        Rect place = rect_cut_right(&inside, CHIP_ICON - 8);
        ui_icon(ui, rect_make(place.x, top + 4, CHIP_ICON - 8, CHIP_ICON - 8), "chev_bas", color);
    }
    ui_text_middle(ui, rect_make(inside.x, inside.y, inside.w + 2, inside.h), chip->label,
                   (TextLook){.font = chip->on ? FONT_S_BOLD : FONT_S, .color = color, .tight = true});
}

bool ui_chip(Ui *ui, Rect rect, Chip chip) {
    const Theme *theme = &ui->theme;
    Touched touched = ui_target(
        ui, rect, (Target){.label = chip.label, .key = chip.key, .role = ROLE_CHECKBOX, .on = chip.on});
    Color fill = chip.on || touched.pressed ? theme->accent_tint : theme->card;
    ui_box(ui, rect, fill, rect.h / 2, chip.on ? theme->accent : theme->line, BORDER);
    if (touched.focused) ui_focus_ring(ui, rect, rect.h / 2);
    chip_words(ui, rect_inset_xy(rect, CHIP_PAD, 0), &chip, chip.on ? theme->accent : theme->ink);
    return touched.activated;
}

int ui_chips(Ui *ui, Rect *area, const Chip *chips, int count) {
    Flow flow = flow_begin(*area, CHIP_BETWEEN, CHIP_BETWEEN, CHIP_H);
    int pressed = -1;
    for (int i = 0; i < count; i++)
        if (ui_chip(ui, flow_next(&flow, ui_chip_width(ui, chips[i])), chips[i])) pressed = i;
    rect_cut_top(area, flow_height(&flow));
    return pressed;
}

/* ---- tabs, side items, switches ---- */

enum { TAB_PAD = 32, TROUGH_PAD = 8 };

int ui_tabs_width(const Ui *ui, const Str *labels, int count) {
    int width = 2 * TROUGH_PAD + (count - 1) * TROUGH_PAD;
    for (int i = 0; i < count; i++) width += ui_text_width(ui, FONT_S_BOLD, labels[i]) + 2 * TAB_PAD;
    return width;
}

static bool tab(Ui *ui, Rect rect, Str label, bool on) {
    const Theme *theme = &ui->theme;
    Touched touched = ui_target(ui, rect, (Target){.label = label, .role = ROLE_TAB, .on = on});
    if (on)
        ui_box(ui, rect, theme->card, RADIUS_KEY,
               theme->card_border != COLOR_NONE ? theme->accent : COLOR_NONE, BORDER);
    if (touched.pressed && !on) ui_box(ui, rect, theme->accent_tint, RADIUS_KEY, COLOR_NONE, 0);
    if (touched.focused) ui_focus_ring(ui, rect, RADIUS_KEY);
    TextLook look = {.font = on ? FONT_S_BOLD : FONT_S,
                     .color = on ? theme->accent : theme->ink,
                     .align = ALIGN_CENTER,
                     .tight = true};
    ui_text_middle(ui, rect, label, look);
    return touched.activated;
}

/* Tabs share what room there is by the width of their words. */
int ui_tabs(Ui *ui, Rect trough, const Str *labels, int count, int selected) {
    ui_box(ui, trough, ui->theme.sunk, RADIUS_TROUGH, ui->theme.card_border, BORDER);
    Rect inside = rect_inset(trough, TROUGH_PAD);
    int spare = (trough.w - ui_tabs_width(ui, labels, count)) / (count ? count : 1), touched = -1;
    for (int i = 0; i < count; i++) {
        int width = ui_text_width(ui, FONT_S_BOLD, labels[i]) + 2 * TAB_PAD + spare;
        if (tab(ui, rect_cut_left(&inside, i == count - 1 ? inside.w : width), labels[i], i == selected))
            touched = i;
        rect_cut_left(&inside, TROUGH_PAD);
    }
    return touched;
}

bool ui_side_item(Ui *ui, Rect rect, Str label, const char *icon, bool on) {
    const Theme *theme = &ui->theme;
    Touched touched = ui_target(ui, rect, (Target){.label = label, .role = ROLE_TAB, .on = on});
    Color color = on ? theme->on_accent : theme->ink;
    if (on || touched.pressed)
        ui_box(ui, rect, on ? theme->accent : theme->accent_tint, RADIUS_KEY, COLOR_NONE, 0);
    else
        ui_separator(ui, rect.x, rect_bottom(rect) - HAIR, rect.w);
    if (touched.focused) ui_focus_ring(ui, rect, RADIUS_KEY);
    Rect inside = rect_inset_xy(rect, 24, 0);
    if (icon) {
        Rect place = rect_cut_left(&inside, ICON + 20);
        ui_icon(ui, rect_make(place.x, rect.y + (rect.h - ICON) / 2, ICON, ICON), icon, color);
    }
    ui_text_middle(ui, inside, label,
                   (TextLook){.font = on ? FONT_S_BOLD : FONT_S, .color = color, .tight = true});
    return touched.activated;
}

enum { SWITCH_W = 120, SWITCH_H = 64 };

static void switch_knob(Ui *ui, Rect rect, bool on) {
    const Theme *theme = &ui->theme;
    int radius = rect.h / 2, cy = rect.y + radius;
    ui_box(ui, rect, on ? theme->accent : theme->card, radius, on ? COLOR_NONE : theme->line, 4);
    if (on)
        ui_circle(ui, rect_right(rect) - radius, cy, 24, theme->on_accent, COLOR_NONE, 0);
    else
        ui_circle(ui, rect.x + radius, cy, 24, theme->line, COLOR_NONE, 0);
}

enum { SWITCH_ROW_H = 156, SWITCH_ICON = 76, SWITCH_GAP = 28 };

static int switch_words_w(const Ui *ui, int width, Switch row) {
    int yes = ui_text_width(ui, FONT_S_BOLD, ui->labels.yes), no = ui_text_width(ui, FONT_S, ui->labels.no);
    int icon = row.icon ? SWITCH_ICON + SWITCH_GAP : 0;
    return width - 2 * GRID - icon - SWITCH_W - 2 * SWITCH_GAP - (yes > no ? yes : no);
}

static int switch_words_h(Ui *ui, int width, Switch row) {
    return ui_text_height(ui, width, row.title, (TextLook){.font = FONT_S_BOLD}) +
           ui_text_height(ui, width, row.subtitle, (TextLook){.font = FONT_S});
}

int ui_switch_height(Ui *ui, int width, Switch row) {
    int height = switch_words_h(ui, switch_words_w(ui, width, row), row) + GRID;
    return height > SWITCH_ROW_H ? height : SWITCH_ROW_H;
}

static void switch_words(Ui *ui, Rect area, Switch row) {
    area.y += (area.h - switch_words_h(ui, area.w, row)) / 2;
    rect_cut_top(&area, ui_text(ui, area, row.title, (TextLook){.font = FONT_S_BOLD}));
    ui_text(ui, area, row.subtitle, (TextLook){.color = ui->theme.ink2});
}

bool ui_switch(Ui *ui, Rect face, Switch row) {
    Touched touched =
        ui_target(ui, with_edge(face), (Target){.label = row.title, .role = ROLE_CHECKBOX, .on = row.on});
    ui_touch_card(ui, face, touched.pressed);
    if (touched.focused) ui_focus_ring(ui, with_edge(face), RADIUS);
    Rect inside = rect_inset_xy(rect_move(face, 0, touched.pressed ? EDGE : 0), GRID, 0);
    int words_w = switch_words_w(ui, face.w, row);
    if (row.icon)
        ui_icon(ui, rect_centered(rect_cut_left(&inside, SWITCH_ICON), SWITCH_ICON, SWITCH_ICON), row.icon,
                0);
    if (row.icon) rect_cut_left(&inside, SWITCH_GAP);
    switch_knob(ui, rect_centered(rect_cut_right(&inside, SWITCH_W), SWITCH_W, SWITCH_H), row.on);
    rect_cut_right(&inside, SWITCH_GAP);
    TextLook state = {.font = row.on ? FONT_S_BOLD : FONT_S,
                      .color = row.on ? ui->theme.accent : ui->theme.ink2,
                      .align = ALIGN_RIGHT,
                      .tight = true};
    ui_text_middle(ui, inside, row.on ? ui->labels.yes : ui->labels.no, state);
    switch_words(ui, rect_cut_left(&inside, words_w), row);
    return touched.activated;
}
