/* Help: how this screen works, what it keeps, whom to ask. */
#include "kiosk/screens/parts.h"

static const struct {
    const char *icon;
    Message title, text;
} sections[] = {
    {"main", M_help_touch, M_help_touch_text},
    {"badge", M_help_badge, M_help_badge_text},
    {"code", M_help_code, M_help_code_text},
    {"telephone", M_help_phone, M_help_phone_text},
    {"cadenas", M_help_data, M_help_data_text},
    {"hors_ligne", M_help_offline, M_help_offline_text},
    {"accessibilite", M_help_access, M_help_access_text},
    {"personnes", M_help_ask, M_help_ask_text},
};

static int draw_section(const Stage *stage, Rect area, size_t index) {
    Ui *ui = stage->ui;
    Rect texts = area;
    rect_cut_left(&texts, 64 + 24);
    ui_icon(ui, rect_make(area.x, area.y, 64, 64), sections[index].icon, COLOR_NONE);
    int used = ui_text(ui, texts, words(stage, sections[index].title), (TextLook){.font = FONT_M_BOLD}) + 4;
    rect_cut_top(&texts, used);
    return used + ui_text(ui, texts, words(stage, sections[index].text), (TextLook){.font = FONT_S});
}

/* Beside the title, or below it where the glass is narrow. */
static Action draw_aloud(const Stage *stage, Rect top, Rect *rest) {
    Ui *ui = stage->ui;
    bool on = stage->settings->read_aloud;
    Button button = {
        .label = words(stage, on ? M_aloud_stop : M_aloud_start), .key = STR("aloud"), .icon = "lecture"};
    int width = ui_button_width(ui, button), height = ui_button_height(ui);
    int title = ui_text_width(ui, FONT_L, words(stage, M_help_title));
    Rect face = rect_make(rect_right(top) - width, top.y, width, height);
    if (title + width + GRID > top.w) {
        face = rect_make(rest->x, rest->y, width, height);
        rect_cut_top(rest, height + EDGE + HALF);
    } else if (rest->y < face.y + height + EDGE + HALF) {
        rect_cut_top(rest, face.y + height + EDGE + HALF - rest->y);
    }
    if (!ui_button(ui, face, button)) return action_none();
    Settings settings = *stage->settings;
    settings.read_aloud = !on;
    return (Action){.type = ACTION_SETTINGS, .settings = settings};
}

static Action draw(const Stage *stage, void *state, const void *data) {
    (void)state;
    (void)data;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, 12);
    Rect top = area;
    area = draw_heading(stage, area, words(stage, M_help_title), (Str){0});
    Action action = draw_aloud(stage, top, &area);
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("help"));
    int columns = scroll.content.w > 1200 ? 2 : 1, y = scroll.content.y;
    for (size_t i = 0; i < COUNT(sections); i += (size_t)columns) {
        int tallest = 0;
        for (int c = 0; c < columns && i + (size_t)c < COUNT(sections); c++) {
            Rect cell = rect_column(scroll.content, columns, c, 64);
            cell.y = y;
            int height = draw_section(stage, cell, i + (size_t)c);
            tallest = height > tallest ? height : tallest;
        }
        y += tallest + 36;
    }
    ui_scroll_end(ui, scroll, y - scroll.content.y, page_words(stage, STR("help")));
    return action;
}

const ScreenKind screen_help = {.name = "help", .draw = draw};
