/* For the technician: the link, what waits, what is wrong, the pairing, the version. Four corners in order
 * open it. */
#include "kiosk/screens/parts.h"

static Str contact_words(const Stage *stage) {
    Millis last = stage->health->last_contact;
    return last == INT_ABSENT ? words(stage, M_tech_never) : say_moment(&stage->say, last);
}

static Str replica_words(const Stage *stage) {
    switch (stage->health->replica) {
    case REPLICA_READY:
        return words(stage, M_tech_ready);
    case REPLICA_MISSING:
        return words(stage, M_tech_missing);
    case REPLICA_EMPTY:
        return words(stage, M_tech_empty);
    case REPLICA_BROKEN:
        break;
    }
    return words(stage, M_tech_broken);
}

static Str outbox_words(const Stage *stage) {
    const OutboxAside *aside = &stage->health->aside;
    if (stage->health->outbox_status == OK && aside->number)
        return words_with(stage, M_tech_aside, NUM(aside->ops), NUM(aside->number));
    if (stage->health->outbox_status == OK) return words(stage, M_tech_writable);
    if (stage->health->outbox_status == E_FULL) return words(stage, M_tech_full);
    return words(stage, stage->health->outbox_status == E_READONLY ? M_tech_readonly : M_tech_broken);
}

static void draw_figures(const Stage *stage, Rect row) {
    bool narrow = row.w < 1500;
    int columns = narrow ? 1 : 3;
    Str link = words(stage, stage->health->online ? M_tech_online : M_tech_offline);
    struct {
        Str figure, caption;
    } figures[] = {{say_number(&stage->say, stage->health->pending_ops), words(stage, M_tech_pending)},
                   {contact_words(stage), words(stage, M_tech_contact)},
                   {link, words(stage, M_tech_link)}};
    for (int i = 0; i < 3; i++) {
        Rect cell = narrow ? rect_row(row, 3, i, HALF) : rect_column(row, columns, i, GRID);
        ui_figure(stage->ui, cell, figures[i].figure, figures[i].caption);
    }
}

static int draw_table(const Stage *stage, Rect area) {
    const ViewHealth *health = stage->health;
    Str none = words(stage, M_tech_none), site = stage->here->site_name.len ? stage->here->site_name : none;
    Str device = stage->here->device.len ? stage->here->device : none;
    Str error = health->last_error[0]     ? str_of(health->last_error)
                : health->replica_text[0] ? str_of(health->replica_text)
                                          : none;
    Str pairing = health->pairing_code[0] ? str_of(health->pairing_code) : none;
    TableColumn columns[] = {{words(stage, M_tech_what), 1, ALIGN_LEFT},
                             {words(stage, M_tech_state), 2, ALIGN_LEFT}};
    TableCell cells[] = {{.text = words(stage, M_tech_content)}, {.text = replica_words(stage)},
                         {.text = words(stage, M_tech_outbox)},  {.text = outbox_words(stage)},
                         {.text = words(stage, M_tech_place)},   {.text = site},
                         {.text = words(stage, M_tech_device)},  {.text = device},
                         {.text = words(stage, M_tech_pairing)}, {.text = pairing},
                         {.text = words(stage, M_tech_error)},   {.text = error},
                         {.text = words(stage, M_tech_version)}, {.text = str_of(stage->version)}};
    return ui_table(stage->ui, area, columns, COUNT(columns), cells, (int)(COUNT(cells) / 2));
}

static Action draw(const Stage *stage, void *state, const void *data) {
    (void)state;
    (void)data;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, words(stage, M_tech_title), (Str){0});
    Rect foot = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, 24);
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("technician"));
    Rect at = scroll.content;
    draw_figures(stage, rect_cut_top(&at, at.w < 1500 ? 3 * 164 + 2 * HALF : 164));
    rect_cut_top(&at, GRID);
    rect_cut_top(&at, draw_table(stage, at));
    ui_scroll_end(ui, scroll, at.y - scroll.content.y, page_words(stage, STR("technician")));
    Button sync = {.kind = BUTTON_PRIMARY,
                   .label = words(stage, M_tech_sync_now),
                   .icon = "sync",
                   .disabled = !stage->can_write};
    int width = ui_button_width(ui, sync);
    if (ui_button(ui, rect_cut_left(&foot, width < foot.w ? width : foot.w), sync))
        return (Action){.type = ACTION_REQUEST, .arg = STR("sync")};
    return action_none();
}

const ScreenKind screen_technician = {
    .name = "technician", .reads = KIND_SET_ALL, .by_minute = true, .draw = draw};
