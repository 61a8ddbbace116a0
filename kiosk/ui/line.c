/* The line that runs through everything: what has an order in time hangs on it. */
#include "kiosk/ui/inside.h"

enum {
    STOP_R = 20,
    STOP_NOW_R = 28,
    STOP_RING = 8,
    PATH_R = 28,
    PATH_NOW_R = 38,
    PATH_TARGET_W = 220,
    PATH_TARGET_H = 160
};

static void cancelled_stop(Ui *ui, int cx, int cy, int radius) {
    ui_circle(ui, cx, cy, radius, ui->theme.bad_tint, ui->theme.bad, STOP_RING - 2);
    int side = radius * 5 / 4;
    ui_icon_thin(ui, rect_make(cx - side / 2, cy - side / 2, side, side), "croix", ui->theme.bad, 32);
}

void ui_stop(Ui *ui, int cx, int cy, StopState state) {
    const Theme *theme = &ui->theme;
    switch (state) {
    case STOP_DONE:
        ui_circle(ui, cx, cy, STOP_R, theme->accent, COLOR_NONE, 0);
        break;
    case STOP_NOW:
        ui_circle(ui, cx, cy, STOP_NOW_R, theme->signal, theme->accent, STOP_RING);
        break;
    case STOP_CANCELLED:
        cancelled_stop(ui, cx, cy, STOP_R);
        break;
    case STOP_TO_COME:
    default:
        ui_circle(ui, cx, cy, STOP_R, theme->stone, theme->accent, STOP_RING);
    }
}

/* ---- path ---- */

static void path_stop(Ui *ui, int cx, int cy, StopState state) {
    const Theme *theme = &ui->theme;
    switch (state) {
    case STOP_DONE:
        ui_circle(ui, cx, cy, PATH_R, theme->accent, COLOR_NONE, 0);
        ui_icon(ui, rect_make(cx - 20, cy - 20, 40, 40), "coche", theme->on_accent);
        break;
    case STOP_NOW:
        ui_circle(ui, cx, cy, PATH_NOW_R, theme->signal, theme->accent, STOP_RING);
        break;
    case STOP_CANCELLED:
        cancelled_stop(ui, cx, cy, PATH_R);
        break;
    case STOP_TO_COME:
    default:
        ui_circle(ui, cx, cy, PATH_R, theme->stone, theme->line, STOP_RING);
    }
}

static int stop_radius(StopState state) {
    return state == STOP_NOW ? PATH_NOW_R : PATH_R;
}

enum { LAST_LABEL_W = 182 };

static int stop_x(Rect rect, int count, int index) {
    return rect.x + PATH_R + (count > 1 ? (rect.w - LAST_LABEL_W) * index / (count - 1) : 0);
}

/* The way behind is accent up to the last stop that is done or now; the rest is pale. */
static void path_lines(Ui *ui, Rect rect, const Stop *stops, int count, int cy) {
    int from = stop_x(rect, count, 0), to = stop_x(rect, count, count - 1), reached = from;
    for (int i = 0; i < count; i++)
        if (stops[i].state == STOP_DONE || stops[i].state == STOP_NOW) reached = stop_x(rect, count, i);
    int top = cy - THE_LINE_PATH / 2;
    ui_box(ui, rect_make(from, top, to - from, THE_LINE_PATH), ui->theme.path_rest, THE_LINE_PATH / 2,
           COLOR_NONE, 0);
    if (reached > from)
        ui_box(ui, rect_make(from, top, reached - from, THE_LINE_PATH), ui->theme.accent, THE_LINE_PATH / 2,
               COLOR_NONE, 0);
}

static TextLook stop_look(const Ui *ui, StopState state, bool selected) {
    if (selected) return (TextLook){.font = FONT_S_BOLD, .tight = true};
    return (TextLook){.font = FONT_S, .color = state == STOP_TO_COME ? ui->theme.ink2 : 0, .tight = true};
}

static bool one_stop(Ui *ui, Rect room, int cx, int cy, const Stop *stop, bool selected) {
    int radius = stop_radius(stop->state), left = cx - radius;
    Rect target = {left - 8, room.y, room.w < PATH_TARGET_W ? room.w : PATH_TARGET_W, PATH_TARGET_H};
    Touched touched = ui_target(
        ui, target, (Target){.label = stop->label, .key = stop->key, .role = ROLE_STOP, .on = selected});
    path_stop(ui, cx, cy, stop->state);
    if (touched.pressed) ui_circle(ui, cx, cy, radius, COLOR_NONE, ui->theme.ink, STOP_RING);
    Rect words = {left, cy + PATH_NOW_R + 12, room.w - 12, 110};
    ui_text(ui, words, stop->label, stop_look(ui, stop->state, selected));
    if (touched.focused) ui_focus_ring(ui, target, RADIUS);
    return touched.activated;
}

int ui_path(Ui *ui, Rect rect, const Stop *stops, int count, int selected) {
    int cy = rect.y + PATH_NOW_R, touched = -1;
    if (count <= 0) return -1;
    path_lines(ui, rect, stops, count, cy);
    int pitch = count > 1 ? (rect.w - LAST_LABEL_W) / (count - 1) : rect.w;
    for (int i = 0; i < count; i++) {
        int cx = stop_x(rect, count, i);
        Rect room = {cx, rect.y, i == count - 1 ? LAST_LABEL_W + 12 : pitch, rect.h};
        if (one_stop(ui, room, cx, cy, &stops[i], i == selected)) touched = i;
    }
    return touched;
}

/* ---- week ---- */

enum { WEEK_GAP = 28, WEEK_STOP_X = 24 };

void ui_week_line(Ui *ui, Rect rect, const Stop *stops, int count) {
    int cy = rect.y + STOP_NOW_R;
    ui_box(ui, rect_make(rect.x, cy - THE_LINE / 2, rect.w, THE_LINE), ui->theme.accent, THE_LINE / 2,
           COLOR_NONE, 0);
    for (int i = 0; i < count; i++) {
        Rect column = rect_column(rect, count, i, WEEK_GAP);
        ui_stop(ui, column.x + WEEK_STOP_X, cy, stops[i].state);
        Rect words = {column.x, cy + STOP_NOW_R + 6, column.w, 60};
        ui_text(ui, words, stops[i].label, (TextLook){.font = FONT_S_BOLD, .tight = true});
    }
}

/* ---- programme ---- */

enum {
    PROGRAMME_CX = 22,
    PROGRAMME_X = 80,
    PROGRAMME_PITCH = 112,
    PROGRAMME_PLAIN_PITCH = 92,
    PROGRAMME_TIMES_W = 214
};

/* What has no hours needs no column for them. */
static int times_w(const ProgrammeRow *row) {
    return row->time.len ? PROGRAMME_TIMES_W : 0;
}

static int programme_h(Ui *ui, int width, const ProgrammeRow *row) {
    int room = width - PROGRAMME_X - times_w(row);
    int height = ui_text_height(ui, room, row->title, (TextLook){.font = FONT_S_BOLD}) +
                 ui_text_height(ui, room, row->note, (TextLook){.font = FONT_S}) + 20;
    int least = row->time.len ? PROGRAMME_PITCH : PROGRAMME_PLAIN_PITCH;
    return height > least ? height : least;
}

static void programme_row(Ui *ui, Rect area, const ProgrammeRow *row) {
    bool done = row->state == STOP_DONE, now = row->state == STOP_NOW;
    int line = ui->theme.font[FONT_S].line;
    ui_stop(ui, area.x + PROGRAMME_CX, area.y + line / 2, row->state);
    rect_cut_left(&area, PROGRAMME_X);
    Color color = done ? ui->theme.ink2 : 0;
    ui_text(ui, rect_cut_left(&area, times_w(row)), row->time,
            (TextLook){.font = done ? FONT_S : FONT_S_BOLD, .color = color});
    rect_cut_top(
        &area, ui_text(ui, area, row->title, (TextLook){.font = now ? FONT_S_BOLD : FONT_S, .color = color}));
    ui_text(ui, area, row->note, (TextLook){.color = ui->theme.ink2});
}

int ui_programme(Ui *ui, Rect area, const ProgrammeRow *rows, int count) {
    int height = 0, last = 0, line = ui->theme.font[FONT_S].line;
    for (int i = 0; i < count; i++) {
        last = programme_h(ui, area.w, &rows[i]);
        height += last;
    }
    if (count > 1)
        ui_fill(ui,
                rect_make(area.x + PROGRAMME_CX - THE_LINE / 2, area.y + line / 2, THE_LINE, height - last),
                ui->theme.accent);
    Rect rest = area;
    for (int i = 0; i < count; i++) {
        programme_row(ui, rest, &rows[i]);
        int taken = programme_h(ui, area.w, &rows[i]);
        rest.y += taken;
    }
    return height;
}
