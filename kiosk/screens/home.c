/* Home: what is on today here, and eight tiles. */
#include "kiosk/screens/parts.h"

enum {
    TODAY_MAX = 12,
    TILE_COUNT = 8,
    BAND_WIDE_H = 256,
    BAND_SMALL_H = 158,
    ROW_H = 96,
    OTHERS_W = 178,
    SMALL_TITLE_W = 380
};

typedef struct Home {
    EventInfo *events;
    size_t count;
    bool is_today; /* else the next ones to come */
} Home;

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Home *data = out;
    Millis midnight = civil_midnight(stage->now), tomorrow = civil_add_days(midnight, 1);
    ViewArg args[] = {VIEW_INT(midnight), VIEW_INT(TODAY_MAX)};
    void *rows = NULL;
    size_t count = 0;
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &rows, &count, stage->arena, err));
    EventInfo *infos = NULL;
    TRY(event_infos(stage, rows, count, &infos, err));
    data->events = ARENA_ARRAY(stage->arena, EventInfo, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (infos[i].time == EVENT_OVER || infos[i].event.status == EventStatus_cancelled) continue;
        bool today = infos[i].event.starts < tomorrow;
        if (!today && data->is_today) break;
        if (!today && data->count == 2) break;
        data->is_today |= today;
        data->events[data->count++] = infos[i];
    }
    return OK;
}

static Str when_words(const Stage *stage, const Home *data, const EventInfo *info) {
    const Event *event = &info->event;
    if (data->is_today)
        return event->all_day == TRUTH_YES ? words(stage, M_all_day)
                                           : say_span(&stage->say, event->starts, event->ends);
    return words_with(stage, M_date_time, TXT(say_day_short(&stage->say, event->starts)),
                      TXT(say_time(&stage->say, event->starts)));
}

static TodayRow today_row(const Stage *stage, const Home *data, size_t index) {
    const EventInfo *info = &data->events[index];
    TodayRow row = {.when = when_words(stage, data, info),
                    .title = event_full_title(stage, info),
                    .key = info->event.meta.id,
                    .two_lines =
                        stage->ui->screen.layout != LAYOUT_WIDE || stage->ui->theme.choice.larger_text};
    if (event_state(info) == EVENT_FREE)
        row.places = event_places(stage, info);
    else
        row.note = event_places(stage, info);
    return row;
}

static Action open_event(const Home *data, size_t index) {
    return open_screen(SCREEN_event, data->events[index].event.meta.id);
}

/* ---- the band ---- */

static void draw_stop(Ui *ui, int cx, int cy, bool now) {
    const Theme *theme = &ui->theme;
    ui_circle(ui, cx, cy, 22, now ? theme->signal : theme->accent, theme->on_accent, 8);
}

static void draw_line(Ui *ui, int cx, int from_y, int to_y) {
    ui_fill(ui, rect_make(cx - 4, from_y, THE_LINE, to_y - from_y), ui->theme.on_accent);
}

static Str others_words(const Stage *stage, const Home *data, size_t shown) {
    int64_t others = (int64_t)(data->count - shown);
    if (others > 1 || !data->is_today) return words_with(stage, M_others, NUM(others));
    return words_with(stage, M_others_at, NUM(others),
                      TXT(say_time(&stage->say, data->events[shown].event.starts)));
}

static Str others_brief(const Stage *stage, const Home *data, size_t shown) {
    return words_with(stage, M_others, NUM((int64_t)(data->count - shown)));
}

static bool draw_others(const Stage *stage, Rect face, Str label, Str brief) {
    Ui *ui = stage->ui;
    TextLook tight = {.font = FONT_S_BOLD, .align = ALIGN_CENTER, .tight = true};
    if (ui_text_height(ui, face.w - 24, label, tight) > face.h) label = brief;
    Touched touched =
        ui_target(ui, face, (Target){.label = label, .key = STR("others"), .role = ROLE_BUTTON});
    ui_touch_card(ui, face, touched.pressed);
    if (touched.pressed) face.y += EDGE;
    ui_text_middle(ui, rect_inset_xy(face, 12, 4), label, tight);
    return touched.activated;
}

static Str band_title(const Stage *stage, const Home *data) {
    return words(stage, data->is_today ? M_today_here : data->count ? M_soon : M_welcome);
}

static Str band_sentence(const Stage *stage, const Home *data) {
    return words(stage, data->count ? M_touch_an_event : M_nothing_planned);
}

static void draw_band_words(const Stage *stage, Rect area, const Home *data, bool sentence) {
    Ui *ui = stage->ui;
    int used =
        ui_text(ui, area, band_title(stage, data), (TextLook){.font = FONT_L, .color = ui->theme.on_accent});
    rect_cut_top(&area, used + HALF);
    if (sentence)
        ui_text(ui, area, band_sentence(stage, data),
                (TextLook){.font = FONT_S, .color = ui->theme.on_accent2});
}

/* At most two rows at the right, then « 3 autres ». A title of two lines makes its row, and the band, higher.
 */
typedef struct BandRows {
    TodayRow row[2];
    int height[2];
    size_t shown;
    int area_x, area_w, band_h;
} BandRows;

static BandRows band_rows(const Stage *stage, int width, const Home *data) {
    BandRows rows = {.shown = data->count < 2 ? data->count : 2, .area_x = 648};
    bool others = data->count > rows.shown;
    rows.area_w = width - rows.area_x - ui_margin(stage->ui) - (others ? OTHERS_W + 24 : 0);
    int sum = 0;
    for (size_t i = 0; i < rows.shown; i++) {
        rows.row[i] = today_row(stage, data, i);
        TodayRow brief = rows.row[i];
        brief.note =
            (Str){0}; /* said again on its own screen: left out where the title would need a second line */
        if (ui_today_row_height(stage->ui, rows.area_w, &rows.row[i]) >
            ui_today_row_height(stage->ui, rows.area_w, &brief))
            rows.row[i] = brief;
        int height = ui_today_row_height(stage->ui, rows.area_w, &rows.row[i]);
        rows.height[i] = height > ROW_H ? height : ROW_H;
        sum += rows.height[i] + 18;
    }
    rows.band_h = sum + 28 > BAND_WIDE_H ? sum + 28 : BAND_WIDE_H;
    return rows;
}

static Action draw_band_wide(const Stage *stage, Rect band, const Home *data) {
    Ui *ui = stage->ui;
    Action action = action_none();
    BandRows rows = band_rows(stage, band.w, data);
    int margin = ui_margin(ui), x = band.x + rows.area_x;
    draw_band_words(stage, rect_make(band.x + margin, band.y + 20, 480, band.h - 20), data, true);
    if (data->count > rows.shown) {
        Rect others = rect_make(rect_right(band) - margin - OTHERS_W, band.y + 22, OTHERS_W, band.h - 46);
        if (draw_others(stage, others, others_words(stage, data, rows.shown),
                        others_brief(stage, data, rows.shown)))
            action = open_screen(SCREEN_agenda, (Str){0});
    }
    int y = band.y + (rows.shown == 1 ? (band.h - rows.height[0] - EDGE) / 2 : 22), last_cy = 0;
    for (size_t i = 0; i < rows.shown; i++) {
        Rect face = rect_make(x, y, rows.area_w, rows.height[i]);
        int cy = y + rows.height[i] / 2 - 2;
        if (last_cy) draw_line(ui, band.x + 592, last_cy + 22, cy - 22);
        draw_stop(ui, band.x + 592, cy, i == 0);
        last_cy = cy;
        if (ui_today_row(ui, face, &rows.row[i])) action = open_event(data, i);
        y += rows.height[i] + 18;
    }
    return action;
}

static int small_row_width(const Stage *stage, int width, const Home *data) {
    int room = width - 2 * ui_margin(stage->ui) - SMALL_TITLE_W - 24;
    return data->count > 1 ? room - OTHERS_W - 24 : room;
}

static int small_band_height(const Stage *stage, int width, const Home *data) {
    if (!data->count) return BAND_SMALL_H;
    TodayRow row = today_row(stage, data, 0);
    int height = ui_today_row_height(stage->ui, small_row_width(stage, width, data), &row) + EDGE + 2 * HALF;
    TextLook look = {.font = FONT_L};
    int title_h = ui_text_height(stage->ui, SMALL_TITLE_W, band_title(stage, data), look) + HALF;
    if (height < title_h) height = title_h;
    return height > BAND_SMALL_H ? height : BAND_SMALL_H;
}

static Action draw_band_small(const Stage *stage, Rect band, const Home *data) {
    Ui *ui = stage->ui;
    Action action = action_none();
    Rect area = rect_inset_xy(band, ui_margin(ui), HALF);
    area.h -= EDGE;
    bool title_only = data->count > 0;
    Rect title = rect_cut_left(&area, title_only ? SMALL_TITLE_W : area.w);
    draw_band_words(stage, rect_move(title, 0, -QUARTER), data, !title_only);
    if (!data->count) return action;
    rect_cut_left(&area, 24);
    if (data->count > 1) {
        Rect others = rect_cut_right(&area, OTHERS_W);
        rect_cut_right(&area, 24);
        if (draw_others(stage, others, others_words(stage, data, 1), others_brief(stage, data, 1)))
            action = data->count == 2 ? open_event(data, 1) : open_screen(SCREEN_agenda, (Str){0});
    }
    TodayRow row = today_row(stage, data, 0);
    if (ui_today_row(ui, area, &row)) action = open_event(data, 0);
    return action;
}

static int portrait_band_height(const Stage *stage, int width, const Home *data) {
    int height = 138;
    for (size_t i = 0; i < data->count && i < 2; i++) {
        TodayRow row = today_row(stage, data, i);
        height += ui_today_row_height(stage->ui, width - ui_margin(stage->ui) * 2 - 56, &row) + GRID;
    }
    return data->count ? height : height + 70;
}

static Action draw_band_portrait(const Stage *stage, Rect band, const Home *data) {
    Ui *ui = stage->ui;
    Action action = action_none();
    Rect area = rect_inset_xy(band, ui_margin(ui), 0);
    rect_cut_top(&area, 26);
    Rect head = rect_cut_top(&area, 112);
    if (data->count > 2) {
        Str label = others_words(stage, data, 2);
        int width = ui_text_width(ui, FONT_S_BOLD, label) + 64;
        if (draw_others(stage, rect_make(rect_right(head) - width, head.y, width, 84), label, label))
            action = open_screen(SCREEN_agenda, (Str){0});
        rect_cut_right(&head, width + HALF);
    } else {
        ui_text(ui, rect_move(head, 0, 32), say_day(&stage->say, stage->now),
                (TextLook){.font = FONT_S, .color = ui->theme.on_accent2, .align = ALIGN_RIGHT});
    }
    draw_band_words(stage, rect_make(head.x, head.y, head.w, band.h), data, !data->count);
    int cx = area.x + 20, last_y = 0;
    rect_cut_left(&area, 56);
    for (size_t i = 0; i < data->count && i < 2; i++) {
        TodayRow row = today_row(stage, data, i);
        Rect face = rect_cut_top(&area, ui_today_row_height(ui, area.w, &row));
        int cy = face.y + face.h / 2;
        if (last_y) draw_line(ui, cx, last_y, cy - 22);
        draw_stop(ui, cx, cy, i == 0);
        last_y = cy + 22;
        if (ui_today_row(ui, face, &row)) action = open_event(data, i);
        rect_cut_top(&area, GRID);
    }
    return action;
}

/* ---- the tiles ---- */

static Action draw_tiles(const Stage *stage, Rect area, int columns, int gap_x, int gap_y) {
    static const struct {
        Message label;
        const char *icon;
        ScreenId screen;
    } tiles[TILE_COUNT] = {
        {M_tile_arrive, "arrive", SCREEN_paths},
        {M_tile_train, "former", SCREEN_agenda},
        {M_tile_rise, "rise", SCREEN_rises},
        {M_tile_tools, "outils", SCREEN_toolbox},
        {M_tile_eaters, "mangeurs", SCREEN_time_eaters},
        {M_tile_ideas, "idees", SCREEN_ideas},
        {M_tile_helpers, "quimaide", SCREEN_helpers},
        {M_tile_search, "recherche", SCREEN_search},
    };
    Action action = action_none();
    for (int i = 0; i < TILE_COUNT; i++) {
        Rect face = rect_cell(area, columns, (TILE_COUNT + columns - 1) / columns, i, gap_x, gap_y);
        if (ui_tile(stage->ui, face, words(stage, tiles[i].label), tiles[i].icon))
            action = open_screen(tiles[i].screen, (Str){0});
    }
    return action;
}

/* ---- reach mode: the upper half is for reading, all that is touched lies below ---- */

static void draw_reach_words(const Stage *stage, Rect band, const Home *data) {
    Ui *ui = stage->ui;
    Rect area = rect_inset_xy(band, ui_margin(ui), 18);
    rect_cut_top(&area, ui_text(ui, area, band_title(stage, data),
                                (TextLook){.font = FONT_L, .color = ui->theme.on_accent}) +
                            14);
    int cx = area.x + 22, last_y = 0;
    bool narrow = ui->screen.layout != LAYOUT_WIDE;
    rect_cut_left(&area, 80);
    for (size_t i = 0; i < data->count && i < 2; i++) {
        const EventInfo *info = &data->events[i];
        Str parts[] = {narrow ? when_words(stage, data, info) : (Str){0}, info->event.place,
                       event_places(stage, info)};
        Rect texts = area;
        if (!narrow) {
            Rect when = rect_cut_left(&texts, 350);
            ui_text(ui, when, when_words(stage, data, info),
                    (TextLook){.font = FONT_S_BOLD, .color = ui->theme.on_accent});
        }
        if (ui_text_height(ui, texts.w, event_full_title(stage, info), (TextLook){.font = FONT_S_BOLD}) +
                ui_text_height(ui, texts.w, joined(stage, parts, COUNT(parts)), (TextLook){.font = FONT_S}) >
            area.h)
            break; /* the buttons below say it too */
        int cy = area.y + 27;
        if (last_y) draw_line(ui, cx, last_y + 22, cy - 22);
        draw_stop(ui, cx, cy, i == 0);
        last_y = cy;
        int used = ui_text(ui, texts, event_full_title(stage, info),
                           (TextLook){.font = FONT_S_BOLD, .color = ui->theme.on_accent});
        rect_cut_top(&texts, used);
        used += ui_text(ui, texts, joined(stage, parts, COUNT(parts)),
                        (TextLook){.font = FONT_S, .color = ui->theme.on_accent2});
        rect_cut_top(&area, used + 24);
        if (ui->screen.layout == LAYOUT_SMALL) break;
    }
}

static Action draw_reach_buttons(const Stage *stage, Rect area, const Home *data, int lines) {
    Button buttons[2] = {{0}};
    int count = data->count < 2 ? (int)data->count : 2;
    bool brief = stage->ui->screen.layout == LAYOUT_SMALL,
         bare = brief && stage->ui->theme.choice.larger_text;
    for (int i = 0; i < count; i++) {
        const EventInfo *info = &data->events[i];
        bool can = event_can_register(stage, info);
        buttons[i] = (Button){
            .kind = can && i == 0 ? BUTTON_PRIMARY : BUTTON_SECONDARY,
            .label = brief ? info->title : words_with(stage, can ? M_register_to : M_see, TXT(info->title)),
            .key = info->event.meta.id,
            .icon = bare ? NULL : event_icon(info->event.type),
            .icon_after = bare ? NULL : "chev_droite"};
    }
    int touched = -1;
    for (int i = 0; i < count; i++) {
        Rect face = lines > 1 ? rect_row(area, count, i, HALF) : rect_column(area, count, i, GRID);
        face.h = ui_button_height(stage->ui);
        if (ui_button(stage->ui, face, buttons[i])) touched = i;
    }
    return touched >= 0 ? open_event(data, (size_t)touched) : action_none();
}

static Action draw_reach(const Stage *stage, Rect content, const Home *data) {
    Ui *ui = stage->ui;
    bool portrait = ui->screen.layout == LAYOUT_PORTRAIT, small = ui->screen.layout == LAYOUT_SMALL;
    int columns = portrait ? 2 : 4, rows = TILE_COUNT / columns;
    bool tall = small && ui->theme.choice.larger_text;
    int tile_h = tall ? 122 : small ? 88 : 134, gap = small ? 10 : 16;
    Rect rest = content;
    rect_cut_bottom(&rest, small ? 12 : 22);
    Rect tiles = rect_cut_bottom(&rest, rows * (tile_h + EDGE) + (rows - 1) * gap - EDGE);
    rect_cut_bottom(&rest, small ? 12 : 22);
    Action action = action_none();
    if (data->count) {
        int lines = portrait && data->count > 1 ? 2 : 1;
        Rect buttons = rect_cut_bottom(&rest, lines * (ui_button_height(ui) + EDGE) + (lines - 1) * HALF);
        rect_cut_bottom(&rest, small ? 12 : 26);
        action = draw_reach_buttons(stage, rect_inset_xy(buttons, ui_margin(ui), 0), data, lines);
    }
    ui_fill(ui, rest, ui->theme.accent);
    draw_reach_words(stage, rest, data);
    Action tile = draw_tiles(stage, rect_inset_xy(tiles, ui_margin(ui), 0), columns,
                             tall    ? HALF
                             : small ? 24
                                     : GRID,
                             gap + EDGE);
    return tile.type != ACTION_NONE ? tile : action;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    (void)state;
    const Home *data = in;
    Ui *ui = stage->ui;
    Rect content = ui_content(ui);
    if (ui->theme.choice.reach) return draw_reach(stage, content, data);
    bool portrait = ui->screen.layout == LAYOUT_PORTRAIT, small = ui->screen.layout == LAYOUT_SMALL;
    int band_h = portrait ? portrait_band_height(stage, content.w, data)
                 : small  ? small_band_height(stage, content.w, data)
                          : band_rows(stage, content.w, data).band_h;
    Rect band = rect_cut_top(&content, band_h);
    ui_fill(ui, band, ui->theme.accent);
    Action action = portrait ? draw_band_portrait(stage, band, data)
                    : small  ? draw_band_small(stage, band, data)
                             : draw_band_wide(stage, band, data);
    rect_cut_top(&content, portrait ? GRID : small ? 22 : 24);
    rect_cut_bottom(&content, small ? GRID : 30);
    int gap_x = small && ui->theme.choice.larger_text ? HALF : small ? 25 : GRID, gap_y = small ? 24 : 30;
    Action tile = draw_tiles(stage, rect_inset_xy(content, ui_margin(ui), 0), portrait ? 2 : 4, gap_x, gap_y);
    return tile.type != ACTION_NONE ? tile : action;
}

const ScreenKind screen_home = {
    .name = "home",
    .data_size = sizeof(Home),
    .reads = KIND_BIT(K_event) | KIND_BIT(K_seats) | KIND_BIT(K_quota) | KIND_BIT(K_org) |
             KIND_BIT(K_registration),
    .by_minute = true,
    .load = load,
    .draw = draw,
};
