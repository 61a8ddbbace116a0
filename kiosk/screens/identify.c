/* Who stands here: a badge, or a name and a code on the keyboard of the screen. Who and why is said in one
 * sentence. */
#include "kiosk/screens/parts.h"

enum { CODE_DIGITS = 6, CODE_MAX = 12, NAME_MAX = 60, CODE_W = 900 };

typedef enum IdentifyStep { STEP_BADGE, STEP_NAME, STEP_CODE, STEP_SERVICE } IdentifyStep;

typedef struct Identify {
    Str event_title; /* of the event it is about */
    const Str *services;
    Str *service_names;
    size_t service_count;
} Identify;

typedef struct IdentifyVisit {
    IdentifyStep step;
    bool service_asked;
    char service[ID_MAX + 1];
} IdentifyVisit;

#define NAME_KEY STR("name")
#define CODE_KEY STR("code")

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Identify *data = out;
    const Told *told = stage->told;
    data->service_count = told->service_count;
    data->service_names = ARENA_ARRAY(stage->arena, Str, told->service_count + 1);
    data->services = told->services;
    for (size_t i = 0; i < told->service_count; i++) {
        Str name = service_name(stage, told->services[i]);
        data->service_names[i] = name.len ? name : told->services[i];
    }
    if (stage->deed->purpose != PURPOSE_REGISTER && stage->deed->purpose != PURPOSE_CANCEL) return OK;
    EventInfo info;
    TRY(event_get(stage, stage->deed->subject, &info, err));
    data->event_title = info.title;
    return OK;
}

static Str purpose_words(const Stage *stage, const Identify *data) {
    switch (stage->deed->purpose) {
    case PURPOSE_REGISTER:
        return words_with(stage, M_purpose_register, TXT(data->event_title));
    case PURPOSE_CANCEL:
        return words_with(stage, M_purpose_cancel, TXT(data->event_title));
    case PURPOSE_TICK:
        return words(stage, M_purpose_tick);
    case PURPOSE_SPACE:
    case PURPOSE_NONE:
        break;
    }
    return words(stage, M_purpose_space);
}

static Str trouble_words(const Stage *stage) {
    const Told *told = stage->told;
    if (!told->tried) return (Str){0};
    if (told->failed) return words(stage, M_identify_failed);
    if (told->no_code) return words(stage, M_identify_no_code);
    if (told->result == IDENTIFY_LOCKED)
        return words_with(stage, M_identify_locked,
                          TXT(say_time(&stage->say, told->locked_until + MINUTE_MS)));
    if (told->result == IDENTIFY_UNKNOWN) return words(stage, told->badge ? M_badge_unknown : M_name_unknown);
    return (Str){0};
}

/* ---- the badge ---- */

static void draw_badge_panel(const Stage *stage, Rect panel, const Identify *data) {
    Ui *ui = stage->ui;
    const Theme *theme = &ui->theme;
    ui_fill(ui, panel, theme->accent);
    Rect area = rect_inset_xy(panel, ui_margin(ui), GRID);
    rect_cut_top(&area, ui_text(ui, area, words(stage, M_show_badge),
                                (TextLook){.font = FONT_L, .color = theme->on_accent}) +
                            12);
    rect_cut_top(&area, ui_text(ui, area, purpose_words(stage, data),
                                (TextLook){.font = FONT_S, .color = theme->on_accent}));
    Str reader = words(stage, M_reader_is_below), number_only = words(stage, M_badge_number_only);
    TextLook look = {.font = FONT_S, .color = theme->on_accent2};
    int reader_h = ui_fact_height(ui, area.w, reader, true);
    if (reader_h > area.h) return;
    ui_fact(ui, rect_cut_bottom(&area, reader_h), "chev_bas", reader, true, theme->on_accent);
    if (ui_text_height(ui, area.w, number_only, look) > area.h) return;
    rect_cut_top(&area, ui_text(ui, area, number_only, look));
    rect_cut_top(&area, HALF);
    if (area.h > 140)
        ui_picture(
            ui, area,
            (Picture){.name = STR("art-badge.svg"), .spoken = words(stage, M_badge_art), .fit = FIT_CONTAIN});
}

/* « Vous n’avez pas de badge ? » and what to do then, as far as there is room. */
static void draw_no_badge(const Stage *stage, Rect *area) {
    Ui *ui = stage->ui;
    TextLook bold = {.font = FONT_M_BOLD}, plain = {.font = FONT_S};
    Str title = words(stage, M_no_badge), sentence = words(stage, M_no_badge_sentence);
    int room = area->h - ui_button_height(ui) - EDGE;
    int title_h = ui_text_height(ui, area->w, title, bold) + 12;
    int sentence_h = ui_text_height(ui, area->w, sentence, plain) + 24;
    if (title_h > room) return;
    rect_cut_top(area, ui_text(ui, *area, title, bold) + 12);
    if (title_h + sentence_h <= room) rect_cut_top(area, ui_text(ui, *area, sentence, plain) + 24);
}

static int other_way_least(const Stage *stage, int width) {
    Str trouble = trouble_words(stage);
    int banner = trouble.len ? ui_banner_height(stage->ui, width, (Str){0}, trouble) + 24 : 0;
    return banner + 2 * (ui_button_height(stage->ui) + EDGE) + 24;
}

static void draw_other_way(const Stage *stage, Rect area, IdentifyVisit *visit, Action *action) {
    Ui *ui = stage->ui;
    Rect cancel = rect_cut_bottom(&area, ui_button_height(ui));
    if (ui_button(ui, cancel, (Button){.label = words(stage, M_cancel)})) action->type = ACTION_BACK;
    rect_cut_bottom(&area, 24);
    Str trouble = trouble_words(stage);
    if (trouble.len) rect_cut_top(&area, ui_banner(ui, area, BANNER_ERROR, (Str){0}, trouble) + 24);
    draw_no_badge(stage, &area);
    Rect button = rect_cut_top(&area, ui_button_height(ui));
    if (ui_button(ui, button, (Button){.label = words(stage, M_name_and_code), .icon = "code"}))
        visit->step = STEP_NAME;
    rect_cut_top(&area, EDGE + 36);
    int needed = ui_fact_height(ui, area.w, words(stage, M_code_lost), false) + 30;
    if (area.h < needed) return;
    ui_separator(ui, area.x, area.y, area.w);
    rect_cut_top(&area, 30);
    ui_fact(ui, area, "cadenas", words(stage, M_code_lost), false, COLOR_NONE);
}

/* Where the words need the whole width. */
static void draw_badge_trouble(const Stage *stage, IdentifyVisit *visit, Action *action) {
    Rect body = page_body(stage);
    rect_cut_top(&body, HALF);
    rect_cut_top(&body, draw_title(stage, body, words(stage, M_show_badge)) + HALF);
    ui_banner(stage->ui, body, BANNER_ERROR, (Str){0}, trouble_words(stage));
    Button row[] = {{.label = words(stage, M_cancel)},
                    {.label = words(stage, M_name_and_code), .icon = "code"}};
    int touched = draw_buttons(stage, rect_cut_bottom(&body, ui_button_height(stage->ui)), row, COUNT(row));
    if (touched == 0) action->type = ACTION_BACK;
    if (touched == 1) visit->step = STEP_NAME;
}

static void draw_badge_step(const Stage *stage, const Identify *data, IdentifyVisit *visit, Action *action) {
    Ui *ui = stage->ui;
    Rect content = ui_content(ui), panel = content, body = page_body(stage);
    if (ui->screen.layout == LAYOUT_PORTRAIT) {
        panel.h = content.h * 54 / 100;
        rect_cut_top(&body, rect_bottom(panel) + GRID - body.y);
    } else {
        panel.w = content.w * 55 / 100;
        rect_cut_left(&body, rect_right(panel) + (ui->screen.layout == LAYOUT_SMALL ? GRID : 64) - body.x);
        rect_cut_top(&body, ui->screen.layout == LAYOUT_SMALL ? HALF : 28);
    }
    if (other_way_least(stage, body.w) > body.h) {
        draw_badge_trouble(stage, visit, action);
        return;
    }
    draw_badge_panel(stage, panel, data);
    draw_other_way(stage, body, visit, action);
}

/* ---- name and code ---- */

static Rect draw_asking(const Stage *stage, Rect area, Str title, Str sentence, Action *action) {
    Ui *ui = stage->ui;
    Button cancel = {.label = words(stage, M_cancel)};
    int width = ui_button_width(ui, cancel);
    rect_cut_top(&area, 12);
    Rect corner = rect_make(rect_right(area) - width, area.y + 8, width, ui_button_height(ui));
    if (ui_button(ui, corner, cancel)) action->type = ACTION_BACK;
    Rect texts = rect_make(area.x, area.y, area.w - width - GRID, area.h);
    Str trouble = trouble_words(stage);
    int used = draw_title(stage, texts, title) + 4;
    rect_cut_top(&texts, used);
    TextLook look = {.font = trouble.len ? FONT_S_BOLD : FONT_S,
                     .color = trouble.len ? ui->theme.bad : ui->theme.ink2};
    used += ui_text(ui, texts, trouble.len ? trouble : sentence, look);
    if (used < ui_button_height(ui) + 14) used = ui_button_height(ui) + 14;
    rect_cut_top(&area, used + HALF);
    return area;
}

static void draw_written(const Stage *stage, Rect rect, const Keyboard *keyboard, Field field) {
    if (keyboard->kind == KEYBOARD_CODE)
        ui_code_dots(stage->ui, rect, field.key, CODE_DIGITS);
    else
        ui_field(stage->ui, rect, field);
}

typedef struct Typing {
    Str title, sentence;
    Keyboard keyboard;
    Field field;
} Typing;

/* A small screen has room for one line above the keys: what is asked stands in the field itself. */
static Rect draw_line_small(const Stage *stage, Rect area, Typing *typing, Action *action) {
    Ui *ui = stage->ui;
    Button cancel = {.label = words(stage, M_cancel)};
    rect_cut_top(&area, 10);
    Rect row = rect_cut_top(&area, FIELD_H);
    Rect corner = rect_cut_right(&row, ui_button_width(ui, cancel));
    if (ui_button(ui, rect_make(corner.x, corner.y + 9, corner.w, ui_button_height(ui)), cancel))
        action->type = ACTION_BACK;
    rect_cut_right(&row, 24);
    Str trouble = trouble_words(stage);
    typing->field.wrong = trouble.len > 0;
    if (typing->keyboard.kind == KEYBOARD_TEXT) {
        typing->field.placeholder = typing->title;
        ui_field(ui, row, typing->field);
        return area;
    }
    Str asked = trouble.len ? trouble : typing->title;
    TextLook look = {
        .font = FONT_S_BOLD, .color = trouble.len ? ui->theme.bad : ui->theme.ink, .tight = true};
    ui_text_middle(ui, rect_cut_left(&row, row.w * 58 / 100), asked, look);
    draw_written(stage, row, &typing->keyboard, typing->field);
    return area;
}

static bool draw_typing(const Stage *stage, Typing *typing, Action *action) {
    Ui *ui = stage->ui;
    bool small = ui->screen.layout == LAYOUT_SMALL, code = typing->keyboard.kind == KEYBOARD_CODE;
    Rect area = page_body(stage);
    area = small ? draw_line_small(stage, area, typing, action)
                 : draw_asking(stage, area, typing->title, typing->sentence, action);
    if (code && area.w > CODE_W) area = rect_centered(area, CODE_W, area.h);
    int keys_h = ui_keyboard_height(ui, typing->keyboard.kind);
    Rect keys = rect_cut_bottom(&area, keys_h < area.h ? keys_h : area.h);
    if (!small) draw_written(stage, rect_cut_top(&area, FIELD_H), &typing->keyboard, typing->field);
    return ui_keyboard(ui, keys, typing->keyboard) == KEYBOARD_DONE;
}

static void draw_name_step(const Stage *stage, IdentifyVisit *visit, Action *action) {
    Ui *ui = stage->ui;
    Field field = {.key = NAME_KEY, .label = words(stage, M_your_name), .icon = "personne", .in_use = true};
    Keyboard keyboard = {.kind = KEYBOARD_TEXT,
                         .field = NAME_KEY,
                         .done_label = words(stage, M_continue),
                         .done_off = ui_field_text(ui, NAME_KEY).len < 2,
                         .max_bytes = NAME_MAX,
                         .capitals = true};
    Typing typing = {words(stage, M_your_name), words(stage, M_your_name_sentence), keyboard, field};
    if (draw_typing(stage, &typing, action)) visit->step = STEP_CODE;
}

static Action identify_action(const Stage *stage, const IdentifyVisit *visit) {
    bool besides = stage->session->open; /* the badge was shown before: the code alone is asked */
    return (Action){.type = ACTION_IDENTIFY,
                    .name = besides ? (Str){0} : str_copy(stage->arena, ui_field_text(stage->ui, NAME_KEY)),
                    .service = str_of(visit->service[0] ? visit->service : NULL),
                    .code = str_copy(stage->arena, ui_field_text(stage->ui, CODE_KEY))};
}

static void draw_code_step(const Stage *stage, IdentifyVisit *visit, Action *action) {
    Ui *ui = stage->ui;
    bool besides = stage->session->open;
    Str sentence = besides ? words_with(stage, M_your_code_space, TXT(stage->session->greeting))
                           : words(stage, M_your_code_sentence);
    Keyboard keyboard = {.kind = KEYBOARD_CODE,
                         .field = CODE_KEY,
                         .done_label = words(stage, M_continue),
                         .done_off = ui_field_text(ui, CODE_KEY).len < CODE_DIGITS,
                         .max_bytes = CODE_MAX};
    Field field = {.key = CODE_KEY, .label = words(stage, M_your_code), .in_use = true};
    Typing typing = {words(stage, M_your_code), sentence, keyboard, field};
    if (draw_typing(stage, &typing, action)) *action = identify_action(stage, visit);
}

/* ---- two people of one name ---- */

static void service_row(const Stage *stage, const void *rows, size_t index, ListRow *out) {
    (void)stage;
    const Identify *data = rows;
    *out = (ListRow){.title = data->service_names[index],
                     .key = data->services[index],
                     .icon = "personnes",
                     .icon_right = "chev_droite"};
}

static void draw_service_step(const Stage *stage, const Identify *data, IdentifyVisit *visit,
                              Action *action) {
    Rect area = draw_asking(stage, page_body(stage), words(stage, M_your_service),
                            words(stage, M_your_service_sentence), action);
    RowList list = {STR("services"), data->service_count, service_row, data};
    int touched = draw_rows(stage, area, &list);
    if (touched < 0) return;
    const char *id = str_cstr(stage->arena, str_first(data->services[touched], ID_MAX));
    for (size_t i = 0; i <= ID_MAX; i++) {
        visit->service[i] = id[i];
        if (!id[i]) break;
    }
    visit->step = STEP_CODE;
    visit->service_asked = true;
    *action = identify_action(stage, visit);
}

static IdentifyStep step_of(const Stage *stage, const IdentifyVisit *visit) {
    if (stage->session->open) return STEP_CODE;
    if (stage->told->result == IDENTIFY_WHICH_SERVICE && !visit->service_asked) return STEP_SERVICE;
    return visit->step;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const Identify *data = in;
    IdentifyVisit *visit = state;
    Action action = action_none();
    switch (step_of(stage, visit)) {
    case STEP_BADGE:
        draw_badge_step(stage, data, visit, &action);
        break;
    case STEP_NAME:
        draw_name_step(stage, visit, &action);
        break;
    case STEP_CODE:
        draw_code_step(stage, visit, &action);
        break;
    case STEP_SERVICE:
        draw_service_step(stage, data, visit, &action);
        break;
    }
    return action;
}

const ScreenKind screen_identify = {
    .name = "identify",
    .state_size = sizeof(IdentifyVisit),
    .data_size = sizeof(Identify),
    .reads = KIND_BIT(K_event) | KIND_BIT(K_service),
    .load = load,
    .draw = draw,
    .secret = true,
};
