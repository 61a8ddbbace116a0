/* What is on today and this week; nothing to touch but the whole screen (the shell takes that touch). */
#include "kiosk/screens/parts.h"

enum {
    TODAY_MAX = 8,
    WEEK_MAX = 4,
    ART_W = 1920,
    ART_H = 560,
    ART_SKY = 115,
    ART_SMALL_H = 300,
    PILL_H = 112
};

typedef struct Attract {
    EventInfo *today, *coming;
    size_t today_count, coming_count;
    bool is_today; /* `today` holds today's; else the next one to come */
} Attract;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Attract *data = out;
    Millis midnight = civil_midnight(stage->now), tomorrow = civil_add_days(midnight, 1);
    ViewArg args[] = {VIEW_INT(midnight), VIEW_INT(TODAY_MAX + WEEK_MAX)};
    void *rows = NULL;
    size_t count = 0;
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &rows, &count, stage->arena, err));
    EventInfo *infos = NULL;
    TRY(event_infos(stage, rows, count, &infos, err));
    data->today = ARENA_ARRAY(stage->arena, EventInfo, count + 1);
    data->coming = ARENA_ARRAY(stage->arena, EventInfo, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (infos[i].time == EVENT_OVER || infos[i].event.status == EventStatus_cancelled) continue;
        bool today = infos[i].event.starts < tomorrow;
        data->is_today |= today;
        if (today || (!data->is_today && !data->today_count))
            data->today[data->today_count++] = infos[i];
        else if (data->coming_count < WEEK_MAX)
            data->coming[data->coming_count++] = infos[i];
    }
    return OK;
}

/* Each of today's in turn, slowly; the first only in calm mode. */
static const EventInfo *featured(const Stage *stage, const Attract *data) {
    if (!data->today_count) return NULL;
    if (data->today_count == 1 || stage->ui->theme.choice.calm) return &data->today[0];
    Millis turn = stage->ui->now_ms / ATTRACT_MS;
    ui_wake_at(stage->ui, (turn + 1) * ATTRACT_MS);
    return &data->today[(size_t)turn % data->today_count];
}

static void draw_place(const Stage *stage, Rect area, const EventInfo *info) {
    Ui *ui = stage->ui;
    int needed = ui_fact_height(ui, area.w, info->event.place, false);
    if (needed > area.h) return;
    int used = ui_fact(ui, area, "lieu", info->event.place, false, COLOR_NONE);
    if (event_state(info) != EVENT_FREE || used + QUARTER + needed > area.h) return;
    rect_cut_top(&area, used + QUARTER);
    ui_fact(ui, area, "chaise", words_with(stage, M_places_free, NUM(info->free)), true, ui->theme.accent);
}

static void draw_featured(const Stage *stage, Rect area, const Attract *data, const EventInfo *info) {
    Ui *ui = stage->ui;
    Str head = data->is_today ? words(stage, M_today_here) : say_day(&stage->say, info->event.starts);
    int used = ui_text(ui, area, head, (TextLook){.font = FONT_M_BOLD, .color = ui->theme.accent});
    rect_cut_top(&area, used);
    bool all_day = info->event.all_day == TRUTH_YES;
    Str when =
        all_day ? words(stage, M_all_day) : say_span(&stage->say, info->event.starts, info->event.ends);
    Font font = ui_text_width(ui, FONT_XL, when) <= area.w ? FONT_XL : FONT_L;
    rect_cut_top(&area, ui_text(ui, area, when, (TextLook){.font = font}) + HALF);
    Str title = event_full_title(stage, info);
    bool small = ui->screen.layout == LAYOUT_SMALL;
    rect_cut_top(&area,
                 ui_text(ui, area, title, (TextLook){.font = small ? FONT_M_BOLD : FONT_L, .max_lines = 2}) +
                     12);
    draw_place(stage, area, info);
}

static int draw_coming_one(const Stage *stage, Rect area, const EventInfo *info) {
    Ui *ui = stage->ui;
    Str day = words_with(stage, M_date_time, TXT(say_day_near(&stage->say, info->event.starts)),
                         TXT(say_time(&stage->say, info->event.starts)));
    int used = ui_text(ui, area, day, (TextLook){.font = FONT_S, .color = ui->theme.ink2});
    rect_cut_top(&area, used);
    return used + ui_text(ui, area, info->title, (TextLook){.font = FONT_S_BOLD, .max_lines = 2});
}

/* The line with its stops, as far as there is room. */
static void draw_coming(const Stage *stage, Rect area, const Attract *data) {
    Ui *ui = stage->ui;
    Str head = words(stage, data->is_today ? M_this_week : M_then);
    rect_cut_top(&area,
                 ui_text(ui, area, head, (TextLook){.font = FONT_M_BOLD, .color = ui->theme.accent}) + 24);
    int stop_x = area.x + 18, last_y = 0;
    Rect texts = area;
    rect_cut_left(&texts, GRID * 2);
    for (size_t i = 0; i < data->coming_count; i++) {
        const EventInfo *info = &data->coming[i];
        TextLook look = {.font = FONT_S_BOLD, .max_lines = 2};
        int height = ui->theme.font[FONT_S].line + ui_text_height(ui, texts.w, info->title, look);
        if (height > texts.h) break;
        int stop_y = texts.y + ui->theme.font[FONT_S].line / 2;
        if (last_y) ui_fill(ui, rect_make(stop_x - 4, last_y, THE_LINE, stop_y - last_y), ui->theme.accent);
        if (last_y) ui_stop(ui, stop_x, last_y, STOP_TO_COME);
        ui_stop(ui, stop_x, stop_y, STOP_TO_COME);
        last_y = stop_y;
        rect_cut_top(&texts, draw_coming_one(stage, texts, info) + 28);
    }
}

static void draw_welcome(const Stage *stage, Rect area) {
    Ui *ui = stage->ui;
    rect_cut_top(&area,
                 ui_text(ui, area, words(stage, M_attract_welcome), (TextLook){.font = FONT_XL}) + HALF);
    ui_text(ui, area, words(stage, M_attract_sentence),
            (TextLook){.font = FONT_M_BOLD, .color = ui->theme.ink2});
}

/* The illustration along the lower edge, and over its water the invitation. Returns the height that text must
 * leave free. */
static int draw_foot(const Stage *stage, Rect page) {
    Ui *ui = stage->ui;
    bool portrait = ui->screen.layout == LAYOUT_PORTRAIT, small = ui->screen.layout == LAYOUT_SMALL;
    int height = portrait ? ART_H : small ? ART_SMALL_H : page.w * ART_H / ART_W;
    Rect art = rect_make(page.x, rect_bottom(page) - height, page.w, height);
    ui_picture(
        ui, art,
        (Picture){.name = STR("art-pont.svg"), .spoken = words(stage, M_attract_art), .fit = FIT_COVER});
    Str label = words(stage, M_touch_to_start);
    int width = ui_text_width(ui, FONT_M_BOLD, label) + 170, margin = ui_margin(ui);
    Rect pill =
        rect_make(rect_right(page) - margin - width, rect_bottom(page) - GRID - PILL_H, width, PILL_H);
    if (portrait) pill.x = page.x + (page.w - width) / 2;
    ui_pill(ui, pill, label, "main");
    return height - height * ART_SKY / ART_H;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Attract *data = in;
    Ui *ui = stage->ui;
    Rect page = ui_page(ui);
    int foot = draw_foot(stage, page);
    Rect area = rect_inset_xy(page, ui_margin(ui), 0);
    rect_cut_top(&area, TOP_BAR_H + GRID);
    rect_cut_bottom(&area, foot + QUARTER);
    const EventInfo *info = featured(stage, data);
    if (!info) {
        draw_welcome(stage, area);
        return action_none();
    }
    Rect left = area, right = area;
    if (ui->screen.layout == LAYOUT_PORTRAIT) {
        left = rect_cut_top(&right, 560);
        rect_cut_top(&right, GRID);
    } else {
        left = rect_cut_left(&right, area.w * 56 / 100);
        rect_cut_left(&right, GRID * 2);
    }
    draw_featured(stage, left, data, info);
    if (data->coming_count) draw_coming(stage, right, data);
    return action_none();
}

const ScreenKind screen_attract = {
    .name = "attract",
    .data_size = sizeof(Attract),
    .reads = KIND_BIT(K_event) | KIND_BIT(K_seats) | KIND_BIT(K_quota) | KIND_BIT(K_org),
    .bare = true,
    .by_minute = true,
    .load = load,
    .draw = draw,
};
