/* The pages that only tell: network, synchronisation, storage, journal, the machine; and the badge test. */
#include "kiosk/screens/tech.h"

#include <stdlib.h>

enum { FIGURE_COUNT = 3, HOURS_H = 48, SUM_SHOWN = 8, JOURNAL_LINES_MAX = 60, SCROLLED_H = 4000 };

void draw_known(const Stage *stage, Rect area, Str key, const Known *known, size_t count) {
    TableColumn columns[] = {{words(stage, M_tech_what), 2, ALIGN_LEFT},
                             {words(stage, M_tech_state), 3, ALIGN_LEFT}};
    TableCell *cells = ARENA_ARRAY(stage->arena, TableCell, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = (TableCell){.text = known[i].what};
        cells[2 * i + 1] =
            (TableCell){.text = known[i].state, .tone = known[i].tone, .bold = known[i].tone != 0};
    }
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, key);
    int height = ui_table(stage->ui, scroll.content, columns, COUNT(columns), cells, (int)count);
    ui_scroll_end(stage->ui, scroll, height, page_words(stage, key));
}

static Str or_none(const Stage *stage, Str text) {
    return text.len ? text : words(stage, M_tech_none);
}

static Str age_words(const Stage *stage, Millis at) {
    if (at == INT_ABSENT) return words(stage, M_tech_never);
    Millis minutes = (stage->now - at) / MINUTE_MS;
    if (minutes < 60) return words_with(stage, M_tech_minutes, NUM(minutes < 0 ? 0 : minutes));
    if (minutes < 48 * 60) return words_with(stage, M_tech_hours, NUM(minutes / 60));
    return words_with(stage, M_tech_days, NUM(minutes / (24 * 60)));
}

static Str offset_words(const Stage *stage) {
    int64_t tenths = (llabs(stage->health->clock_offset_ms) + 50) / 100;
    if (stage->health->last_contact == INT_ABSENT) return words(stage, M_tech_none);
    if (tenths >= 600) return words_with(stage, M_tech_minutes, NUM(tenths / 600));
    Str whole = say_number(&stage->say, tenths / 10), part = say_number(&stage->say, tenths % 10);
    return words_with(stage, M_tech_seconds, TXT(whole), TXT(part));
}

/* ---- network ---- */

Action tech_draw_network(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)visit;
    const Machine *machine = &data->machine;
    const ViewHealth *health = stage->health;
    Known known[4 + COUNT(machine->addresses)];
    size_t count = 0;
    known[count++] =
        (Known){words(stage, M_tech_link), words(stage, health->online ? M_tech_online : M_tech_offline),
                health->online ? TONE_OK : TONE_BAD};
    known[count++] = (Known){words(stage, M_tech_hub), or_none(stage, str_of(health->hubs)), TONE_NEUTRAL};
    known[count++] =
        (Known){words(stage, M_tech_last_contact), age_words(stage, health->last_contact), TONE_NEUTRAL};
    known[count++] =
        (Known){words(stage, M_tech_error), or_none(stage, str_of(health->last_error)), TONE_NEUTRAL};
    for (int i = 0; i < machine->address_count; i++)
        known[count++] = (Known){words_with(stage, M_tech_address, TXT(str_of(machine->addresses[i].link))),
                                 str_of(machine->addresses[i].address), TONE_NEUTRAL};
    if (!machine->address_count)
        known[count++] = (Known){words(stage, M_tech_addresses), words(stage, M_tech_no_address), TONE_BAD};
    draw_known(stage, area, STR("network"), known, count);
    return action_none();
}

/* ---- synchronisation ---- */

/* The first caption is the longest. */
static Rect figure_cell(Rect row, int index) {
    Rect rest = row, first = rect_cut_left(&rest, row.w * 38 / 100);
    rect_cut_left(&rest, GRID);
    return index == 0 ? first : rect_column(rest, FIGURE_COUNT - 1, index - 1, GRID);
}

static int draw_figures(const Stage *stage, Rect area) {
    struct {
        Str figure, caption;
    } figures[FIGURE_COUNT] = {
        {say_number(&stage->say, stage->health->pending_ops), words(stage, M_tech_pending)},
        {age_words(stage, stage->health->last_contact), words(stage, M_tech_contact)},
        {offset_words(stage), words(stage, M_tech_offset)}};
    bool narrow = area.w < 900;
    int height = 0;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        int needed =
            ui_figure_height(stage->ui, narrow ? area.w : figure_cell(area, i).w, figures[i].caption);
        height = needed > height ? needed : height;
    }
    int whole = narrow ? FIGURE_COUNT * height + (FIGURE_COUNT - 1) * HALF : height;
    Rect row = rect_make(area.x, area.y, area.w, whole);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        Rect cell = narrow ? rect_row(row, FIGURE_COUNT, i, HALF) : figure_cell(row, i);
        ui_figure(stage->ui, cell, figures[i].figure, figures[i].caption);
    }
    return whole;
}

static Str last_cut(const Stage *stage, const TechData *data) {
    for (size_t i = 0; i < data->link_count; i++) {
        const ViewLink *link = &data->links[i];
        if (!link->text.len || stage->now - link->at > (Millis)LINK_HOURS * HOUR_MS) continue;
        return words_with(stage, M_tech_cut_at, TXT(say_clock(&stage->say, link->at)));
    }
    return stage->health->last_contact == INT_ABSENT ? words(stage, M_tech_never)
                                                     : words(stage, M_tech_no_cut);
}

static int draw_hours(const Stage *stage, Rect area, const TechData *data) {
    Ui *ui = stage->ui;
    bool good[LINK_HOURS];
    Str note = last_cut(stage, data);
    link_hours(data->links, data->link_count, stage->health->last_contact != INT_ABSENT, stage->now, good);
    TextLook head = {.font = FONT_S_BOLD}, tail = {.font = FONT_S, .color = ui->theme.ink2};
    Str title = words(stage, M_tech_last_hours);
    int title_w = ui_text_width(ui, FONT_S_BOLD, title), note_w = ui_text_width(ui, FONT_S, note), y = area.y;
    int used = ui_text(ui, area, title, head);
    if (title_w + note_w + GRID > area.w) y += used, used += used;
    Rect right = rect_make(rect_right(area) - note_w, y, note_w, area.h);
    if (y > area.y) right.x = area.x;
    ui_text(ui, right, note, tail);
    ui_hours(ui, rect_make(area.x, area.y + used + HALF, area.w, HOURS_H), good, LINK_HOURS);
    return used + HALF + HOURS_H;
}

static Str sum_words(const Stage *stage, Str sum) {
    if (sum.len < SUM_SHOWN) return (Str){0};
    return str_print(stage->arena, "%.4s %.4s", sum.at, sum.at + 4);
}

static TableCell scope_state(const Stage *stage, const ViewScope *scope) {
    if (scope->fault.len) return (TableCell){words(stage, M_tech_differs), "alerte", TONE_BAD, true};
    if (scope->loading) return (TableCell){words(stage, M_tech_loading), "sync", TONE_SIGNAL, true};
    return (TableCell){words(stage, M_tech_equal), "coche_cercle", TONE_OK, true};
}

static int draw_scopes(const Stage *stage, Rect area, const TechData *data) {
    enum { COLUMNS = 4 };
    TableColumn columns[COLUMNS] = {{words(stage, M_tech_scope), 1, ALIGN_LEFT},
                                    {words(stage, M_tech_records), 0, ALIGN_RIGHT},
                                    {words(stage, M_tech_sum), 0, ALIGN_LEFT},
                                    {words(stage, M_tech_check), 0, ALIGN_LEFT}};
    TableCell *cells = ARENA_ARRAY(stage->arena, TableCell, COLUMNS * data->scope_count + 1);
    for (size_t i = 0; i < data->scope_count; i++) {
        const ViewScope *scope = &data->scopes[i];
        cells[COLUMNS * i] = (TableCell){.text = scope->scope};
        cells[COLUMNS * i + 1] = (TableCell){.text = say_number(&stage->say, scope->count)};
        cells[COLUMNS * i + 2] = (TableCell){.text = sum_words(stage, scope->sum)};
        cells[COLUMNS * i + 3] = scope_state(stage, scope);
    }
    return ui_table(stage->ui, area, columns, COLUMNS, cells, (int)data->scope_count);
}

static int draw_link(const Stage *stage, Rect area, const TechData *data) {
    int used = draw_figures(stage, area) + 24;
    rect_cut_top(&area, used);
    return used + draw_hours(stage, area, data) + 24;
}

/* Where there is room, what matters stays and only the scopes scroll. */
static void draw_sync_body(const Stage *stage, Rect area, const TechData *data) {
    Ui *ui = stage->ui;
    bool roomy = ui->screen.layout != LAYOUT_SMALL;
    if (roomy) rect_cut_top(&area, draw_link(stage, area, data));
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("sync"));
    Rect rest = scroll.content;
    int top = rest.y;
    if (!roomy) rect_cut_top(&rest, draw_link(stage, rest, data));
    rest.h = SCROLLED_H;
    int height = draw_scopes(stage, rest, data);
    ui_scroll_end(ui, scroll, rest.y - top + height, page_words(stage, STR("sync")));
}

Action tech_draw_sync(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)visit;
    Ui *ui = stage->ui;
    Rect foot = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, 24);
    Button sync = {.kind = BUTTON_PRIMARY,
                   .label = words(stage, M_tech_sync_now),
                   .icon = "sync",
                   .disabled = !stage->can_write};
    int width = ui_button_width(ui, sync);
    draw_sync_body(stage, area, data);
    if (ui_button(ui, rect_cut_left(&foot, width < foot.w ? width : foot.w), sync))
        return (Action){.type = ACTION_REQUEST, .arg = STR("sync")};
    return action_none();
}

/* ---- badge test ---- */

static Str badge_verdict(const Stage *stage, const BadgeTest *test) {
    if (test->taken) return words(stage, M_badge_test_good);
    if (test->too_slow) return words(stage, M_badge_test_slow);
    return words(stage, test->too_long ? M_badge_test_long : M_badge_test_short);
}

Action tech_draw_badge(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)data, (void)visit;
    Ui *ui = stage->ui;
    const BadgeTest *test = stage->badge_test;
    rect_cut_top(&area, ui_text(ui, area, words(stage, M_badge_test), (TextLook){.font = FONT_S}) + GRID);
    if (!test->at) {
        ui_empty(ui,
                 rect_make(area.x, area.y, area.w,
                           ui_empty_height(ui, area.w, (Str){0}, words(stage, M_badge_test_none))),
                 "badge", (Str){0}, words(stage, M_badge_test_none));
        return action_none();
    }
    rect_cut_top(&area, ui_banner(ui, area, test->taken ? BANNER_OK : BANNER_ERROR, (Str){0},
                                  badge_verdict(stage, test)) +
                            24);
    const Known known[] = {
        {words(stage, M_badge_test_at), say_clock(&stage->say, test->at), TONE_NEUTRAL},
        {words(stage, M_badge_test_digits), say_number(&stage->say, test->digits), TONE_NEUTRAL},
        {words(stage, M_badge_test_time), words_with(stage, M_tech_ms, NUM(test->ms)), TONE_NEUTRAL},
        {words(stage, M_badge_test_gap), words_with(stage, M_tech_ms, NUM(test->widest_gap_ms)),
         TONE_NEUTRAL}};
    draw_known(stage, area, STR("badge"), known, COUNT(known));
    return action_none();
}

/* ---- storage ---- */

static Str size_words(const Stage *stage, int64_t bytes) {
    enum { KB = 1000, MB = 1000 * KB, GB = 1000 * MB };
    if (bytes >= 10 * (int64_t)GB) return words_with(stage, M_size_gb, NUM(bytes / GB));
    if (bytes >= (int64_t)MB) return words_with(stage, M_size_mb, NUM(bytes / MB));
    return words_with(stage, M_size_kb, NUM((bytes + KB - 1) / KB));
}

static Str outbox_words(const Stage *stage) {
    const OutboxAside *aside = &stage->health->aside;
    if (stage->health->outbox_status == OK && aside->number)
        return words_with(stage, M_tech_aside, NUM(aside->ops), NUM(aside->number));
    if (stage->health->outbox_status == OK) return words(stage, M_tech_writable);
    if (stage->health->outbox_status == E_FULL) return words(stage, M_tech_full);
    return words(stage, stage->health->outbox_status == E_READONLY ? M_tech_readonly : M_tech_broken);
}

static Message replica_message(ReplicaState state) {
    switch (state) {
    case REPLICA_READY:
        return M_tech_ready;
    case REPLICA_MISSING:
        return M_tech_missing;
    case REPLICA_EMPTY:
        return M_tech_empty;
    case REPLICA_BROKEN:
        break;
    }
    return M_tech_broken;
}

Action tech_draw_storage(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)visit;
    const Machine *machine = &data->machine;
    bool writes = stage->can_write, whole = stage->health->replica == REPLICA_READY;
    Str disk = words_with(stage, M_tech_disk_free, TXT(size_words(stage, machine->disk_free_bytes)),
                          TXT(size_words(stage, machine->disk_bytes)));
    const Known known[] = {
        {words(stage, M_tech_outbox), outbox_words(stage), writes ? TONE_OK : TONE_BAD},
        {words(stage, M_tech_content), words(stage, replica_message(stage->health->replica)),
         whole ? TONE_OK : TONE_BAD},
        {words(stage, M_tech_disk), disk, TONE_NEUTRAL},
        {words(stage, M_tech_replica_file), size_words(stage, machine->replica_bytes), TONE_NEUTRAL},
        {words(stage, M_tech_wal), size_words(stage, machine->wal_bytes), TONE_NEUTRAL},
        {words(stage, M_tech_outbox_file), size_words(stage, machine->outbox_bytes), TONE_NEUTRAL},
        {words(stage, M_tech_search_file), size_words(stage, machine->search_bytes), TONE_NEUTRAL},
        {words_with(stage, M_tech_blobs, NUM(machine->blob_count)), size_words(stage, machine->blobs_bytes),
         TONE_NEUTRAL}};
    draw_known(stage, area, STR("storage"), known, COUNT(known));
    return action_none();
}

/* ---- journal ---- */

typedef struct Happened {
    Millis at;
    Str text;
} Happened;

static int newest_first(const void *a, const void *b) {
    const Happened *x = a, *y = b;
    return (x->at < y->at) - (x->at > y->at);
}

/* syncd's troubles with the link, and this program's own. */
static size_t gather(const Stage *stage, const TechData *data, Happened *out) {
    size_t count = 0;
    for (size_t i = 0; i < data->link_count && count < JOURNAL_LINES_MAX; i++) {
        Str text = data->links[i].text;
        out[count++] = (Happened){data->links[i].at, text.len ? text : words(stage, M_tech_link_back)};
    }
    for (int i = 0; i < stage->journal->count; i++)
        out[count++] = (Happened){stage->journal->at[i].at, str_of(stage->journal->at[i].text)};
    qsort(out, count, sizeof *out, newest_first);
    return count < JOURNAL_LINES_MAX ? count : JOURNAL_LINES_MAX;
}

static Str moment_words(const Stage *stage, Millis at) {
    Str clock = say_clock(&stage->say, at);
    if (civil_same_day(at, stage->now)) return clock;
    return words_with(stage, M_date_time, TXT(say_day_short(&stage->say, at)), TXT(clock));
}

Action tech_draw_journal(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)visit;
    Ui *ui = stage->ui;
    Happened *happened = ARENA_ARRAY(stage->arena, Happened, JOURNAL_LINES_MAX + JOURNAL_MAX);
    size_t count = gather(stage, data, happened);
    if (!count) {
        Str nothing = words(stage, M_tech_journal_empty);
        ui_empty(ui, rect_make(area.x, area.y, area.w, ui_empty_height(ui, area.w, (Str){0}, nothing)),
                 "coche_cercle", (Str){0}, nothing);
        return action_none();
    }
    TableColumn columns[] = {{words(stage, M_tech_when), 2, ALIGN_LEFT},
                             {words(stage, M_tech_happened), 5, ALIGN_LEFT}};
    TableCell *cells = ARENA_ARRAY(stage->arena, TableCell, 2 * count);
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = (TableCell){.text = moment_words(stage, happened[i].at)};
        cells[2 * i + 1] = (TableCell){.text = happened[i].text};
    }
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("journal"));
    int height = ui_table(ui, scroll.content, columns, COUNT(columns), cells, (int)count);
    ui_scroll_end(ui, scroll, height, page_words(stage, STR("journal")));
    return action_none();
}

/* ---- the machine ---- */

Action tech_draw_machine(const Stage *stage, Rect area, const TechData *data, TechVisit *visit) {
    (void)data, (void)visit;
    Ui *ui = stage->ui;
    Rect foot = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, 24);
    const Glass *glass = stage->glass;
    Str millimetres = glass->width_mm
                          ? words_with(stage, M_tech_mm, NUM(glass->width_mm), NUM(glass->height_mm))
                          : words(stage, M_tech_mm_unknown);
    const Known known[] = {{words(stage, M_tech_version), str_of(stage->version), TONE_NEUTRAL},
                           {words(stage, M_tech_place), or_none(stage, stage->here->site_name), TONE_NEUTRAL},
                           {words(stage, M_tech_device), or_none(stage, stage->here->device), TONE_NEUTRAL},
                           {words(stage, M_tech_glass), millimetres, TONE_NEUTRAL},
                           {words(stage, M_tech_voice),
                            words(stage, stage->can_speak ? M_tech_installed : M_tech_not_installed),
                            TONE_NEUTRAL}};
    draw_known(stage, area, STR("machine"), known, COUNT(known));
    Button restart = {.label = words(stage, M_tech_restart), .icon = "redemarrer"};
    int width = ui_button_width(ui, restart);
    if (ui_button(ui, rect_cut_left(&foot, width < foot.w ? width : foot.w), restart))
        return (Action){.type = ACTION_RESTART};
    return action_none();
}
