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
    Rect texts = rect_make(area.x, card.y + (card.h - 108) / 2, area.w - 12, 108);
    rect_cut_top(&texts, ui_text(ui, texts, title, (TextLook){.font = FONT_S_BOLD}));
    ui_text(ui, texts, value, (TextLook){.font = FONT_S, .color = ui->theme.ink2, .max_lines = 1});
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

static bool draw_switch(const Stage *stage, Rect face, Message title, Message subtitle, const char *icon,
                        bool *on) {
    Switch row = {words(stage, title), words(stage, subtitle), icon, *on};
    bool toggled = ui_switch(stage->ui, face, row);
    if (toggled) *on = !*on;
    return toggled;
}

static bool draw_cells(const Stage *stage, Rect area, Settings *settings) {
    int columns = area.w >= 1500 ? 2 : 1, gap = stage->ui->screen.layout == LAYOUT_SMALL ? 14 : 26;
    ScrollArea scroll = ui_scroll_begin(stage->ui, area, STR("access"));
    Rect cell[CELLS];
    for (int i = 0; i < CELLS; i++) {
        cell[i] = rect_column(scroll.content, columns, i % columns, GRID);
        cell[i].y = scroll.content.y + i / columns * (CHOICE_H + EDGE + gap);
        cell[i].h = i < 2 ? CHOICE_H : SWITCH_H;
    }
    bool changed = draw_size(stage, cell[0], settings);
    changed |= draw_language(stage, cell[1], settings);
    changed |=
        draw_switch(stage, cell[2], M_contrast, M_contrast_sentence, "contraste", &settings->high_contrast);
    changed |= draw_switch(stage, cell[3], M_aloud, stage->can_speak ? M_aloud_sentence : M_aloud_not_here,
                           "lecture", &settings->read_aloud);
    changed |= draw_switch(stage, cell[4], M_reach, M_reach_sentence, "portee", &settings->reach);
    changed |= draw_switch(stage, cell[5], M_calm, M_calm_sentence, "calme", &settings->calm);
    ui_scroll_end(stage->ui, scroll, rect_bottom(cell[CELLS - 1]) + EDGE - scroll.content.y,
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
