/* Text size, contrast, calm, reach, language: for this visit, forgotten with it. */
#include "kiosk/screens/parts.h"

enum { CHOICE_H = 172, SWITCH_H = 156, TAB_ROW_H = 116, CELLS = 6 };

/* A card whose choice is made with tabs; the index touched, or -1. */
static int draw_choice(const Stage *stage, Rect card, const char *icon, Str title, Str value,
                       const Str *labels, int selected) {
    Ui *ui = stage->ui;
    ui_card(ui, card);
    Rect area = rect_inset_xy(card, 32, 0);
    int tabs_w = ui_tabs_width(ui, labels, 2), words_w = ui_widest_word(ui, FONT_S_BOLD, title) + 24;
    if (104 + words_w + tabs_w <= area.w) {
        ui_icon(ui, rect_make(area.x, card.y + (card.h - 76) / 2, 76, 76), icon, COLOR_NONE);
        rect_cut_left(&area, 104);
    }
    Rect tabs = rect_cut_right(&area, tabs_w);
    int touched = ui_tabs(ui, rect_centered(tabs, tabs_w, TROUGH_H), labels, 2, selected);
    TextLook bold = {.font = FONT_S_BOLD}, plain = {.font = FONT_S, .color = ui->theme.ink2};
    Rect texts = rect_make(area.x, card.y, area.w - 12, card.h);
    int title_h = ui_text_height(ui, texts.w, title, bold),
        value_h = ui_text_height(ui, texts.w, value, plain);
    bool told = title_h + value_h + HALF <= card.h; /* the tabs say it too */
    rect_cut_top(&texts, (card.h - title_h - (told ? value_h : 0)) / 2);
    rect_cut_top(&texts, ui_text(ui, texts, title, bold));
    if (told) ui_text(ui, texts, value, plain);
    return touched >= 0 && touched != selected ? touched : -1;
}

static bool draw_size(const Stage *stage, Rect card, Settings *settings) {
    Str labels[] = {words(stage, M_size_normal_short), words(stage, M_size_large_short)};
    Str value = words(stage, settings->larger_text ? M_size_large : M_size_normal);
    int touched =
        draw_choice(stage, card, "texte", words(stage, M_size), value, labels, settings->larger_text ? 1 : 0);
    if (touched >= 0) settings->larger_text = touched == 1;
    return touched >= 0;
}

static bool draw_language(const Stage *stage, Rect card, Settings *settings) {
    Str labels[] = {STR("Français"), STR("English")};
    int touched = draw_choice(stage, card, "langue", words(stage, M_language), words(stage, M_language_name),
                              labels, (int)settings->lang);
    if (touched >= 0) settings->lang = (Lang)touched;
    return touched >= 0;
}

/* The cells in reading order: two choices, then what is on or off. */
typedef struct Cells {
    Switch row[CELLS];
    Rect rect[CELLS];
} Cells;

/* Cells side by side are as high as the higher one needs. */
static void place_cells(Ui *ui, Rect area, Cells *cells) {
    int columns = area.w >= 1500 ? 2 : 1, gap = ui->screen.layout == LAYOUT_SMALL ? 14 : 26, y = area.y;
    for (int first = 0; first < CELLS; first += columns) {
        int height = first < 2 ? CHOICE_H : SWITCH_H;
        for (int i = first; i < first + columns; i++) {
            cells->rect[i] = rect_column(area, columns, i - first, GRID);
            int needed = i < 2 ? CHOICE_H : ui_switch_height(ui, cells->rect[i].w, cells->row[i]);
            if (needed > height) height = needed;
        }
        for (int i = first; i < first + columns; i++) cells->rect[i].y = y, cells->rect[i].h = height;
        y += (height > CHOICE_H ? height : CHOICE_H) + EDGE + gap;
    }
}

static Switch switch_of(const Stage *stage, Message title, Message subtitle, const char *icon, bool on) {
    return (Switch){words(stage, title), words(stage, subtitle), icon, on};
}

static bool draw_cells(const Stage *stage, Rect area, Settings *settings) {
    bool *values[CELLS] = {
        NULL, NULL, &settings->high_contrast, &settings->read_aloud, &settings->reach, &settings->calm};
    Message aloud = stage->can_speak ? M_aloud_sentence : M_aloud_not_here;
    Cells cells = {{{.on = false},
                    {.on = false},
                    switch_of(stage, M_contrast, M_contrast_sentence, "contraste", *values[2]),
                    switch_of(stage, M_aloud, aloud, "lecture", *values[3]),
                    switch_of(stage, M_reach, M_reach_sentence, "portee", *values[4]),
                    switch_of(stage, M_calm, M_calm_sentence, "calme", *values[5])},
                   {{0}}};
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, STR("access"));
    place_cells(stage->ui, scroll.content, &cells);
    bool changed = draw_size(stage, cells.rect[0], settings);
    changed |= draw_language(stage, cells.rect[1], settings);
    for (int i = 2; i < CELLS; i++) {
        if (!ui_switch(stage->ui, cells.rect[i], cells.row[i])) continue;
        *values[i] = !*values[i];
        changed = true;
    }
    ui_scroll_end(stage->ui, scroll, rect_bottom(cells.rect[CELLS - 1]) + EDGE - scroll.content.y,
                  page_words(stage, STR("access")));
    return changed;
}

static Action draw(const Stage *stage, void *state, const void *data) {
    (void)state;
    (void)data;
    Ui *ui = stage->ui;
    Action action = action_none();
    Settings settings = *stage->settings;
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    rect_cut_top(&area, draw_title(stage, area, words(stage, M_access_title)) + 20);
    Rect foot = rect_cut_bottom(&area, ui_button_height(ui));
    rect_cut_bottom(&area, 24);
    Button done = {.kind = BUTTON_PRIMARY, .label = words(stage, M_access_done)};
    int width = area.w >= 1500 ? 560 : ui_button_width(ui, done);
    if (ui_button(ui, rect_cut_right(&foot, width), done)) action.type = ACTION_BACK;
    rect_cut_right(&foot, GRID);
    ui_text_middle(ui, foot, words(stage, M_access_forgotten),
                   (TextLook){.font = FONT_S, .color = ui->theme.ink2, .tight = true});
    if (ui->theme.choice.reach) rect_cut_top(&area, ui->screen.layout == LAYOUT_PORTRAIT ? 500 : 0);
    if (draw_cells(stage, area, &settings)) action = (Action){.type = ACTION_SETTINGS, .settings = settings};
    return action;
}

const ScreenKind screen_access = {.name = "access", .draw = draw};
