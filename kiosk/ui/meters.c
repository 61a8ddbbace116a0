#include "kiosk/ui/inside.h"

enum {
    SEATS_AS_CELLS = 24,
    SEAT_GAP = 8,
    SEAT_H = 40,
    SEAT_SMALL_H = 30,
    SEATS_BAR_H = 36,
    OWN_BORDER = 7,
    HOURS_GAP = 6
};

static int cell_h(const Ui *ui) {
    return ui->screen.layout == LAYOUT_SMALL ? SEAT_SMALL_H : SEAT_H;
}

int ui_seat_meter_height(const Ui *ui) {
    return ui->theme.font[FONT_S].line + HALF / 2 + cell_h(ui);
}

static void seat(Ui *ui, Rect cell, bool taken, bool own) {
    const Theme *theme = &ui->theme;
    if (taken)
        ui_box(ui, cell, theme->line, RADIUS_SEAT, COLOR_NONE, 0);
    else if (own)
        ui_box(ui, cell, theme->accent_tint, RADIUS_SEAT, theme->accent, OWN_BORDER);
    else
        ui_box(ui, cell, theme->card, RADIUS_SEAT, theme->accent, BORDER);
}

static void seats_as_cells(Ui *ui, Rect rect, SeatMeter meter) {
    int taken = meter.seats - meter.free;
    for (int i = 0; i < meter.seats; i++)
        seat(ui, rect_column(rect, meter.seats, i, SEAT_GAP), i < taken, i < taken + meter.free_own);
}

static void seats_as_bar(Ui *ui, Rect rect, SeatMeter meter) {
    const Theme *theme = &ui->theme;
    int taken = meter.seats - meter.free;
    ui_box(ui, rect, theme->card, RADIUS_SEAT, theme->accent, BORDER);
    int taken_w = (int)((int64_t)rect.w * taken / meter.seats),
        own_w = (int)((int64_t)rect.w * meter.free_own / meter.seats);
    if (own_w > 0)
        ui_box(ui, rect_make(rect.x + taken_w, rect.y, own_w, rect.h), theme->accent_tint, RADIUS_SEAT,
               theme->accent, OWN_BORDER);
    if (taken_w > 0)
        ui_box(ui, rect_make(rect.x, rect.y, taken_w, rect.h), theme->line, RADIUS_SEAT, COLOR_NONE, 0);
}

int ui_seat_meter(Ui *ui, Rect area, SeatMeter meter) {
    int line = ui->theme.font[FONT_S].line, own_w = ui_text_width(ui, FONT_S, meter.own_words);
    ui_text(ui, area, meter.words, (TextLook){.font = FONT_S_BOLD});
    bool beside = ui_text_width(ui, FONT_S_BOLD, meter.words) + own_w + GRID <= area.w;
    Rect own = rect_move(area, 0, beside ? 0 : line);
    ui_text(ui, own, meter.own_words,
            (TextLook){.color = ui->theme.ink2, .align = beside ? ALIGN_RIGHT : ALIGN_LEFT});
    int top = (beside || !meter.own_words.len ? line : 2 * line) + HALF / 2;
    Rect cells = {area.x, area.y + top, area.w, meter.seats <= SEATS_AS_CELLS ? cell_h(ui) : SEATS_BAR_H};
    if (meter.seats > 0 && meter.seats <= SEATS_AS_CELLS)
        seats_as_cells(ui, cells, meter);
    else if (meter.seats > 0)
        seats_as_bar(ui, cells, meter);
    return top + cells.h;
}

void ui_progress(Ui *ui, Rect rect, int part, int whole, bool on_accent) {
    const Theme *theme = &ui->theme;
    Color trough = on_accent ? theme->accent_dark : theme->sunk,
          fill = on_accent ? theme->on_accent : theme->accent;
    ui_box(ui, rect, trough, rect.h / 2, theme->card_border, BORDER);
    Rect inside = rect_inset(rect, 6);
    int width = whole > 0 ? (int)((int64_t)inside.w * part / whole) : 0;
    if (width > inside.w) width = inside.w;
    if (width < inside.h) width = part > 0 ? inside.h : 0;
    if (width > 0)
        ui_box(ui, rect_make(inside.x, inside.y, width, inside.h), fill, inside.h / 2, COLOR_NONE, 0);
}

void ui_hours(Ui *ui, Rect rect, const bool *good, int count) {
    for (int i = 0; i < count; i++) {
        Rect cell = rect_column(rect, count, i, HOURS_GAP);
        if (good[i])
            ui_box(ui, cell, ui->theme.accent, RADIUS_SEAT, COLOR_NONE, 0);
        else
            ui_box(ui, cell, COLOR_NONE, RADIUS_SEAT, ui->theme.bad, 5);
    }
}

enum { COUNTDOWN_STROKE = 20 };

void ui_countdown(Ui *ui, Rect square, int left, int whole, Str figure) {
    const Theme *theme = &ui->theme;
    Item ring = {
        .type = ITEM_ARC, .rect = square, .stroke = COUNTDOWN_STROKE, .color = theme->sunk, .sweep_deg = 360};
    ui_add(ui, ring);
    ring.color = theme->accent;
    ring.sweep_deg = whole > 0 ? 360 * left / whole : 0;
    if (ring.sweep_deg > 0) ui_add(ui, ring);
    ui_text_middle(ui, square, figure, (TextLook){.font = FONT_L, .align = ALIGN_CENTER});
}
