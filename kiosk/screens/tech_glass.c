/* The pages that set the glass: how it hangs, how large it is, when it sleeps. */
#include "kiosk/screens/tech.h"

enum {
    ROW_GAP = 8,
    TURNS = 4,
    BAR_MAX_U = 1000,
    BAR_H = 56,
    FIGURE_W = 300,
    NIGHT_STEP_MIN = 30,
    USUAL_FROM_MIN = 20 * 60,
    USUAL_UNTIL_MIN = 6 * 60 + 30,
    SCROLLED_H = 4000,
    MM_MIN = 20,
    MM_MAX = 2000
};

static Action set_glass(Glass glass) {
    return (Action){.type = ACTION_GLASS, .glass = glass};
}

/* ---- rotation, and the way to the rest ---- */

static int draw_rotation(const Stage *stage, Rect area, Action *action) {
    static const Str labels[TURNS] = {{"0°", 3}, {"90°", 4}, {"180°", 5}, {"270°", 5}};
    Ui *ui = stage->ui;
    int at = stage->glass->rotation_deg / 90;
    Str title = words(stage, M_tech_rotation);
    int tabs_w = ui_tabs_width(ui, labels, TURNS), title_w = ui_text_width(ui, FONT_S_BOLD, title);
    bool beside = title_w + tabs_w + 3 * GRID < area.w;
    int height = beside ? TROUGH_H + 24 : TROUGH_H + 24 + 64;
    Rect card = rect_make(area.x, area.y, area.w, height), inside = rect_inset_xy(card, GRID, 12);
    ui_card(ui, card);
    Rect words_at = beside ? rect_cut_left(&inside, inside.w - tabs_w) : rect_cut_top(&inside, 64);
    ui_text_middle(ui, words_at, title, (TextLook){.font = FONT_S_BOLD});
    int touched = ui_tabs(ui, rect_make(inside.x, inside.y, tabs_w, TROUGH_H), labels, TURNS, at);
    if (touched >= 0 && touched != at) *action = set_glass(glass_turned(*stage->glass, touched * 90));
    return height;
}

static bool draw_row(const Stage *stage, Rect *rest, ListRow row) {
    int height = ui_row_height(stage->ui, rest->w, &row);
    bool touched = ui_row(stage->ui, rect_cut_top(rest, height), &row) == ROW_OPEN;
    rect_cut_top(rest, EDGE + ROW_GAP);
    return touched;
}

static Str night_words(const Stage *stage) {
    const Glass *glass = stage->glass;
    if (!glass->night) return words(stage, M_tech_night_none);
    Millis midnight = civil_midnight(stage->now);
    Str from = say_clock(&stage->say, midnight + (Millis)glass->night_from_min * MINUTE_MS);
    Str until = say_clock(&stage->say, midnight + (Millis)glass->night_until_min * MINUTE_MS);
    return words_with(stage, M_tech_night_hours, TXT(from), TXT(until));
}

static Action open_tech(const Stage *stage, const char *page) {
    (void)stage;
    return open_screen(SCREEN_technician, str_of(page));
}

static Action draw_screen_rows(const Stage *stage, Rect rest, int *bottom) {
    Ui *ui = stage->ui;
    const Glass *glass = stage->glass;
    Action action = action_none();
    Str size = glass->width_mm ? words_with(stage, M_tech_mm, NUM(glass->width_mm), NUM(glass->height_mm))
                               : words(stage, M_tech_mm_unknown);
    rect_cut_top(&rest, draw_rotation(stage, rest, &action) + ROW_GAP);
    if (draw_row(stage, &rest,
                 (ListRow){.title = words(stage, M_tech_measure),
                           .subtitle = size,
                           .icon = "ecran",
                           .icon_right = "chev_droite"}))
        action = open_tech(stage, "measure");
    Str calibrated = words(stage, glass->calibrated ? M_tech_calibrated : M_tech_not_calibrated);
    if (draw_row(stage, &rest,
                 (ListRow){.title = words(stage, M_tech_calibrate),
                           .subtitle = calibrated,
                           .icon = "main",
                           .icon_right = "chev_droite"}))
        action = open_screen(SCREEN_calibrate, (Str){0});
    if (draw_row(stage, &rest,
                 (ListRow){.title = words(stage, M_tech_night),
                           .subtitle = night_words(stage),
                           .icon = "nuit",
                           .icon_right = "chev_droite"}))
        action = open_tech(stage, "night");
    Switch drift = {words(stage, M_tech_drift), words(stage, M_tech_drift_what), "calme", !glass->still};
    int height = ui_switch_height(ui, rest.w, drift);
    if (ui_switch(ui, rect_cut_top(&rest, height), drift)) {
        Glass other = *glass;
        other.still = !other.still;
        action = set_glass(other);
    }
    *bottom = rest.y + EDGE;
    return action;
}

Action tech_draw_screen(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)data, (void)visit;
    int bottom = 0;
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, STR("screen"));
    Rect rest = scroll.content;
    rest.h = SCROLLED_H;
    Action action = draw_screen_rows(stage, rest, &bottom);
    ui_scroll_end(stage->ui, scroll, bottom - scroll.content.y, page_words(stage, STR("screen")));
    return action;
}

/* ---- how long a line is, by a ruler on the glass ---- */

static void draw_ruler(const Stage *stage, Rect bar) {
    Ui *ui = stage->ui;
    int middle = bar.y + bar.h / 2, right = rect_right(bar);
    ui_fill(ui, rect_make(bar.x, middle - 4, bar.w, 8), ui->theme.accent);
    ui_fill(ui, rect_make(bar.x, bar.y, 4, bar.h), ui->theme.accent);
    ui_fill(ui, rect_make(right - 4, bar.y, 4, bar.h), ui->theme.accent);
}

static int usual_mm(const Stage *stage, int bar_u) {
    const Screen *screen = &stage->ui->screen;
    int width = stage->glass->width_mm;
    return width ? (bar_u * width + screen->w / 2) / screen->w : (int)(bar_u / 4.03 + 0.5);
}

static Glass measured_glass(const Stage *stage, int bar_u, int mm) {
    Glass glass = *stage->glass;
    glass.width_mm = (stage->ui->screen.w * mm + bar_u / 2) / bar_u;
    glass.height_mm = (stage->ui->screen.h * mm + bar_u / 2) / bar_u;
    glass.calibrated = false; /* its points were in other units */
    return glass;
}

/* −10 −1 +1 +10; what is to be added. */
static int draw_steps(const Stage *stage, Rect row, const int *steps, int count, const Str *labels) {
    int by = 0;
    for (int i = 0; i < count; i++) {
        Rect cell = rect_column(row, count, i, HALF);
        if (ui_button(stage->ui, cell, (Button){.label = labels[i]})) by = steps[i];
    }
    return by;
}

Action tech_draw_measure(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    static const int steps[] = {-10, -1, 1, 10};
    const Str labels[] = {STR("− 10"), STR("− 1"), STR("+ 1"), STR("+ 10")};
    Ui *ui = stage->ui;
    (void)data;
    int bar_u = area.w - 8 < BAR_MAX_U ? area.w - 8 : BAR_MAX_U;
    if (!visit->measured_mm) visit->measured_mm = usual_mm(stage, bar_u);
    Rect foot = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, HALF);
    rect_cut_top(&area, ui_text(ui, area, words(stage, M_measure_what), (TextLook){.font = FONT_S}) + HALF);
    Rect bar = rect_cut_top(&area, BAR_H);
    bar.w = bar_u;
    draw_ruler(stage, bar);
    rect_cut_top(&area, HALF);
    Str figure = words_with(stage, M_measure_mm, NUM(visit->measured_mm));
    Rect row = area;
    if (ui->screen.layout == LAYOUT_SMALL) /* the figure and its buttons in one row */
        ui_text_middle(ui, rect_make(row.x, row.y, FIGURE_W, ui_button_height(ui)), figure,
                       (TextLook){.font = FONT_L});
    if (ui->screen.layout == LAYOUT_SMALL)
        rect_cut_left(&row, FIGURE_W);
    else
        rect_cut_top(&row, ui_text(ui, row, figure, (TextLook){.font = FONT_L}) + HALF);
    row.h = ui_button_height(ui);
    if (row.w > BAR_MAX_U) row.w = BAR_MAX_U;
    int mm = visit->measured_mm + draw_steps(stage, row, steps, COUNT(steps), labels);
    visit->measured_mm = mm < MM_MIN ? MM_MIN : mm > MM_MAX ? MM_MAX : mm;
    Button keep = {.kind = BUTTON_PRIMARY, .label = words(stage, M_measure_apply)};
    int width = ui_button_width(ui, keep);
    if (ui_button(ui, rect_cut_left(&foot, width < foot.w ? width : foot.w), keep))
        return set_glass(measured_glass(stage, bar_u, visit->measured_mm));
    return action_none();
}

/* ---- night hours ---- */

static int step_minutes(int minutes, int by) {
    return (minutes + by * NIGHT_STEP_MIN + DAY_MIN) % DAY_MIN;
}

/* « de 20 h 00 » between an earlier and a later. */
static int draw_moment(const Stage *stage, Rect row, Message message, int minutes) {
    Ui *ui = stage->ui;
    Str clock = say_clock(&stage->say, civil_midnight(stage->now) + (Millis)minutes * MINUTE_MS);
    ui_push_key(ui, str_of(message_name(message)));
    Rect earlier = rect_cut_left(&row, 150), later = rect_cut_right(&row, 150);
    int by = 0;
    if (ui_button(ui, earlier, (Button){.label = STR("−"), .key = STR("-")})) by = -1;
    if (ui_button(ui, later, (Button){.label = STR("+"), .key = STR("+")})) by = 1;
    ui_pop_key(ui);
    rect_cut_left(&row, GRID);
    ui_text_middle(ui, row, words_with(stage, message, TXT(clock)), (TextLook){.font = FONT_M_BOLD});
    return by;
}

static bool draw_night_switch(const Stage *stage, Rect *area, Switch row) {
    int height = ui_switch_height(stage->ui, area->w, row);
    bool toggled = ui_switch(stage->ui, rect_cut_top(area, height), row);
    rect_cut_top(area, EDGE + ROW_GAP);
    return toggled;
}

static Action draw_night_rows(const Stage *stage, Rect area, int *bottom) {
    Ui *ui = stage->ui;
    Glass glass = *stage->glass;
    Switch night = {words(stage, M_tech_night), words(stage, M_night_what), "nuit", glass.night};
    Switch clock = {words(stage, M_night_clock), words(stage, M_night_clock_what), "horloge",
                    !glass.night_black};
    bool toggled = draw_night_switch(stage, &area, night);
    *bottom = area.y;
    if (toggled) {
        glass.night = !glass.night;
        bool unset = glass.night_from_min == glass.night_until_min;
        if (unset) glass.night_from_min = USUAL_FROM_MIN, glass.night_until_min = USUAL_UNTIL_MIN;
        return set_glass(glass);
    }
    if (!glass.night) return action_none();
    int from =
        draw_moment(stage, rect_cut_top(&area, ui_button_height(ui)), M_night_from, glass.night_from_min);
    rect_cut_top(&area, EDGE + ROW_GAP);
    int until =
        draw_moment(stage, rect_cut_top(&area, ui_button_height(ui)), M_night_until, glass.night_until_min);
    rect_cut_top(&area, EDGE + ROW_GAP);
    bool clocked = draw_night_switch(stage, &area, clock);
    *bottom = area.y;
    glass.night_from_min = step_minutes(glass.night_from_min, from);
    glass.night_until_min = step_minutes(glass.night_until_min, until);
    if (clocked) glass.night_black = !glass.night_black;
    return from || until || clocked ? set_glass(glass) : action_none();
}

Action tech_draw_night(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)data, (void)visit;
    int bottom = 0;
    if (area.w > BAR_MAX_U) area.w = BAR_MAX_U;
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, STR("night"));
    Rect rest = scroll.content;
    rest.h = SCROLLED_H;
    Action action = draw_night_rows(stage, rest, &bottom);
    ui_scroll_end(stage->ui, scroll, bottom - scroll.content.y, page_words(stage, STR("night")));
    return action;
}
